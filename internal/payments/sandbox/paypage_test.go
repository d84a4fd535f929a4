package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"pishkhan/internal/payments/sandbox"
)

func TestThePayPageShowsThePayment(t *testing.T) {
	b := setup(t, options())
	refID := b.token(t, order())
	response, page := b.post(t, url.Values{"RefId": {refID}, "mobileap": {"09121234567"}})
	got, err := http.Get(b.url + "/?RefId=" + refID)
	if err != nil {
		t.Fatal(err)
	}
	if read(t, got).Find("button[name=outcome]").Length() != 3 {
		t.Error("a GET shows no choice")
	}
	if response.StatusCode != 200 || page.Find("html[lang=fa][dir=rtl]").Length() != 1 {
		t.Errorf("%d", response.StatusCode)
	}
	text := page.Find("body").Text()
	for _, part := range []string{"پیشخان", "۱۰۰٬۰۰۰", "تومان", "۱٬۰۰۰٬۰۰۰ ریال", "987654", "09121234567", "هیچ پولی", "No real money"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s on the page", part)
		}
	}
	for _, outcome := range []string{"pay", "cancel", "fail"} {
		if page.Find("button[name=outcome][value="+outcome+"]").Length() != 1 {
			t.Errorf("no button %s", outcome)
		}
	}
	csp, nonce := response.Header.Get("Content-Security-Policy"), page.Find("style").AttrOr("nonce", "?")
	if !strings.Contains(csp, "style-src 'nonce-"+nonce+"'") || strings.Contains(csp, "unsafe") || page.Find("[style], [onclick]").Length() != 0 {
		t.Error(csp)
	}
	if state := b.Transactions()[0].State; state != sandbox.Tokened {
		t.Errorf("looking made it %s", state)
	}
}

func TestAnOutcomeIsDecidedOnceAndSentBack(t *testing.T) {
	for outcome, want := range map[string]sandbox.State{"pay": sandbox.Paid, "cancel": sandbox.Cancelled, "fail": sandbox.Failed} {
		t.Run(outcome, func(t *testing.T) {
			b := setup(t, options())
			refID := b.token(t, order())
			_, page := b.post(t, url.Values{"RefId": {refID}, "outcome": {outcome}})
			form := page.Find("form#callback[method=post]")
			if form.AttrOr("action", "") != "https://shop.test/back?invoice=987654" || form.Find("button").Length() != 1 || page.Find("script").Length() != 1 {
				t.Errorf("the way back: %s", page.Text())
			}
			id, paid := form.Find("input[name=PaygateTranId]").Attr("value")
			if paid != (outcome == "pay") || (paid && id != "1938000001") {
				t.Errorf("PaygateTranId %q", id)
			}
			_, again := b.post(t, url.Values{"RefId": {refID}, "outcome": {map[bool]string{true: "cancel", false: "pay"}[outcome == "pay"]}})
			if got := b.Transactions()[0].State; got != want {
				t.Errorf("%s, not %s", got, want)
			}
			if again.Find("form#callback button").Length() != 1 || again.Find("script").Length() != 0 {
				t.Error("the second page sends back by itself")
			}
		})
	}
}

func TestAnUnknownRefId(t *testing.T) {
	b := setup(t, options())
	for _, refID := range []string{"", "nobody's", "<script>"} {
		response, page := b.post(t, url.Values{"RefId": {refID}, "outcome": {"pay"}})
		if response.StatusCode != 404 || page.Find("#unknown").Length() != 1 || page.Find("button, script").Length() != 0 {
			t.Errorf("%q: %d", refID, response.StatusCode)
		}
	}
}

func TestALostCallbackSaysSo(t *testing.T) {
	b := setup(t, options())
	refID := b.token(t, order())
	if err := b.Inject(sandbox.Injection{Effect: sandbox.LostCallback, Invoice: 987654, Times: 1}); err != nil {
		t.Fatal(err)
	}
	_, page := b.post(t, url.Values{"RefId": {refID}, "outcome": {"pay"}})
	if page.Find("#lost-callback").Length() != 1 || page.Find("form, script").Length() != 0 {
		t.Error(page.Text())
	}
	if state := b.Transactions()[0].State; state != sandbox.Paid {
		t.Errorf("the payment is %s", state)
	}
}

func TestADoubleCallback(t *testing.T) {
	var calls atomic.Int64
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.PostFormValue("PaygateTranId") == "1938000001" && r.URL.Query().Get("invoice") == "987654" {
			calls.Add(1)
		}
	}))
	defer shop.Close()
	b := setup(t, options())
	request := order()
	request["callbackURL"] = shop.URL + "/back?invoice=987654"
	refID := b.token(t, request)
	if err := b.Inject(sandbox.Injection{Effect: sandbox.DoubleCallback}); err != nil {
		t.Fatal(err)
	}
	_, page := b.post(t, url.Values{"RefId": {refID}, "outcome": {"pay"}})
	if calls.Load() != 1 || page.Find("form#callback").Length() != 1 || page.Find("script").Length() != 1 {
		t.Errorf("%d callbacks of the gateway's own", calls.Load())
	}
}
