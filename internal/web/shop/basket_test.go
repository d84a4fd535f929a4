package shop_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/sample"
	"pishkhan/internal/web"
)

func TestShowcaseHasFourFamiliesAndAWayIntoEach(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		page := b.guest(t, lang).get("/").status(t, 200)
		if got := page.Find("#services [data-family]").Length(); got != 4 {
			t.Errorf("%s: %d families, want 4", lang, got)
		}
		for _, slug := range sample.Slugs {
			if page.Find(`#services a[href="/services/`+slug+`"]`).Length() != 1 {
				t.Errorf("%s: no way to %s", lang, slug)
			}
		}
		if got := page.Find("html").AttrOr("lang", ""); got != string(lang) {
			t.Errorf("the page says it is in %q, want %s", got, lang)
		}
	}
}

func TestEachServiceGoesIntoTheBasketInBothLanguages(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		for _, slug := range sample.Slugs {
			b.ordered(t, g, slug)
		}
		page := g.get("/basket").status(t, 200)
		if got := page.Find("[data-line-id]").Length(); got != len(sample.Slugs) {
			t.Errorf("%s: the basket has %d lines, want %d", lang, got, len(sample.Slugs))
		}
		if got := page.text("#basket-count .count"); !strings.HasPrefix(got, lang.Number(4)) {
			t.Errorf("%s: the bar counts %q, want %s", lang, got, lang.Number(4))
		}
		if strings.Contains(page.body, "Kabutar") {
			t.Errorf("%s: the basket shows a password", lang)
		}
	}
}

func TestLinesAreRemovedByTheirOwnerAlone(t *testing.T) {
	b := setup(t)
	owner, other := b.guest(t, i18n.FA), b.guest(t, i18n.FA)
	b.ordered(t, owner, "steam-wallet")
	b.ordered(t, other, "steam-wallet")
	line := owner.get("/basket").Find("[data-line-id]").AttrOr("data-line-id", "")

	other.post("/basket/lines/"+line+"/remove", map[string]string{}).status(t, 404)
	owner.post("/basket/lines/"+line+"/remove", map[string]string{}).leadsTo(t, "/basket")
	if got := owner.get("/basket").Find("[data-line-id]").Length(); got != 0 {
		t.Errorf("the basket still has %d lines", got)
	}
	if got := other.get("/basket").Find("[data-line-id]").Length(); got != 1 {
		t.Errorf("the other basket has %d lines, want 1", got)
	}
}

func TestBadInputIsSaidBesideItsFieldAndNothingElseIsLost(t *testing.T) {
	b := setup(t)
	huge := strings.Repeat("سلام ", 120_000) // above 1 MB
	for _, bad := range []struct{ field, typed, key string }{
		{"payment_page", "javascript:alert(1)", "catalog.error.url_scheme"},
		{"payment_page", "http://127.0.0.1/pay", "catalog.error.url_host"},
		{"amount", "-50", "money.error.negative"},
		{"amount", "99999999999", "money.error.too_large"},
		{"amount", "9999", "catalog.error.amount_max"},
		{"amount", "12a", "money.error.letters"},
		{"amount", "", "money.error.empty"},
		{"test_date", "2027-02-31", "jalali.error.no_such_day"},
		{"passport_name", "سارا احمدی", "catalog.error.latin_name"},
		{"test_type", "", "catalog.error.required"},
		{"steps", huge, "catalog.error.too_long"},
	} {
		for _, lang := range i18n.Langs() {
			g := b.guest(t, lang)
			g.get("/services/ielts-registration").status(t, 200)
			form := sample.Answers("ielts-registration", b.Clock.Now())
			form[bad.field] = bad.typed
			for how, send := range map[string]func(string, map[string]string) answer{"page": g.post, "fragment": g.htmx} {
				page := send("/services/ielts-registration", maps.Clone(form)).status(t, 422)
				words, _, _ := strings.Cut(lang.T(bad.key), "{")
				if got := page.errorAt(bad.field); !strings.Contains(got, words) {
					t.Errorf("%s %s: beside %s stands %q, want %q", lang, how, bad.field, got, words)
				}
				if got := page.text("[role=alert] a[href='#f-" + bad.field + "']"); !strings.Contains(got, words) {
					t.Errorf("%s %s: the summary says %q of %s, want %q", lang, how, got, bad.field, words)
				}
				if got := page.Find("[role=alert] li").Length(); got != 1 {
					t.Errorf("%s %s %s: %d faults, want one: %s", lang, how, bad.field, got, page.text("[role=alert]"))
				}
				for name, typed := range form {
					want := typed
					if name == "site_password" {
						want = ""
					}
					if got := page.value(name); got != want && name != "steps" || name == "steps" && len(got) != len(want) {
						t.Errorf("%s %s, %s wrong: %s holds %.40q, want %.40q", lang, how, bad.field, name, got, want)
					}
				}
				if strings.Contains(page.body, form["site_password"]) {
					t.Errorf("%s %s: the password is sent back", lang, how)
				}
			}
			if got := g.get("/basket").Find("[data-line-id]").Length(); got != 0 {
				t.Errorf("%s: a refused form is in the basket", lang)
			}
		}
	}
}

func TestPersianDigitsAreTaken(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	form := sample.Answers("ielts-registration", b.Clock.Now())
	form["amount"], form["test_date"] = "۱۹۵٫۵۰", "۲۰۲۶/۱۲/۲۰"
	g.get("/services/ielts-registration")
	g.post("/services/ielts-registration", form).leadsTo(t, "/basket")
	if got := g.get("/basket").text("[data-line-id]"); !strings.Contains(got, "۱۹۵٫۵۰ GBP") {
		t.Errorf("the basket says %q, want ۱۹۵٫۵۰ GBP in it", got)
	}
}

func TestPriceAnswersTheOutputAlone(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		g.get("/services/steam-wallet")
		price := g.htmx("/services/steam-wallet/price", map[string]string{"amount": "50", "amount_currency": "USD"}).status(t, 200)
		for _, kind := range []string{"currency", "fee", "total"} {
			if got := price.text("[data-line=" + kind + "] dd"); !strings.Contains(got, strings.Fields(lang.T("unit.toman", "amount", ""))[0]) {
				t.Errorf("%s: the line %s says %q", lang, kind, got)
			}
		}
		if strings.Contains(price.body, "<form") || strings.Contains(price.body, "<main") {
			t.Errorf("%s: more than the price comes back", lang)
		}
		hint := g.htmx("/services/steam-wallet/price", map[string]string{"amount": "-1", "amount_currency": "USD"}).status(t, 200)
		if got := hint.text("body"); got != lang.T("money.error.negative") {
			t.Errorf("%s: the hint is %q", lang, got)
		}
	}
}

func TestPriceWithoutAScriptKeepsTheForm(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.EN)
	g.get("/services/steam-wallet")
	form := sample.Answers("steam-wallet", b.Clock.Now())
	page := g.post("/services/steam-wallet/price", form).status(t, 200)
	if page.text("#price [data-line=total]") == "" {
		t.Error("the page shows no price")
	}
	if page.value("guard_phone") != form["guard_phone"] || page.value("region") != form["region"] {
		t.Error("what was typed is gone")
	}
	if !strings.Contains(page.text("main"), i18n.EN.T("shop.service.retype")) {
		t.Error("the page does not ask for the password again")
	}
	if g.cookies[web.VisitorCookie] != "" {
		t.Error("asking for a price gives a cookie")
	}
}

func TestExpiredPricesAreOfferedAnew(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.ordered(t, g, "steam-wallet")
	old := g.get("/basket").text("[data-total]")

	b.Clock.Advance(31 * time.Minute)
	_, err := b.House.Pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, money.FromToman(150_000))
	if err != nil {
		t.Fatal(err)
	}
	page := g.get("/basket").status(t, 200)
	if page.Find("[data-expired]").Length() != 1 || page.Find("a[href='/checkout']").Length() != 0 {
		t.Error("an expired price does not stop the checkout")
	}
	g.get("/checkout").leadsTo(t, "/basket")
	page = g.post("/basket/reprice", map[string]string{}).status(t, 200)
	if got := page.text("[data-repriced]"); !strings.Contains(got, old) || !strings.Contains(got, page.text("[data-total]")) {
		t.Errorf("%q does not show the old price %s beside the new %s", got, old, page.text("[data-total]"))
	}
	if page.text("[data-total]") == old {
		t.Error("the price is the old one")
	}
	if got := page.text("[data-repriced]"); !strings.Contains(got, i18n.FA.Toman(money.FromToman(150_000))) {
		t.Errorf("%q does not say what changed", got)
	}
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	b := setup(t)
	form := sample.Answers("steam-wallet", b.Clock.Now())
	for name, change := range map[string]func(*guest){
		"no word":       func(g *guest) { g.csrf = "" },
		"another word":  func(g *guest) { g.csrf = "AAAA" },
		"another guest": func(g *guest) { other := b.guest(t, i18n.FA); other.get("/track"); g.csrf = other.csrf },
	} {
		g := b.guest(t, i18n.FA)
		b.ordered(t, g, "steam-wallet")
		g.get("/services/steam-wallet")
		change(g)
		if got := g.post("/services/steam-wallet", form); got.StatusCode != 403 {
			t.Errorf("%s: status %d, want 403", name, got.StatusCode)
		}
	}
	g := b.guest(t, i18n.FA)
	g.get("/services/steam-wallet")
	form["_csrf"] = g.csrf
	if got := g.do("POST", "/services/steam-wallet", form, map[string]string{"Sec-Fetch-Site": "cross-site"}); got.StatusCode != 403 {
		t.Errorf("cross-site: status %d, want 403", got.StatusCode)
	}
}

func TestPreferencesAreKeptAndLeadBack(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	g.get("/basket")
	g.post("/preferences", map[string]string{"lang": "en", "theme": "dark", "back": "/basket"}).leadsTo(t, "/basket")
	html := g.get("/basket").Find("html")
	if html.AttrOr("lang", "") != "en" || html.AttrOr("data-theme", "") != "dark" {
		t.Errorf("the page is in %q and %q", html.AttrOr("lang", ""), html.AttrOr("data-theme", ""))
	}
	g.post("/preferences", map[string]string{"lang": "fa", "back": "//elsewhere.example"}).leadsTo(t, "/")
	g.csrf = ""
	g.post("/preferences", map[string]string{"lang": "fa"}).status(t, 403)
}

func TestPlantedCookieIsNeverTakenOver(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	const planted = "planted-by-somebody-else-0123456789abcdefghi"
	g.cookies[web.VisitorCookie] = planted
	b.ordered(t, g, "steam-wallet")
	if got := g.cookies[web.VisitorCookie]; got == planted || got == "" {
		t.Errorf("the basket belongs to the cookie %q", got)
	}
}
