package asanpardakht_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/clock"
	"pishkhan/internal/payments/asanpardakht"
)

// answering is a gateway that says always the same, and the requests it got.
func answering(t *testing.T, status int, body string) (*asanpardakht.Client, *[]string) {
	t.Helper()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, _ := io.ReadAll(r.Body)
		got = append(got, fmt.Sprintf("%s %s usr=%s pwd=%s %s\n%s", r.Method, r.URL, r.Header.Get("usr"), r.Header.Get("pwd"), r.Header.Get("Content-Type"), sent))
		if status/100 == 3 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return asanpardakht.New(configFor(server, clock.At(noon))), &got
}

func TestTheRequestsAreTheDocumentedOnes(t *testing.T) {
	client, got := answering(t, 200, `"REF"`)
	refID, err := client.Token(t.Context(), asanpardakht.TokenRequest{Invoice: 987654, AmountRials: 1_000_000, CallbackURL: "https://shop.test/back?invoice=987654"})
	must(t, err)
	_, _ = client.TranResult(t.Context(), 987654)
	must(t, client.Verify(t.Context(), 1938987738))
	must(t, client.Settlement(t.Context(), 1938987738))
	must(t, client.Reverse(t.Context(), 1938987738))
	must(t, client.Cancel(t.Context(), 1938987738))
	_, _ = client.Time(t.Context())

	const head = " usr=shop pwd=open sesame application/json\n"
	const step = head + `{"merchantConfigurationId":4242,"payGateTranId":1938987738}`
	want := []string{
		"POST /v1/Token" + head + `{"serviceTypeId":1,"merchantConfigurationId":4242,"localInvoiceId":987654,"amountInRials":1000000,` +
			`"localDate":"20261005 140500","callbackURL":"https://shop.test/back?invoice=987654","paymentId":"0","additionalData":""}`,
		"GET /v1/TranResult?localInvoiceId=987654&merchantConfigurationId=4242" + head,
		"POST /v1/Verify" + step,
		"POST /v1/Settlement" + step,
		"POST /v1/Reverse" + step,
		"POST /v1/Cancel" + step,
		"GET /v1/Time" + head,
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Error(diff)
	}
	form := client.PayForm(refID, "09121234567")
	if diff := cmp.Diff(map[string]string{"RefId": "REF", "mobileap": "09121234567"}, form.Fields); diff != "" {
		t.Error(diff)
	}
	if _, has := client.PayForm(refID, "").Fields["mobileap"]; has {
		t.Error("an empty mobile is sent")
	}
}

// TestTheDocumentedAnswer reads the page's own example.
func TestTheDocumentedAnswer(t *testing.T) {
	const example = `{"cardNumber":"502229xxxx4837","rrn":"055340189442","refID":"r","amount":"3168000","payGateTranID":"1938987738",` +
		`"salesOrderID":"1094803","payGateTranDate":"2024-03-25T13:05:04.77","payGateTranDateEpoch":1711359304.0,"more":{"a":[1]}}`
	client, _ := answering(t, 200, example)
	got, err := client.TranResult(t.Context(), 1094803)
	must(t, err)
	must(t, got.Matches(1094803, 3_168_000))
	if got.TranID != 1938987738 || got.RRN != "055340189442" || got.Card != "502229xxxx4837" || got.PaidAt.Unix() != 1711359304 {
		t.Errorf("%+v", got)
	}
	client, _ = answering(t, 200, strings.Replace(example, `"payGateTranDateEpoch":1711359304.0,`, "", 1))
	without, err := client.TranResult(t.Context(), 1094803)
	must(t, err)
	if without.PaidAt.Unix() != got.PaidAt.Unix() {
		t.Errorf("by the date: %v, by the epoch: %v", without.PaidAt, got.PaidAt)
	}
}

func TestAnswersThatMakeNoSenseAreUnknown(t *testing.T) {
	for name, body := range map[string]string{
		"a page":            "<html>maintenance</html>",
		"null":              "null",
		"an empty object":   "{}",
		"cut off":           `{"amount":"3168000","payGateTranID":"19389`,
		"an array":          "[]",
		"no amount":         `{"payGateTranID":1,"salesOrderID":7}`,
		"amount in letters": `{"amount":"many","payGateTranID":1,"salesOrderID":7}`,
		"half a rial":       `{"amount":10.5,"payGateTranID":1,"salesOrderID":7}`,
		"too large":         `{"amount":99999999999999999999,"payGateTranID":1,"salesOrderID":7}`,
		"endless":           `{"amount":1,"payGateTranID":1,"salesOrderID":7}` + strings.Repeat(" ", 1<<20),
	} {
		client, _ := answering(t, 200, body)
		if _, err := client.TranResult(t.Context(), 7); !asanpardakht.Unknown(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	client, got := answering(t, 307, "")
	if err := client.Verify(t.Context(), 1); !asanpardakht.Unknown(err) || code(err) != 307 {
		t.Error(err)
	}
	if len(*got) != 1 {
		t.Errorf("%d requests", len(*got))
	}
}

// TestNothingPrintsTheCredentials looks everywhere where they could slip out.
func TestNothingPrintsTheCredentials(t *testing.T) {
	client, _ := answering(t, 473, `{"message":"open sesame is wrong"}`)
	config := configFor(httptest.NewUnstartedServer(nil), clock.At(noon))
	_, err := client.Token(t.Context(), asanpardakht.TokenRequest{Invoice: 1, AmountRials: amount, CallbackURL: callback})
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "config", config, "client", client, "err", err)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "config", config, "client", client, "err", err)
	encoded, _ := json.Marshal(map[string]any{"config": config, "client": client})
	out.Write(encoded)
	fmt.Fprintf(&out, "%v %+v %#v %v %+v %#v %v %+v", config, config, config, client, client, client, err, err)
	if strings.Contains(out.String(), "sesame") || strings.Contains(out.String(), "shop") {
		t.Error(out.String())
	}
}
