package shop_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
)

// codeFor reads the code that the SMS to a number brings.
func (b *bench) codeFor(t *testing.T, mobile string) string {
	t.Helper()
	id := b.Count(t, "SELECT max(id) FROM signin_codes WHERE mobile = $1", mobile)
	code, err := b.House.Customers.Code(t.Context(), int64(id))
	testworld.Must(t, err)
	return code.Reveal()
}

// signIn takes both steps.
func (b *bench) signIn(t *testing.T, g *guest, mobile string) {
	t.Helper()
	g.get("/sign-in").status(t, 200)
	g.post("/sign-in", map[string]string{"mobile": mobile}).leadsTo(t, "/sign-in/code")
	g.get("/sign-in/code").status(t, 200)
	g.post("/sign-in/code", map[string]string{"code": b.codeFor(t, mobile)}).leadsTo(t, "/account")
}

func TestSignInByCode(t *testing.T) {
	b := setup(t)
	for i, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		mobile := "0912000000" + string(rune('1'+i))
		page := g.get("/sign-in?next=/basket").status(t, 200)
		if page.Find(`header a[href="/sign-in"]`).Length() == 0 || page.Find(`label[for="f-mobile"]`).Length() != 1 {
			t.Errorf("%s: no way in, or no label", lang)
		}
		page = g.post("/sign-in", map[string]string{"mobile": "12", "next": "/basket"}).status(t, 422)
		if page.errorAt("mobile") == "" || page.value("mobile") != "12" || page.value("next") != "/basket" {
			t.Errorf("%s: a wrong number: %q, keeps %q and %q", lang, page.errorAt("mobile"), page.value("mobile"), page.value("next"))
		}
		g.post("/sign-in", map[string]string{"mobile": lang.Digits(mobile), "next": "/basket"}).leadsTo(t, "/sign-in/code?next=%2Fbasket")
		page = g.get("/sign-in/code?next=%2Fbasket").status(t, 200)
		if !strings.Contains(page.text("main"), lang.Digits(mobile)) || page.Find(`input[name=code][autocomplete="one-time-code"][inputmode=numeric]`).Length() != 1 {
			t.Errorf("%s: the page of the code: %s", lang, page.text("main"))
		}
		code := b.codeFor(t, mobile)
		if strings.Contains(page.body, code) {
			t.Errorf("%s: the page tells the code", lang)
		}
		before := g.cookies[web.VisitorCookie]
		page = g.post("/sign-in/code", map[string]string{"code": "x", "next": "/basket"}).status(t, 422)
		if page.errorAt("code") == "" || page.value("next") != "/basket" || !strings.HasPrefix(page.text("title"), lang.T("parts.error_prefix")) {
			t.Errorf("%s: a wrong code: %q", lang, page.errorAt("code"))
		}
		g.post("/sign-in/code", map[string]string{"code": lang.Digits(code), "next": "/basket"}).leadsTo(t, "/basket")
		if g.cookies[web.VisitorCookie] == before {
			t.Errorf("%s: the session is the one from before", lang)
		}
		account := g.get("/account").status(t, 200)
		if !strings.Contains(account.text("main"), lang.Digits(mobile)) || account.Find("[data-identity=none]").Length() != 1 || account.Find("[data-tier]").Length() != 1 {
			t.Errorf("%s: the account: %s", lang, account.text("main"))
		}
		if account.Find(`header a[href="/account"]`).Length() == 0 || account.Find(`header form[action="/sign-out"]`).Length() != 1 {
			t.Errorf("%s: the bar does not say who is here", lang)
		}
		g.get("/sign-in").leadsTo(t, "/account")
		g.get("/sign-in/code").leadsTo(t, "/account")
		b.Clock.Advance(time.Minute)
	}
}

// Who plants a cookie in a browser is not signed in with it, whether the
// cookie is made up or one's own.
func TestPlantedSessionsAreNotSignedIn(t *testing.T) {
	b := setup(t)
	thief := b.guest(t, i18n.FA)
	b.ordered(t, thief, "steam-wallet")
	victim := b.guest(t, i18n.FA)
	for name, planted := range map[string]string{"own": thief.cookies[web.VisitorCookie], "made up": strings.Repeat("A", 43)} {
		victim.cookies[web.VisitorCookie] = planted
		b.signIn(t, victim, "09121234567")
		if victim.cookies[web.VisitorCookie] == planted {
			t.Errorf("%s: the planted session was signed in", name)
		}
		thief.cookies[web.VisitorCookie] = planted
		thief.get("/account").leadsTo(t, "/sign-in")
		victim.get("/account").status(t, 200)
		victim.post("/sign-out", map[string]string{}).leadsTo(t, "/")
		b.Clock.Advance(time.Minute)
	}
}

func TestSignOutKillsTheSession(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.signIn(t, g, "09121234567")
	held := g.cookies[web.VisitorCookie]
	g.get("/account").status(t, 200)
	g.post("/sign-out", map[string]string{}).leadsTo(t, "/")
	if g.cookies[web.VisitorCookie] != "" {
		t.Error("the browser keeps the token")
	}
	g.cookies[web.VisitorCookie] = held
	g.get("/account").leadsTo(t, "/sign-in")
	g.csrf = ""
	g.post("/sign-out", map[string]string{}).status(t, 403)
}

// One button ends the sessions of the customer's other browsers: not this
// one's, and nobody else's.
func TestSignOutElsewhere(t *testing.T) {
	b := setup(t)
	for i, lang := range i18n.Langs() {
		mobile := "0914000000" + string(rune('1'+i))
		here, other, stranger := b.guest(t, lang), b.guest(t, lang), b.guest(t, lang)
		for g, mobile := range map[*guest]string{here: mobile, other: mobile, stranger: "0915000000" + string(rune('1'+i))} {
			b.signIn(t, g, mobile)
			b.Clock.Advance(time.Minute)
		}
		button := here.get("/account").status(t, 200).Find(`form[action="/account/sign-out-elsewhere"] button`)
		if button.Length() != 1 || strings.TrimSpace(button.Text()) != lang.T("shop.account.sign_out_elsewhere") {
			t.Errorf("%s: the button says %q", lang, button.Text())
		}
		here.post("/account/sign-out-elsewhere", map[string]string{}).leadsTo(t, "/account")
		here.get("/account").status(t, 200)
		stranger.get("/account").status(t, 200)
		other.get("/account").leadsTo(t, "/sign-in")
		nobody := b.guest(t, lang)
		nobody.get("/sign-in")
		nobody.post("/account/sign-out-elsewhere", map[string]string{}).leadsTo(t, "/sign-in")
	}
	if n := b.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'customer.sign_out_elsewhere'"); n != 2 {
		t.Errorf("%d on record", n)
	}
}

// Answers to a known number and to a stranger's are the same but for the number.
func TestSignInDoesNotTellWhoIsKnown(t *testing.T) {
	b := setup(t)
	known := b.Someone()
	b.PlacedBy(t, b.Visitor(t), known)
	var pages []string
	for _, mobile := range []string{known.Identity.Mobile, "09199999999"} {
		g := b.guest(t, i18n.EN)
		g.get("/sign-in")
		g.post("/sign-in", map[string]string{"mobile": mobile}).leadsTo(t, "/sign-in/code")
		code := b.codeFor(t, mobile)
		wrong := string('0'+(code[0]-'0'+1)%10) + code[1:]
		sent := g.get("/sign-in/code").status(t, 200).text("main")
		refused := g.post("/sign-in/code", map[string]string{"code": wrong}).status(t, 422).text("main")
		again := g.post("/sign-in", map[string]string{"mobile": mobile}).status(t, 429).text("main")
		pages = append(pages, strings.ReplaceAll(sent+refused+again, mobile, "NUMBER"))
	}
	if pages[0] != pages[1] {
		t.Errorf("a known number reads\n%s\nan unknown one\n%s", pages[0], pages[1])
	}
}

func TestSignInRefusals(t *testing.T) {
	b := setup(t)
	for i, lang := range i18n.Langs() {
		mobile := "0913000000" + string(rune('1'+i))
		g := b.guest(t, lang)
		g.get("/sign-in/code").status(t, 200) // no code: the number is asked for
		g.post("/sign-in", map[string]string{"mobile": mobile}).leadsTo(t, "/sign-in/code")
		g.get("/sign-in/code")
		code := b.codeFor(t, mobile)
		page := g.post("/sign-in", map[string]string{"mobile": mobile}).status(t, 429)
		if got := page.text(".notice"); !strings.Contains(got, lang.Number(1)) {
			t.Errorf("%s: throttled: %q", lang, got)
		}
		b.Clock.Advance(5 * time.Minute)
		page = g.post("/sign-in/code", map[string]string{"code": code}).status(t, 422)
		if got := page.text(".notice"); got != lang.T("customers.error.code_over") || page.Find("input[name=mobile]").Length() != 1 {
			t.Errorf("%s: run out: %q", lang, got)
		}
		g.csrf = ""
		g.post("/sign-in", map[string]string{"mobile": mobile}).status(t, 403)
	}
}

// A sign-in leads to pages of the shop, and nowhere else.
func TestSignInLeadsNowhereElse(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.signIn(t, g, "09121234567")
	for next, want := range map[string]string{
		"": "/account", "/basket": "/basket", "/checkout?x=1": "/checkout?x=1", "//evil.example": "/account", "https://evil.example": "/account",
		`/\evil.example`: "/account", "/sign-in?next=/sign-in": "/account", "/desk": "/account",
	} {
		if got := g.get("/sign-in?next=" + strings.NewReplacer("?", "%3F", "\\", "%5C", "=", "%3D", "/", "%2F", ":", "%3A").Replace(next)).Header.Get("Location"); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// The customer's orders are there in another browser, once signed in and once
// it is known that they are this customer's; and closed again after signing
// out. Until then a number may be a stranger's who has mistyped theirs.
func TestOrdersInAnyBrowser(t *testing.T) {
	b := setup(t)
	who := b.Someone()
	placed := b.PlacedBy(t, b.Visitor(t), who, "steam-wallet")
	foreign := b.Placed(t, "steam-wallet").Orders[0].Code
	code := placed.Orders[0].Code
	g := b.guest(t, i18n.FA)
	sees := func(why string, sees bool) {
		t.Helper()
		status, listed := 404, 0
		if sees {
			status, listed = 200, 1
		}
		g.get("/orders/"+code).status(t, status)
		g.get("/orders/"+foreign).status(t, 404)
		for _, path := range []string{"/account", "/orders"} {
			page := g.get(path).status(t, 200)
			if page.Find(`main a[href="/orders/`+code+`"]`).Length() != listed || page.Find(`main a[href="/orders/`+foreign+`"]`).Length() != 0 {
				t.Errorf("%s: %s lists %s", why, path, page.text("main"))
			}
		}
	}
	b.signIn(t, g, who.Identity.Mobile)
	sees("not verified", false)
	if got := g.get("/account").text("main"); strings.Contains(got, who.Identity.Email) {
		t.Error("what a stranger's browser has said under this number is shown before anybody has approved it")
	}
	b.Pay(t, placed)
	b.Approve(t, b.Order(t, placed.Orders[0]))
	sees("verified", true)
	page := g.get("/account").status(t, 200)
	if got := page.text("main"); !strings.Contains(got, who.Identity.Email) || page.Find("[data-identity=approved]").Length() != 1 {
		t.Errorf("the approved identity is not shown: %s", got)
	}
	g.post("/orders/"+code+"/cancel", map[string]string{}).status(t, 409) // seen, and paid: too late
	g.post("/sign-out", map[string]string{}).leadsTo(t, "/")
	g.get("/orders/"+code).status(t, 404)
}

// What a guest gathered is in the account's basket, in every browser.
func TestBasketJoinsTheAccount(t *testing.T) {
	b := setup(t)
	one, other := b.guest(t, i18n.FA), b.guest(t, i18n.EN)
	b.ordered(t, one, "steam-wallet")
	b.signIn(t, one, "09121234567")
	if got := one.get("/basket").Find("[data-line-id]").Length(); got != 1 {
		t.Errorf("%d lines after the sign-in", got)
	}
	b.ordered(t, other, "steam-wallet")
	b.Clock.Advance(time.Minute)
	b.signIn(t, other, "09121234567")
	for _, g := range []*guest{one, other} {
		if got := g.get("/basket").Find("[data-line-id]").Length(); got != 2 {
			t.Errorf("%d lines, want those of both browsers", got)
		}
	}
	one.post("/sign-out", map[string]string{}).leadsTo(t, "/")
	if got := one.get("/basket").Find("[data-line-id]").Length(); got != 0 {
		t.Errorf("%d lines are left behind", got)
	}
}
