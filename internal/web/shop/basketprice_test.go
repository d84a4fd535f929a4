package shop_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"pishkhan/internal/audit"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func (b *bench) campaign(t *testing.T, form campaigns.Form) {
	t.Helper()
	form.Name, form.StartsOn, form.EndsOn, form.Audience = "Test", "1405/07/01", "1405/08/30", "everyone"
	_, err := b.House.Campaigns.Create(t.Context(), b.Finance, form)
	testworld.Must(t, err)
}

// The basket shows each discount as a line of its own, and what one order more
// would change.
func TestDiscountsAreSeen(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		b.ordered(t, g, "steam-wallet")
		if got := g.get("/basket").text("[data-bulk-hint]"); !strings.Contains(got, lang.Number(2)) || !strings.Contains(got, lang.Number(5)) {
			t.Errorf("%s: the hint says %q", lang, got)
		}
		b.ordered(t, g, "steam-wallet")
		two := g.get("/basket")
		if two.Find("[data-discount]").Length() != 0 {
			t.Errorf("%s: two orders have a discount", lang)
		}
		b.ordered(t, g, "amazon-basket")
		page := g.get("/basket").status(t, 200)
		if got := page.Find("[data-line-id] [data-discount=discount_bulk]").Length(); got != 3 {
			t.Errorf("%s: %d lines show the discount", lang, got)
		}
		if got := page.text("[data-saving=discount_bulk] dt"); got != lang.T("pricing.line.discount_bulk") {
			t.Errorf("%s: the sum is called %q", lang, got)
		}
		if page.Find("[data-line-id] dl bdi").Length() == 0 {
			t.Errorf("%s: no answer tells the orders apart", lang)
		}
	}
}

// A code is set, seen and taken out again; one that does not fit says why
// beside its field.
func TestCodeInTheBasket(t *testing.T) {
	b := setup(t)
	b.campaign(t, campaigns.Form{Code: "GAMES-20", Percent: "20", Families: []string{"games"}})
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		b.ordered(t, g, "amazon-basket")
		plain := g.get("/basket").text("[data-total]")
		page := g.post("/basket/code", map[string]string{"code": "GAMES-20"}).status(t, 422)
		if got, words := page.errorAt("code"), lang.T("campaigns.error.not_for_service"); !strings.Contains(got, words[strings.LastIndex(words, "}")+1:]) {
			t.Errorf("%s: beside the code stands %q", lang, got)
		}
		if page.value("code") != "GAMES-20" || page.text("[data-total]") != plain {
			t.Errorf("%s: the page holds %q and %s", lang, page.value("code"), page.text("[data-total]"))
		}
		b.ordered(t, g, "steam-wallet")
		g.post("/basket/code", map[string]string{"code": "games20"}).leadsTo(t, "/basket")
		page = g.get("/basket")
		if page.Find("[data-discount=discount_code]").Length() != 1 || page.text("[data-code] .code") != "GAMES-20" ||
			page.Find("[data-code-lacks] li").Length() != 1 {
			t.Errorf("%s: %s", lang, page.text("#code"))
		}
		with := page.text("[data-total]")
		g.post("/basket/code/remove", map[string]string{}).leadsTo(t, "/basket")
		if page = g.get("/basket"); page.text("[data-total]") == with || page.Find("[data-code]").Length() != 0 {
			t.Errorf("%s: the code is still there", lang)
		}
	}
}

// A code that is used up while somebody pays is told with its reason, and the
// next press orders at the price without.
func TestCodeUsedUpAtTheCheckout(t *testing.T) {
	b := setup(t)
	b.campaign(t, campaigns.Form{Code: "ONCE", Percent: "20", MaxUses: "1"})
	b.campaign(t, campaigns.Form{Code: "EACH-ONCE", Percent: "20", MaxUsesEach: "1"})
	take := func(g *guest, code string, details map[string]string) answer {
		b.ordered(t, g, "steam-wallet")
		g.post("/basket/code", map[string]string{"code": code}).leadsTo(t, "/basket")
		details["agreed"] = g.get("/checkout").status(t, 200).value("agreed")
		return g.post("/checkout", details)
	}
	details := b.details()
	first, late := b.guest(t, i18n.FA), b.guest(t, i18n.FA)
	b.ordered(t, late, "steam-wallet")
	late.post("/basket/code", map[string]string{"code": "ONCE"}).leadsTo(t, "/basket")
	agreed := late.get("/checkout").value("agreed")
	take(first, "ONCE", details).status(t, 200)

	others := b.details()
	others["agreed"] = agreed
	page := late.post("/checkout", others).status(t, 409)
	if got := page.text("[data-reason]"); got != i18n.FA.T("campaigns.error.used_up") {
		t.Errorf("the reason is %q", got)
	}
	if page.Find("[data-repriced]").Length() != 1 || page.value("name") != others["name"] {
		t.Error("the prices are not shown side by side, or what was typed is gone")
	}
	others["agreed"] = page.value("agreed")
	late.post("/checkout", others).status(t, 200)

	take(first, "EACH-ONCE", details).status(t, 200)
	page = take(b.guest(t, i18n.FA), "EACH-ONCE", details).status(t, 409) // the same person, in another browser
	if got := page.text("[data-reason]"); !strings.Contains(got, "کد") {
		t.Errorf("the reason is %q", got)
	}
	if got := page.value("agreed"); got == details["agreed"] {
		t.Error("the page offers the same price again")
	}
}

// The server's time left is in the page, and what to show at its end.
func TestExpiryIsCountedDown(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.ordered(t, g, "steam-wallet")
	b.Clock.Advance(10 * time.Minute)
	for _, path := range []string{"/basket", "/checkout"} {
		page := g.get(path).status(t, 200)
		if got := page.Find("[data-expiry]").AttrOr("data-left", ""); got != "1200" {
			t.Errorf("%s: %s seconds left", path, got)
		}
		for _, at := range []string{"[data-expiry-over][hidden]", "[data-when-expired][hidden]", "[data-until-expired]"} {
			if page.Find(at).Length() == 0 {
				t.Errorf("%s: no %s", path, at)
			}
		}
		if clock := page.Find("[data-clock]"); clock.AttrOr("aria-hidden", "") != "true" {
			t.Errorf("%s: screen readers hear every second", path)
		}
	}
}

// After the end, the new price stands beside the old with each part that changed.
func TestWhatChangedIsShownPartByPart(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		b.ordered(t, g, "steam-wallet")
		b.Clock.Advance(31 * time.Minute)
		b.ordered(t, g, "amazon-basket")
		b.ordered(t, g, "amazon-basket")
		rate := money.FromToman(150_000)
		if lang == i18n.EN {
			rate = money.FromToman(155_000)
		}
		setRate(t, b, money.USD, rate)
		page := g.post("/basket/reprice", map[string]string{}).status(t, 200)
		change := page.Find("[data-repriced]").First()
		if change.Length() != 1 {
			t.Fatalf("%s: nothing is repriced", lang)
		}
		labels := page.text("[data-repriced] [data-change] th")
		for _, kind := range []string{"currency", "fee", "discount_bulk"} { // three orders now: a discount that was not there
			if !strings.Contains(labels, lang.T("pricing.line."+kind)) {
				t.Errorf("%s: %q does not name %s", lang, labels, kind)
			}
		}
		if got := page.text("[data-total-change]"); !strings.Contains(got, page.text("aside [data-total]")) {
			t.Errorf("%s: the totals are %q", lang, got)
		}
	}
}

func setRate(t *testing.T, b *bench, currency money.Currency, rate money.Rials) {
	t.Helper()
	setting, err := b.House.Pricing.SetRate(t.Context(), audit.Machine, currency, 0, rate)
	testworld.Must(t, err)
	if setting.Proposal != nil {
		t.Fatal("the rate moves too far for one person")
	}
}

// A line is edited with what was answered; the password stays sealed, and
// what is refused is said beside its field.
func TestALineIsEdited(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		b.ordered(t, g, "ielts-registration")
		line := g.get("/basket").Find("[data-line-id]").AttrOr("data-line-id", "")
		page := g.get("/basket/lines/"+line+"/edit").status(t, 200)
		typed := sample.Answers("ielts-registration", b.Clock.Now())
		if got := page.value("amount"); !strings.HasPrefix(got, lang.Digits(strings.TrimSuffix(typed["amount"], ".00"))) {
			t.Errorf("%s: the amount is %q, was %q", lang, got, typed["amount"])
		}
		if got := page.value("test_date"); got != lang.Digits(strings.ReplaceAll(typed["test_date"], "-", "/")) {
			t.Errorf("%s: the date is %q, was %q", lang, got, typed["test_date"])
		}
		if page.value("site_password") != "" || strings.Contains(page.body, typed["site_password"]) || strings.Contains(page.body, typed["site_login"]) {
			t.Errorf("%s: what is sealed is in the page", lang)
		}
		if !strings.Contains(page.text("main"), lang.T("shop.edit.keep")) {
			t.Errorf("%s: nothing says that empty keeps", lang)
		}
		form := formOf(page)
		form["amount"] = "-5"
		for _, send := range []func(string, map[string]string) answer{g.post, g.htmx} {
			if got := send("/basket/lines/"+line, form).status(t, 422).errorAt("amount"); !strings.Contains(got, lang.T("money.error.negative")) {
				t.Errorf("%s: %q", lang, got)
			}
		}
		form["amount"] = "210"
		g.post("/basket/lines/"+line, form).leadsTo(t, "/basket")
		if got := g.get("/basket").text("[data-line-id='" + line + "']"); !strings.Contains(got, lang.Digits("210")) {
			t.Errorf("%s: the basket says %q", lang, got)
		}
		other := b.guest(t, lang)
		other.get("/basket")
		other.get("/basket/lines/"+line+"/edit").status(t, 404)
		other.post("/basket/lines/"+line, form).status(t, 404)
	}
}

// formOf is what a browser would send of a page's form as it stands.
func formOf(page answer) map[string]string {
	form := map[string]string{}
	page.Find("#order-form [name]").Each(func(_ int, input *goquery.Selection) {
		name := input.AttrOr("name", "")
		if kind := input.AttrOr("type", ""); kind == "file" || kind == "checkbox" && input.AttrOr("checked", "no") == "no" {
			return
		}
		form[name] = page.value(name)
	})
	delete(form, "_csrf")
	return form
}
