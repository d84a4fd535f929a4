package sandbox_test

import (
	"strings"
	"testing"

	"pishkhan/internal/payments/sandbox"
)

func TestInjectingFromAnotherProcess(t *testing.T) {
	b := setup(t, options())
	for _, body := range []map[string]any{
		{"effect": "answer", "endpoint": "Time", "code": 801, "times": 1},
		{"effect": "slow", "delayMs": 1, "invoice": 7},
	} {
		if got, why := b.call(t, "POST", "/sandbox/inject", body); got != 204 {
			t.Fatal(got, why)
		}
	}
	if got, _ := b.call(t, "GET", "/v1/Time", nil); got != 801 {
		t.Errorf("time: %d", got)
	}
	if got, _ := b.call(t, "GET", "/v1/Time", nil); got != 200 {
		t.Errorf("the second time: %d", got)
	}
	if _, list := b.call(t, "GET", "/sandbox/inject", nil); strings.TrimSpace(list) != `[{"effect":"slow","invoice":7,"delayMs":1}]` {
		t.Error(list)
	}
	if got, _ := b.call(t, "DELETE", "/sandbox/inject?invoice=8", nil); got != 204 {
		t.Error(got)
	}
	if _, list := b.call(t, "GET", "/sandbox/inject", nil); !strings.Contains(list, "slow") {
		t.Error("clearing invoice 8 cleared invoice 7")
	}
	b.call(t, "DELETE", "/sandbox/inject", nil)
	if _, list := b.call(t, "GET", "/sandbox/inject", nil); strings.TrimSpace(list) != "[]" {
		t.Error(list)
	}
	b.token(t, order())
	if _, list := b.call(t, "GET", "/sandbox/transactions", nil); !strings.Contains(list, `"invoice":987654`) {
		t.Error(list)
	}
}

func TestAnInjectionTouchesOnlyItsInvoice(t *testing.T) {
	b := setup(t, options())
	if err := b.Inject(sandbox.Injection{Effect: sandbox.Answer, Endpoint: "Token", Code: 490, Invoice: 987654}); err != nil {
		t.Fatal(err)
	}
	other := order()
	other["localInvoiceId"] = 987655
	b.token(t, other)
	for range 2 {
		if got, _ := b.call(t, "POST", "/v1/Token", order()); got != 490 {
			t.Errorf("%d", got)
		}
	}
	b.ClearInjections()
	b.token(t, order())
}

func TestInjectionsThatMakeNoSense(t *testing.T) {
	b := setup(t, options())
	for _, body := range []map[string]any{
		{}, {"effect": "magic"}, {"effect": "answer"}, {"effect": "answer", "code": 100}, {"effect": "answer", "code": 1000},
		{"effect": "slow"}, {"effect": "slow", "delayMs": -1}, {"effect": "wrong_amount"}, {"effect": "unquoted", "times": -1},
		{"effect": "answer", "code": 503, "endpoint": "Settle"},
	} {
		if got, _ := b.call(t, "POST", "/sandbox/inject", body); got != 422 {
			t.Errorf("%v: %d", body, got)
		}
	}
	if got, _ := b.call(t, "POST", "/sandbox/inject", "x"); got != 400 {
		t.Error(got)
	}
}
