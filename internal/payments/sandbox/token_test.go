package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/payments/sandbox"
)

// TestWhatIsWrongWithATokenRequest has each code that a request itself can
// earn; the other codes of the page are injected by the conformance suite.
func TestWhatIsWrongWithATokenRequest(t *testing.T) {
	portions := func(iban string, parts ...any) []map[string]any {
		var all []map[string]any
		for _, part := range parts {
			all = append(all, map[string]any{"iban": iban, "amountInRials": part, "paymentId": "0"})
		}
		return all
	}
	const iban = "IR820540102680020817909002"
	for _, c := range []struct {
		field string
		value any
		want  int
	}{
		{"merchantConfigurationId", 4243, 471},
		{"merchantConfigurationId", nil, 471},
		{"localInvoiceId", "A-7", 475},
		{"localInvoiceId", -7, 475},
		{"localInvoiceId", 0, 475},
		{"localInvoiceId", 1.5, 475},
		{"localInvoiceId", nil, 475},
		{"localInvoiceId", "987654", 200},
		{"amountInRials", "many", 476},
		{"amountInRials", 1000.5, 476},
		{"amountInRials", nil, 476},
		{"amountInRials", 999, 486},
		{"amountInRials", 0, 486},
		{"amountInRials", 10_000_000_001, 486},
		{"amountInRials", 10_000_000_000, 200},
		{"localDate", "", 477},
		{"localDate", "2026-10-05 14:05:00", 477},
		{"localDate", "20261005T140500", 478},
		{"localDate", "20261305 140500", 485},
		{"localDate", "20261005 250000", 485},
		{"serviceTypeId", 2, 479},
		{"settlementPortions", []any{}, 200},
		{"settlementPortions", portions(iban, 400_000, 600_000), 200},
		{"settlementPortions", portions(iban, 400_000, 500_000), 482},
		{"settlementPortions", portions(iban, "all"), 482},
		{"settlementPortions", portions("IR820540102680020817909003", 1_000_000), 483},
		{"settlementPortions", portions("none", 1_000_000), 483},
		{"callbackURL", "", 488},
		{"callbackURL", "/back", 488},
		{"callbackURL", "javascript:alert(1)", 488},
		{"callbackURL", "https://shop.test/back?a=1&b=2", 200},
	} {
		t.Run(fmt.Sprint(c.field, "=", c.value), func(t *testing.T) {
			b := setup(t, options())
			request := order()
			request[c.field] = c.value
			if got, body := b.call(t, "POST", "/v1/Token", request); got != c.want {
				t.Errorf("%d %s, not %d", got, body, c.want)
			}
			if kept := len(b.Transactions()); kept != map[bool]int{true: 1}[c.want == 200] {
				t.Errorf("%d transactions", kept)
			}
		})
	}
}

func TestAnInvoiceNumberServesOnce(t *testing.T) {
	b := setup(t, options())
	b.token(t, order())
	if got, _ := b.call(t, "POST", "/v1/Token", order()); got != 489 {
		t.Errorf("used again: %d", got)
	}
}

func TestHeadersOnEachCall(t *testing.T) {
	b := setup(t, options())
	for _, call := range []string{"GET /v1/Time", "GET /v1/TranResult", "POST /v1/Token", "POST /v1/Verify", "POST /v1/Settlement", "POST /v1/Reverse", "POST /v1/Cancel"} {
		method, path, _ := strings.Cut(call, " ")
		if got, _ := b.send(t, method, path, "{}", http.Header{"Content-Type": {"application/json"}}); got != 401 {
			t.Errorf("%s without user and password: %d", call, got)
		}
		if method == "POST" {
			for body, kind := range map[string]string{"{": "application/json", "{}": "text/plain", "[]": "application/json"} {
				header := http.Header{"Usr": {"shop"}, "Pwd": {"open sesame"}, "Content-Type": {kind}}
				if got, _ := b.send(t, method, path, body, header); got != 400 {
					t.Errorf("%s of %s %s: %d", call, kind, body, got)
				}
			}
		}
		if got, _ := b.call(t, "PUT", path, nil); got != 405 {
			t.Errorf("PUT %s: %d", path, got)
		}
	}
}

// TestErrorBodiesVary: a client that reads them must fall over here.
func TestErrorBodiesVary(t *testing.T) {
	b := setup(t, options())
	shapes := map[string]bool{}
	for _, code := range []int{471, 472, 473} {
		if err := b.Inject(sandbox.Injection{Effect: sandbox.Answer, Code: code, Times: 1}); err != nil {
			t.Fatal(err)
		}
		got, body := b.call(t, "GET", "/v1/Time", nil)
		if got != code {
			t.Errorf("%d, not %d", got, code)
		}
		var keys map[string]any
		_ = json.Unmarshal([]byte(body), &keys)
		shapes[fmt.Sprint(len(keys), keys["error"] != nil)] = true
	}
	if len(shapes) != 3 {
		t.Errorf("shapes %v", shapes)
	}
}

// TestTheAnswerIsTheDocumentedOne checks names and quotes, byte by byte.
func TestTheAnswerIsTheDocumentedOne(t *testing.T) {
	b := setup(t, options())
	refID := b.token(t, order())
	b.post(t, map[string][]string{"RefId": {refID}, "outcome": {"pay"}})
	const path = "/v1/TranResult?merchantConfigurationId=4242&localInvoiceId=987654"
	_, body := b.call(t, "GET", path, nil)
	for _, part := range []string{
		`"refID":"` + refID + `"`, `"amount":"1000000"`, `"payGateTranID":"1938000001"`, `"salesOrderID":"987654"`, `"rrn":"05`,
		`"payGateTranDate":"2026-10-05T14:05:00.00"`, `"payGateTranDateEpoch":1791196500.0`, `"cardNumber":"502229xxxx`,
	} {
		if !strings.Contains(body, part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
	if got, _ := b.call(t, "POST", "/sandbox/inject", map[string]any{"effect": "unquoted"}); got != 204 {
		t.Fatal(got)
	}
	_, body = b.call(t, "GET", path, nil)
	for _, part := range []string{`"amount":1000000,`, `"payGateTranID":1938000001,`, `"salesOrderID":987654,`, `"rrn":"05`} {
		if !strings.Contains(body, part) {
			t.Errorf("unquoted: no %s in %s", part, body)
		}
	}
	if _, now := b.call(t, "GET", "/v1/Time", nil); strings.TrimSpace(now) != `"20261005 140500"` {
		t.Error(now)
	}
	if status, empty := b.call(t, "POST", "/v1/Verify", map[string]any{"merchantConfigurationId": 4242, "payGateTranId": 1938000001}); status != 200 || empty != "" {
		t.Error(status, empty)
	}
}
