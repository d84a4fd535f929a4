package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"pishkhan/internal/clock"
	"pishkhan/internal/payments/sandbox"
)

var noon = time.Date(2026, 10, 5, 10, 35, 0, 0, time.UTC)

func options() sandbox.Options {
	return sandbox.Options{
		User: "shop", Password: "open sesame", MerchantConfigurationID: 4242,
		MerchantName: "پیشخان", Clock: clock.At(noon),
	}
}

// bench is a gateway reached over HTTP, without our own client.
type bench struct {
	*sandbox.Server
	url string
}

func setup(t *testing.T, o sandbox.Options) *bench {
	t.Helper()
	gateway, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	return &bench{gateway, server.URL}
}

// order is the documents' own example of a token request.
func order() map[string]any {
	return map[string]any{
		"serviceTypeId": 1, "merchantConfigurationId": 4242, "localInvoiceId": 987654, "amountInRials": 1_000_000,
		"localDate": "20261005 140500", "callbackURL": "https://shop.test/back?invoice=987654", "paymentId": "0", "additionalData": "",
	}
}

// call sends body (if any) as JSON, with user and password.
func (b *bench) call(t *testing.T, method, path string, body any) (int, string) {
	t.Helper()
	encoded := ""
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		encoded = string(raw)
	}
	return b.send(t, method, path, encoded, http.Header{
		"Usr": {"shop"}, "Pwd": {"open sesame"}, "Content-Type": {"application/json"},
	})
}

func (b *bench) send(t *testing.T, method, path, body string, header http.Header) (int, string) {
	t.Helper()
	request, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// token announces a payment and returns its RefId.
func (b *bench) token(t *testing.T, order map[string]any) string {
	t.Helper()
	status, body := b.call(t, "POST", "/v1/Token", order)
	var refID string
	if err := json.Unmarshal([]byte(body), &refID); status != 200 || err != nil || refID == "" {
		t.Fatalf("token: %d %s", status, body)
	}
	return refID
}

// post posts a form to the pay page and reads the page that comes.
func (b *bench) post(t *testing.T, form url.Values) (*http.Response, *goquery.Document) {
	t.Helper()
	response, err := http.PostForm(b.url+"/pay", form)
	if err != nil {
		t.Fatal(err)
	}
	return response, read(t, response)
}

func read(t *testing.T, response *http.Response) *goquery.Document {
	t.Helper()
	defer response.Body.Close()
	page, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page
}
