package shop_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/payments"
	"pishkhan/internal/sample"
)

func TestWrongDetailsAreSaidBesideTheirFields(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		b.ordered(t, g, "steam-wallet")
		agreed := g.get("/checkout").status(t, 200).value("agreed")
		for _, bad := range []struct{ field, typed, key string }{
			{"national_code", "0012345678", "iran.error.national_code"},
			{"national_code", "2222222222", "iran.error.national_code"},
			{"birth_date", "1404/12/30", "jalali.error.no_such_day"},
			{"birth_date", "1990/05/05", "jalali.error.range"},
			{"mobile", "0812", "iran.error.mobile"},
			{"email", "nobody", "customers.error.email"},
			{"name", "", "customers.error.name_empty"},
		} {
			form := b.details()
			form["agreed"], form[bad.field] = agreed, bad.typed
			page := g.post("/checkout", form).status(t, 422)
			if got := page.errorAt(bad.field); !strings.Contains(got, lang.T(bad.key)) {
				t.Errorf("%s: beside %s stands %q, want %q", lang, bad.field, got, lang.T(bad.key))
			}
			if !strings.HasPrefix(page.text("title"), lang.T("parts.error_prefix")) {
				t.Errorf("%s: the title is %q", lang, page.text("title"))
			}
			for name, typed := range form {
				if got := page.value(name); got != typed {
					t.Errorf("%s, %s wrong: %s holds %q, want %q", lang, bad.field, name, got, typed)
				}
			}
		}
	}
}

func TestCheckoutWithPersianDigitsLeadsToTheGateway(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.ordered(t, g, "steam-wallet")
	form := b.details()
	form["agreed"] = g.get("/checkout").value("agreed")
	for _, name := range []string{"national_code", "birth_date", "mobile"} {
		form[name] = i18n.FA.Digits(form[name])
	}
	page := g.post("/checkout", form).status(t, 200)
	gate := page.Find("form[data-autosubmit]")
	if got := gate.AttrOr("action", ""); got != b.Simulator.PayPage {
		t.Errorf("the form leads to %q, want %q", got, b.Simulator.PayPage)
	}
	if gate.Find("button[type=submit]").Length() != 1 {
		t.Error("there is no button for who has no script")
	}
	if gate.Find("input[name=_csrf]").Length() != 0 {
		t.Error("the bank gets the word of our forms")
	}
}

func TestAPriceThatRanOutAtCheckoutIsShownAnew(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.EN)
	b.ordered(t, g, "steam-wallet")
	page := g.get("/checkout").status(t, 200)
	form := b.details()
	form["agreed"] = page.value("agreed")
	old := page.text("[data-total]")

	b.Clock.Advance(31 * time.Minute)
	_, err := b.House.Pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, money.FromToman(150_000))
	if err != nil {
		t.Fatal(err)
	}
	page = g.post("/checkout", form).status(t, 409)
	if got := page.text("[data-repriced]"); !strings.Contains(got, old) || !strings.Contains(got, page.text("[data-total]")) {
		t.Errorf("%q does not show both prices", got)
	}
	for name, typed := range form {
		if got := page.value(name); name != "agreed" && got != typed {
			t.Errorf("%s holds %q, want %q", name, got, typed)
		}
	}
	form["agreed"] = page.value("agreed")
	g.post("/checkout", form).status(t, 200)
}

// callback comes as the gateway's page sends it: a form from another site,
// with cookies left behind.
func (b *bench) callback(t *testing.T, invoice string, forged map[string]string) answer {
	t.Helper()
	g := b.guest(t, i18n.FA)
	return g.do("POST", "/payments/asanpardakht/callback?invoice="+invoice, forged, map[string]string{
		"Sec-Fetch-Site": "cross-site", "Origin": "https://asan.shaparak.ir",
	})
}

// atGateway presses a button at the simulator, as the form on the page leads there.
func atGateway(t *testing.T, page answer, button string) {
	t.Helper()
	form := page.Find("form[data-autosubmit]")
	to := payments.Redirect{URL: form.AttrOr("action", ""), Fields: map[string]string{}}
	for _, input := range form.Find("input[type=hidden]").EachIter() {
		to.Fields[input.AttrOr("name", "")] = input.AttrOr("value", "")
	}
	if err := sample.Press(t.Context(), to, button); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) invoice(t *testing.T) string {
	t.Helper()
	var id string
	err := b.House.Pool.QueryRow(t.Context(), `SELECT max(id)::text FROM payment_attempts`).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestPaidOrderIsShownToWhoPaidAndToNobodyElse(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	page, _ := b.placed(t, g, "steam-wallet")
	atGateway(t, page, "pay")
	invoice := b.invoice(t)

	for range 3 { // replayed
		b.callback(t, invoice, nil).leadsTo(t, "/payments/return?invoice="+invoice)
	}
	code := codeOf(t, g.get("/orders").status(t, 200))
	g.get("/payments/return?invoice="+invoice).leadsTo(t, "/orders/"+code)
	order := g.get("/orders/"+code).status(t, 200)
	if got := order.Find("h1 + .badge").AttrOr("data-state", ""); got != "awaiting_kyc" {
		t.Errorf("the order is %q, want awaiting_kyc", got)
	}
	if n := b.Count(t, `SELECT count(*) FROM payment_attempts WHERE state IN ('verified','settled')`); n != 1 {
		t.Errorf("%d payments count, want 1", n)
	}

	stranger := b.guest(t, i18n.FA)
	page = stranger.get("/payments/return?invoice="+invoice).status(t, 200)
	if strings.Contains(page.body, code) || page.Find("main a[href='/track']").Length() != 1 {
		t.Error("an invoice's number shows a stranger the order")
	}
	other := b.as(t, b.Visitor(t))
	other.get("/orders/"+code).status(t, 404)
	other.get("/orders/NOSUCHX").status(t, 404)
	for _, deed := range []string{"pay", "cancel", "answer", "identity"} {
		other.get("/track")
		other.post("/orders/"+code+"/"+deed, map[string]string{}).status(t, 404)
	}
}

func TestForgedCallbackPaysNothing(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	b.placed(t, g, "steam-wallet")
	invoice := b.invoice(t)
	b.callback(t, invoice, map[string]string{"PaygateTranId": "1938000001", "status": "paid", "amount": "1"}).leadsTo(t, "/payments/return?invoice="+invoice)
	for _, wrong := range []string{"0", "-1", "x", "999999999999999999999"} {
		if got := b.callback(t, wrong, nil); got.StatusCode != 303 {
			t.Errorf("invoice %s: %d, want 303", wrong, got.StatusCode)
		}
	}
	page := g.get("/payments/return?invoice="+invoice).status(t, 200)
	if got := page.text("h1"); got != i18n.FA.T("shop.payment.not_paid.title") {
		t.Errorf("the page says %q", got)
	}
	if n := b.Count(t, `SELECT count(*) FROM orders WHERE state <> 'awaiting_payment'`); n != 0 {
		t.Errorf("%d orders went on", n)
	}
}

func TestWhoCancelledAtTheGatewayPaysAgain(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.EN)
	page, _ := b.placed(t, g, "steam-wallet")
	atGateway(t, page, "cancel")
	invoice := b.invoice(t)
	b.callback(t, invoice, nil)
	page = g.get("/payments/return?invoice="+invoice).status(t, 200)
	if got := page.text("h1"); got != i18n.EN.T("shop.payment.not_paid.title") {
		t.Fatalf("the page says %q", got)
	}
	again := page.Find("form[action$='/pay']").AttrOr("action", "")
	page = g.post(again, map[string]string{}).status(t, 200)
	atGateway(t, page, "pay")
	second := b.invoice(t)
	if second == invoice {
		t.Fatal("the second trip has the first one's number")
	}
	b.callback(t, second, nil)
	g.get("/payments/return?invoice="+second).leadsTo(t, strings.TrimSuffix(again, "/pay"))
}

// silent is a gateway that gives out tokens and then says nothing.
type silent struct{ payments.Gateway }

func (silent) Result(context.Context, int64) (payments.Transaction, error) {
	return payments.Transaction{}, errors.New("no answer")
}

// closed is a gateway that does not answer at all.
type closed struct{ payments.Gateway }

func (closed) Start(context.Context, int64, money.Rials, string, string) (payments.Redirect, error) {
	return payments.Redirect{}, errors.New("no answer")
}

func TestUnknownOutcomeHasItsOwnPageThatLooksAgain(t *testing.T) {
	b := setup(t)
	b.app = open(b.HouseAt(t, silent{b.Simulator.Gateway}), "http://127.0.0.1:8080")
	g := b.guest(t, i18n.FA)
	page, _ := b.placed(t, g, "steam-wallet")
	atGateway(t, page, "pay")
	invoice := b.invoice(t)
	b.callback(t, invoice, nil).leadsTo(t, "/payments/return?invoice="+invoice)
	page = g.get("/payments/return?invoice="+url.QueryEscape(invoice)).status(t, 200)
	if got := page.text("h1"); got != i18n.FA.T("shop.payment.unknown.title") {
		t.Errorf("the page says %q", got)
	}
	if page.Find("#payment[hx-trigger^='every']").Length() != 1 || !strings.Contains(page.body, `http-equiv="refresh"`) {
		t.Error("the page does not look again")
	}
	if page.Find("form[action$='/pay']").Length() != 0 {
		t.Error("the page lets one pay twice")
	}
}

func TestOrderIsKeptWhenTheGatewayIsDown(t *testing.T) {
	b := setup(t)
	b.app = open(b.HouseAt(t, closed{b.Simulator.Gateway}), "http://127.0.0.1:8080")
	g := b.guest(t, i18n.EN)
	b.ordered(t, g, "steam-wallet")
	form := b.details()
	form["agreed"] = g.get("/checkout").value("agreed")
	page := g.post("/checkout", form).status(t, 503)
	if !strings.Contains(page.text(".notice-error"), i18n.EN.T("shop.order.gateway_down")) {
		t.Errorf("the page says %q", page.text(".notice"))
	}
	if page.Find("form[action$='/pay']").Length() != 1 {
		t.Error("there is no way to pay again")
	}
	g.post(page.Find("form[action$='/pay']").AttrOr("action", ""), map[string]string{}).status(t, 503)
}
