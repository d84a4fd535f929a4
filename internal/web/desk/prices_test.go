package desk_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// Finance changes a fee, sees what an order would cost, publishes, and goes
// back to what held before.
func TestChangingTheTariff(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Finance)
	for lang, want := range map[i18n.Lang][]string{
		i18n.FA: {"کارمزد و تخفیف", "نسخهٔ ۱", "همهٔ خدمت‌ها", "تخفیف سفارش گروهی"},
		i18n.EN: {"Fees and discounts", "Version 1", "All services", "Several orders at once"},
	} {
		page := b.in(lang).get(t, "/desk/prices").must(t, http.StatusOK)
		page.has(t, "tr[data-rule]", "[data-version='1']", "a[href='/desk/prices/draft']")
		for _, words := range want {
			if !strings.Contains(page.text("main"), words) {
				t.Errorf("%s: %q is missing", lang, words)
			}
		}
	}
	b.in(i18n.EN)
	draft := b.get(t, "/desk/prices/draft").must(t, http.StatusOK)
	draft.lacks(t, "form[action='/desk/prices/draft/publish']")
	b.postForm(t, "/desk/prices/draft/rules", steamRule(draft.revision(t))).leadsTo(t, "/desk/prices/draft")

	draft = b.get(t, "/desk/prices/draft?service=steam-wallet&amount=50&currency=USD&orders=1").must(t, http.StatusOK)
	now, then := draft.text("[data-now]"), draft.text("[data-then]")
	if now == "" || now == then {
		t.Errorf("50 USD cost %q now and %q under the draft", now, then)
	}
	if first := draft.text("#rule-0"); !strings.Contains(first, "Steam wallet") || !strings.Contains(first, "7.5%") || !strings.Contains(first, "120,000") {
		t.Errorf("the first rule is %q", first)
	}
	form := b.get(t, "/desk/prices/draft/rules/0").must(t, http.StatusOK)
	form.has(t, "[name=services][value=steam-wallet][checked]", "[name='steps.2.from'][value='10,000,000']", "[name='steps.2.percent'][value='6']", "[name='costs.1.fa'][value='هزینهٔ کارت']")

	b.post(t, "/desk/prices/draft/publish", "revision", draft.revision(t), "note", "استیم گران‌تر شد").leadsTo(t, "/desk/prices")
	page := b.get(t, "/desk/prices").must(t, http.StatusOK)
	if got := page.text("[data-version='2']"); !strings.Contains(got, "استیم گران‌تر شد") || !strings.Contains(got, w.Finance.Name) {
		t.Errorf("version 2 says %q", got)
	}
	b.post(t, "/desk/prices/versions/1/rollback", "note", "نه").leadsTo(t, "/desk/prices")
	if got := b.get(t, "/desk/prices").text("#rule-0"); strings.Contains(got, "7.5%") {
		t.Errorf("after going back the first rule is %q", got)
	}
	if got := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb IN ('tariff.publish', 'tariff.rollback')"); got != 2 {
		t.Errorf("%d deeds are on record", got)
	}
}

func steamRule(revision string) url.Values {
	return url.Values{
		"revision": {revision}, "services": {"steam-wallet"}, "min": {"۱۲۰٬۰۰۰"},
		"steps.1.from": {"0"}, "steps.1.fixed": {"50000"}, "steps.1.percent": {"۷٫۵"},
		"steps.2.from": {"10,000,000"}, "steps.2.percent": {"6"},
		"costs.1.fa": {"هزینهٔ کارت"}, "costs.1.en": {"Card charge"}, "costs.1.amount": {"3000"},
	}
}

// Wrong rules are told beside their inputs, and nothing typed is lost.
func TestAWrongRuleIsToldWhereItIsWrong(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Finance).in(i18n.EN)
	revision := b.get(t, "/desk/prices/draft").revision(t)
	for _, tt := range []struct {
		input, value, wrong string
	}{
		{"steps.2.from", "0", "steps.2.from"},
		{"steps.1.from", "5", "steps.1.from"},
		{"steps.1.percent", "101", "steps.1.percent"},
		{"steps.1.percent", "a lot", "steps.1.percent"},
		{"min", "-5", "min"},
		{"costs.1.en", "", "costs.1.en"},
		{"costs.1.percent", "2", "costs.1.amount"},
		{"families", "games", "families"},
		{"currencies", "XXX", "currencies"},
		{"services", "", "rule"}, // a rule for all, before all others
	} {
		form := steamRule(revision)
		form.Set(tt.input, tt.value)
		page := b.postForm(t, "/desk/prices/draft/rules", form).must(t, http.StatusUnprocessableEntity)
		page.has(t, "[data-focus] a[href='#f-"+tt.wrong+"']")
		if got, _ := page.Find("[name='steps.1.fixed']").Attr("value"); got != "50000" {
			t.Errorf("%s: the fixed part is now %q", tt.input, got)
		}
	}
	if b.get(t, "/desk/prices/draft").revision(t) != revision {
		t.Error("a refused rule changed the draft")
	}
}

// Rules are moved and removed; who read an older draft is told, and nothing
// is lost.
func TestTheDraftOfTwo(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Finance).in(i18n.EN)
	before := b.get(t, "/desk/prices/draft")
	first, second := before.text("#rule-0 td:nth-child(2)"), before.text("#rule-1 td:nth-child(2)")
	b.post(t, "/desk/prices/draft/rules/0/move", "revision", before.revision(t), "to", "down").leadsTo(t, "/desk/prices/draft")
	moved := b.get(t, "/desk/prices/draft")
	if moved.text("#rule-0 td:nth-child(2)") != second || moved.text("#rule-1 td:nth-child(2)") != first {
		t.Error("the rules did not change places")
	}
	b.post(t, "/desk/prices/draft/rules/0/remove", "revision", before.revision(t)).must(t, http.StatusConflict).has(t, "[data-focus] .notice-error")
	if after := b.get(t, "/desk/prices/draft"); after.count("tr[data-rule]") != before.count("tr[data-rule]") {
		t.Error("a rule is gone")
	}
	b.post(t, "/desk/prices/draft/rules/0/remove", "revision", moved.revision(t)).leadsTo(t, "/desk/prices/draft")
	b.post(t, "/desk/prices/draft/rules/999/remove", "revision", moved.revision(t)).must(t, http.StatusNotFound)
	last := strconv.Itoa(before.count("tr[data-rule]") - 2)
	gone := b.get(t, "/desk/prices/draft")
	b.post(t, "/desk/prices/draft/rules/"+last+"/remove", "revision", gone.revision(t)).must(t, http.StatusUnprocessableEntity)
	b.post(t, "/desk/prices/draft/discard", "revision", gone.revision(t)).leadsTo(t, "/desk/prices")
	if got := b.get(t, "/desk/prices/draft").text("#rule-0 td:nth-child(2)"); got != first {
		t.Errorf("after the draft was thrown away, the first rule is for %q", got)
	}
}

// Discounts for many orders and for members are edited in one form.
func TestEditingDiscounts(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Finance).in(i18n.EN)
	form := b.get(t, "/desk/prices/draft/discounts").must(t, http.StatusOK)
	form.has(t, "[name='bulk.1.from']", "[name='tiers.1.key']", "[name=period]")
	typed := url.Values{
		"revision": {form.revision(t)}, "period": {"180"}, "bulk.1.from": {"۴"}, "bulk.1.percent": {"12.5"},
		"tiers.1.key": {"regular"}, "tiers.1.fa": {"همیشگی"}, "tiers.1.en": {"Regular"}, "tiers.1.orders": {"3"}, "tiers.1.percent": {"5"},
	}
	b.postForm(t, "/desk/prices/draft/discounts", typed).leadsTo(t, "/desk/prices/draft")
	draft := b.get(t, "/desk/prices/draft")
	for _, words := range []string{"from 4 orders: 12.5% off the fee", "Regular", "by 3 completed orders", "180 days"} {
		if !strings.Contains(draft.text("main"), words) {
			t.Errorf("%q is missing", words)
		}
	}
	typed.Set("revision", draft.revision(t))
	typed.Set("tiers.1.orders", "")
	typed.Set("bulk.1.from", "1")
	wrong := b.postForm(t, "/desk/prices/draft/discounts", typed).must(t, http.StatusUnprocessableEntity)
	wrong.has(t, "[data-focus] a[href='#f-bulk.1.from']", "[data-focus] a[href='#f-tiers.1.orders']")
}

// revision is the draft's, as the page's forms send it.
func (a answer) revision(t *testing.T) string {
	t.Helper()
	value, ok := a.Find("input[name=revision]").First().Attr("value")
	if !ok {
		t.Fatal("no form of the draft")
	}
	return value
}
