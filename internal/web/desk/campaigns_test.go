package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// autumn is a filled form that nothing is wrong with.
func autumn() url.Values {
	return url.Values{
		"code": {"mehr-10"}, "name": {"مهرگان"}, "percent": {"۱۰"}, "starts_on": {"۱۴۰۵/۰۷/۱۳"}, "ends_on": {"۱۴۰۵/۰۷/۲۰"},
		"ends_at": {"۱۸:۳۰"}, "audience": {"tiers"}, "tiers": {"gold", "silver"}, "families": {"games"},
		"services": {"hotel-booking"}, "max_uses": {"۱۰۰"},
	}
}

func (b *browser) postForm(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	form.Set("_csrf", b.word())
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(t, request)
}

// A campaign is begun, shown in both languages, and ended.
func TestRunningACampaign(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Finance)
	b.get(t, "/desk/campaigns").must(t, http.StatusOK).has(t, ".empty", "a[href='/desk/campaigns/new']")
	form := b.get(t, "/desk/campaigns/new").must(t, http.StatusOK)
	form.has(t, "[name=code]", "[name=audience][value=everyone][checked]", "[name=tiers][value=gold]", "[name=services][value=steam-wallet]", "[name=families][value=travel]")
	if today, _ := form.Find("[name=starts_on]").Attr("value"); today != "۱۴۰۵/۰۷/۱۳" {
		t.Errorf("it begins on %q", today)
	}
	b.postForm(t, "/desk/campaigns", autumn()).leadsTo(t, "/desk/campaigns/1")
	for lang, want := range map[i18n.Lang][]string{
		i18n.FA: {"مهرگان", "۱۰٪", "۱۴۰۵/۰۷/۲۰ ۱۸:۳۰", "طلایی، نقره‌ای", "۱۰۰", "در جریان"},
		i18n.EN: {"مهرگان", "10%", "2026-10-12 18:30", "Gold, Silver", "100", "Running"},
	} {
		page := b.in(lang).get(t, "/desk/campaigns/1").must(t, http.StatusOK)
		page.has(t, "dialog#end form[action='/desk/campaigns/1/end']", "[data-open='#end']", ".empty")
		for _, words := range want {
			if !strings.Contains(page.text("main"), words) {
				t.Errorf("%s: %q is missing: %s", lang, words, page.text("main"))
			}
		}
		list := b.get(t, "/desk/campaigns").must(t, http.StatusOK)
		list.has(t, "tr[data-campaign=running] a[href='/desk/campaigns/1']", "nav a[href='/desk/campaigns'][aria-current=page]")
	}
	b.post(t, "/desk/campaigns/1/end").leadsTo(t, "/desk/campaigns/1")
	ended := b.get(t, "/desk/campaigns/1").must(t, http.StatusOK)
	ended.lacks(t, "dialog#end", "[data-open='#end']")
	if !strings.Contains(ended.text("main"), w.Finance.Name) {
		t.Error("nobody ended it")
	}
	again := b.post(t, "/desk/campaigns/1/end").must(t, http.StatusConflict)
	again.has(t, ".notice-error")
	b.get(t, "/desk/campaigns/2").must(t, http.StatusNotFound)
	b.get(t, "/desk/campaigns/x").must(t, http.StatusNotFound)

	auditor := signedIn(t, w, newApp(w), w.Auditor)
	auditor.get(t, "/desk/campaigns").must(t, http.StatusOK).lacks(t, "a[href='/desk/campaigns/new']")
	auditor.get(t, "/desk/campaigns/1").must(t, http.StatusOK)
}

// A refused form says what is wrong beside the field and above, and keeps
// what was typed.
func TestACampaignRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor)
	for _, lang := range i18n.Langs() {
		form := autumn()
		form.Set("code", "تخفیف")
		form.Set("percent", "۱۲۰")
		form.Set("ends_on", "۱۴۰۵/۰۷/۰۱")
		form.Set("mobiles", "<script>")
		form.Set("max_uses", "many")
		page := b.in(lang).postForm(t, "/desk/campaigns", form).must(t, http.StatusUnprocessableEntity)
		for _, name := range []string{"code", "percent", "ends_on", "max_uses"} {
			page.has(t, "#f-"+name+"-error", "#f-"+name+"[aria-invalid=true]", ".notice-error a[href='#f-"+name+"']")
		}
		page.lacks(t, "#f-name-error", "#f-mobiles-error")
		page.has(t, "[name=tiers][value=gold][checked]", "[name=tiers][value=silver][checked]", "[name=services][value=hotel-booking][checked]",
			"[name=families][value=games][checked]", "[name=audience][value=tiers][checked]", "details[open] [name=services]")
		if value, _ := page.Find("[name=code]").Attr("value"); value != "تخفیف" {
			t.Errorf("the code is now %q", value)
		}
		if text := page.text("[name=mobiles]"); text != "<script>" {
			t.Errorf("the numbers are now %q", text)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM campaigns"); n != 0 {
		t.Errorf("%d campaigns began", n)
	}
}

// The page of a code names the orders that used it, and what that has cost.
func TestOrdersOfACampaign(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	id, err := w.House.Campaigns.Create(t.Context(), w.Finance, campaigns.Form{
		Code: "TEN", Name: "ten", Percent: "10", StartsOn: "1405/07/01", EndsOn: "1405/08/01", Audience: "everyone",
	})
	testworld.Must(t, err)
	visitor := w.Visitor(t)
	steam, err := w.House.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	testworld.Must(t, w.House.Carts.Add(t.Context(), sample.Owner(visitor), steam, sample.Answers("steam-wallet", w.Clock.Now())))
	testworld.Must(t, w.House.Carts.SetCode(t.Context(), sample.Owner(visitor), "ten"))
	placed := w.PlacedBy(t, visitor, w.Someone())

	b := signedIn(t, w, newApp(w), w.Finance)
	page := b.in(i18n.EN).get(t, "/desk/campaigns/1").must(t, http.StatusOK)
	if !strings.Contains(page.text("main"), "End of 2026-10-23") {
		t.Errorf("no end: %s", page.text("main"))
	}
	if n := page.count("tbody#uses tr"); id != 1 || n != 2 {
		t.Fatalf("%d orders of campaign %d: %s", n, id, page.text("main"))
	}
	for _, o := range placed.Orders {
		page.has(t, "#use-"+o.Code+" a[href='/desk/orders/"+o.Code+"']")
	}
	first := page.text("#use-" + placed.Orders[0].Code + " td.num")
	if first == "" || first == i18n.EN.Toman(0) {
		t.Errorf("it took %q off", first)
	}
	if cost := page.text("#cost"); !strings.HasPrefix(cost, "2 orders") || strings.Contains(cost, " 0 ") {
		t.Errorf("in all: %q", cost)
	}
	testworld.Must(t, w.House.Checkout.Cancel(t.Context(), w.Operator, placed.Orders[0], "changed my mind"))
	page = b.get(t, "/desk/campaigns/1").must(t, http.StatusOK)
	if cost := page.text("#cost"); !strings.HasPrefix(cost, "0 orders, "+i18n.EN.Toman(0)) {
		t.Errorf("after it was cancelled: %q", cost)
	}
	if !strings.Contains(page.text("#use-"+placed.Orders[1].Code), i18n.EN.T("campaigns.released")) {
		t.Error("the code was not given back")
	}
}
