package shop_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// letter is where the link of the newest message of a kind leads, as its
// words would have it.
func (b *bench) letter(t *testing.T, o orders.Order, kind notify.Kind) (path string) {
	t.Helper()
	messages, err := b.House.Notices.Of(t.Context(), int64(o.ID))
	testworld.Must(t, err)
	for _, m := range messages {
		if m.Kind == kind {
			token, err := b.House.Letters.Token(t.Context(), m.Detail.Link)
			testworld.Must(t, err)
			path = "/l/" + token.Reveal()
		}
	}
	if path == "" {
		t.Fatalf("no %s was queued", kind)
	}
	return path
}

// A phone that has never been here answers by the link of the message; the
// order goes on, and the link leads to nothing more than its order.
func TestAnswerByLink(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		o := b.Claimed(t)
		testworld.Must(t, b.House.Queue.Hold(t.Context(), b.Operator, o.Code, "which account?"))
		path := b.letter(t, o, notify.OrderQuestion)
		g := b.guest(t, lang)
		page := g.get(path).status(t, 200)
		if page.text("[data-question]") != "which account?" || !strings.Contains(page.text("h1"), o.Code) {
			t.Errorf("%s: the page says %q", lang, page.text("main"))
		}
		g.get("/orders/"+o.Code).status(t, 404) // to look begins nothing
		if n := b.Count(t, "SELECT count(*) FROM order_links WHERE encode(token_hash, 'escape') || encode(nonce, 'escape') LIKE '%' || $1 || '%'", path[3:23]); n != 0 {
			t.Error("the token is kept")
		}
		refused := g.post(path+"/answer", map[string]string{"answer": " "}).status(t, 422)
		if refused.errorAt("answer") == "" {
			t.Errorf("%s: an empty answer: %q", lang, refused.text("main"))
		}
		g.post(path+"/answer", map[string]string{"answer": "sara_m"}).leadsTo(t, "/orders/"+o.Code)
		if got := b.Order(t, o); got.State != orders.InProgress {
			t.Errorf("%s: it is %s", lang, got.State)
		}
		g.get("/orders/"+o.Code).status(t, 200)
		if again := g.get(path).status(t, 200); again.Find("form[action$='/answer']").Length() != 0 {
			t.Error("it asks again")
		}
		g.post(path+"/answer", map[string]string{"answer": "again"}).status(t, 409)
		b.Clock.Advance(14 * 24 * time.Hour)
		g.get(path).status(t, 404)
	}
	b.guest(t, i18n.FA).get("/l/nothing").status(t, 404)
}

// The difference is paid by the link of the message, at the gateway, and the
// order goes on; cancelled there, the order's page asks again.
func TestPayExtraByLink(t *testing.T) {
	b := setup(t)
	o := b.Claimed(t)
	extra := b.extra(t, o)
	path := b.letter(t, o, notify.ExtraAsked)
	g := b.guest(t, i18n.EN)
	page := g.get(path).status(t, 200)
	if got := page.text("[data-extra]"); !strings.Contains(got, i18n.EN.Toman(extra)) || !strings.Contains(got, "a new tax") {
		t.Errorf("it asks for %q", got)
	}
	atGateway(t, g.post(path+"/pay", map[string]string{}).status(t, 200), "cancel")
	g.get("/payments/return?invoice="+b.invoice(t)).leadsTo(t, "/orders/"+o.Code)
	if got := b.Order(t, o); got.State != orders.WaitingCustomer {
		t.Fatalf("not paid, it is %s", got.State)
	}
	again := g.get("/orders/"+o.Code).status(t, 200)
	if again.Find("form[action='/orders/"+o.Code+"/extra']").Length() != 1 {
		t.Fatalf("its page says %q", again.text("main"))
	}
	atGateway(t, g.post("/orders/"+o.Code+"/extra", map[string]string{}).status(t, 200), "pay")
	invoice := b.invoice(t)
	b.callback(t, invoice, nil).leadsTo(t, "/payments/return?invoice="+invoice)
	g.get("/payments/return?invoice="+invoice).leadsTo(t, "/orders/"+o.Code)
	if got := b.Order(t, o); got.State != orders.InProgress {
		t.Errorf("paid, it is %s", got.State)
	}
	g.post("/orders/"+o.Code+"/extra", map[string]string{}).status(t, 409)
	g.post(path+"/pay", map[string]string{}).status(t, 409)
}

// A customer reads how their money comes back, and not how it did not.
func TestRefundIsTold(t *testing.T) {
	b := setup(t)
	for _, lang := range i18n.Langs() {
		g := b.guest(t, lang)
		page, _ := b.placed(t, g, "steam-wallet")
		code := codeOf(t, page)
		o, err := b.House.Orders.ByCode(t.Context(), b.House.Pool, code)
		testworld.Must(t, err)
		b.refunded(t, o)
		got := g.get("/orders/"+code).status(t, 200)
		if got.Find("[data-refund=asked]").Length() != 1 || got.Find("[data-refund=failed]").Length() != 0 {
			t.Errorf("%s: %q", lang, got.text("main"))
		}
	}
}
