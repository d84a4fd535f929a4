package shop_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/checkout"
	"pishkhan/internal/clients"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/payments"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// linked places an order as another shop front does, and returns its code and
// the page where its customer pays.
func (b *bench) linked(t *testing.T, returnURL string) (code, path string) {
	t.Helper()
	h := b.House
	client, err := h.Clients.Create(t.Context(), audit.Machine, clients.Form{Name: "Bazaar", ReturnOrigins: "https://shop.example"})
	testworld.Must(t, err)
	service, err := h.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	checked, err := service.Definition.Check(sample.Answers("steam-wallet", b.Clock.Now()), b.Clock.Now())
	testworld.Must(t, err)
	answers := service.Definition.Nested(checked.Open)
	for name, value := range checked.Sealed {
		answers[name] = value
	}
	quoted, err := h.Counter.Quote(t.Context(), client, checkout.QuoteRequest{Slug: "steam-wallet", Answers: answers, Together: 1})
	testworld.Must(t, err)
	order := checkout.ClientOrder{
		Lines: []checkout.ClientLine{{Quote: quoted.ID, Answers: answers}}, Identity: b.Someone().Identity, Lang: i18n.FA, ReturnURL: returnURL,
	}
	_, err = h.Counter.Place(t.Context(), client, clients.Request{ClientID: client.ID, Key: "key-00001"}, order, func(p checkout.PlacedByClient) ([]byte, error) {
		code, path = p.Orders[0].Code, "/pay/"+string(p.PayToken)
		return nil, nil
	})
	testworld.Must(t, err)
	return code, path
}

// Who is sent here pays with one press, and goes back to where they came from.
func TestPayLink(t *testing.T) {
	b := setup(t)
	code, path := b.linked(t, "https://shop.example/thanks?cart=7")
	g := b.guest(t, i18n.EN)
	page := g.get(path).status(t, 200)
	if !strings.Contains(page.text("main"), "Bazaar") || !strings.Contains(page.text("main"), code) || page.text("[data-total]") == "" {
		t.Errorf("the page says %q", page.text("main"))
	}
	if n := b.Count(t, `SELECT count(*) FROM payment_attempts`); n != 0 {
		t.Error("to look at the page begins a payment")
	}
	g.get("/orders/"+code).status(t, 404)
	if n := b.Count(t, `SELECT count(*) FROM pay_links WHERE encode(token_hash, 'escape') LIKE '%' || $1 || '%'`, path[5:20]); n != 0 {
		t.Error("the token is kept")
	}

	atGateway(t, g.post(path, map[string]string{}).status(t, 200), "pay")
	invoice := b.invoice(t)
	b.callback(t, invoice, nil).leadsTo(t, "/payments/return?invoice="+invoice)
	g.get("/payments/return?invoice="+invoice).leadsTo(t, "https://shop.example/thanks?cart=7&order="+code)

	for _, a := range []answer{g.get(path).status(t, 200), g.post(path, map[string]string{}).status(t, 409)} {
		if a.text("h1") != i18n.EN.T("pay.paid.title") || a.Find("form[action='"+path+"']").Length() != 0 {
			t.Errorf("once paid: %q", a.text("main"))
		}
	}
}

func TestPayLinkEnds(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	g.get("/pay/nothing").status(t, 404)

	_, path := b.linked(t, "")
	g.get(path).status(t, 200)
	g.do("POST", path, nil, map[string]string{"Sec-Fetch-Site": "same-origin"}).status(t, 403) // no form of ours
	atGateway(t, g.post(path, map[string]string{}).status(t, 200), "cancel")
	invoice := b.invoice(t)
	if page := g.get("/payments/return?invoice="+invoice).status(t, 200); page.text("h1") != i18n.FA.T("shop.payment.not_paid.title") {
		t.Errorf("cancelled at the gateway: %q", page.text("h1"))
	}
	disabled := func(how string) {
		t.Helper()
		_, err := b.House.Pool.Exec(t.Context(), `UPDATE api_clients SET disabled_at = `+how)
		testworld.Must(t, err)
	}
	disabled("now()")
	g.get(path).status(t, 404)
	g.post(path, map[string]string{}).status(t, 404)
	disabled("NULL")
	b.Clock.Advance(time.Hour)
	if page := g.post(path, map[string]string{}).status(t, 409); page.text("h1") != i18n.FA.T("pay.over.title") {
		t.Errorf("too late: %q", page.text("h1"))
	}
	if page := g.get(path).status(t, 200); page.Find("main form[method=post]").Length() != 0 {
		t.Error("too late, and still there is a button")
	}

	code, path := b.linked(t, "")
	atGateway(t, g.post(path, map[string]string{}).status(t, 200), "pay")
	g.get("/payments/return?invoice="+b.invoice(t)).leadsTo(t, "/orders/"+code)
}

// refusing is a gateway that does not take the amount.
type refusing struct{ payments.Gateway }

func (refusing) Start(context.Context, int64, money.Rials, string, string) (payments.Redirect, error) {
	return payments.Redirect{}, payments.ErrAmount
}

func TestPayLinkWhenTheGatewayIsOfNoHelp(t *testing.T) {
	b := setup(t)
	_, path := b.linked(t, "")
	for _, tt := range []struct {
		gateway payments.Gateway
		status  int
		words   string
	}{
		{closed{b.Simulator.Gateway}, 503, i18n.EN.T("pay.down.title")},
		{refusing{b.Simulator.Gateway}, 409, "The gateway does not take"},
	} {
		b.app = open(b.HouseAt(t, tt.gateway), "http://127.0.0.1:8080")
		g := b.guest(t, i18n.EN)
		g.get(path).status(t, 200)
		page := g.post(path, map[string]string{}).status(t, tt.status)
		if !strings.Contains(page.text(".notice"), tt.words) || page.Find("form[action='"+path+"']").Length() != 1 {
			t.Errorf("the page says %q", page.text("main"))
		}
	}
}
