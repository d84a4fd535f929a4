package asanpardakht_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"pishkhan/internal/clock"
	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/seal"
)

const (
	merchant = 4242
	amount   = int64(3_168_000)
	callback = "https://shop.test/payments/asanpardakht/callback?invoice=7"
)

var noon = time.Date(2026, 10, 5, 10, 35, 0, 0, time.UTC) // 14:05 in Tehran

// bench is our client and a gateway for it, over HTTP on loopback.
type bench struct {
	*asanpardakht.Client
	gateway *sandbox.Server
	server  *httptest.Server
	clock   *clock.Fixed
}

func setup(t *testing.T) *bench {
	t.Helper()
	now := clock.At(noon)
	gateway, err := sandbox.New(sandbox.Options{
		User: "shop", Password: "open sesame", MerchantConfigurationID: merchant, MerchantName: "Shop", Clock: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	return &bench{asanpardakht.New(configFor(server, now)), gateway, server, now}
}

func configFor(server *httptest.Server, now clock.Clock) asanpardakht.Config {
	return asanpardakht.Config{
		APIHost: server.URL, PayPage: server.URL + "/pay",
		User: seal.NewSecret("shop"), Password: seal.NewSecret("open sesame"),
		MerchantConfigurationID: merchant, Clock: now,
	}
}

// token announces an attempt to pay amount.
func (b *bench) token(t *testing.T, invoice int64) string {
	t.Helper()
	refID, err := b.Token(t.Context(), asanpardakht.TokenRequest{Invoice: invoice, AmountRials: amount, CallbackURL: callback})
	if err != nil {
		t.Fatal(err)
	}
	return refID
}

// click announces an attempt and presses a button of the pay page: pay, fail
// or cancel. It returns the gateway's transaction, 0 when there is none.
func (b *bench) click(t *testing.T, invoice int64, outcome string) int64 {
	t.Helper()
	refID := b.token(t, invoice)
	form := b.PayForm(refID, "09121234567")
	values := url.Values{"outcome": {outcome}}
	for name, value := range form.Fields {
		values.Set(name, value)
	}
	response, err := http.PostForm(form.URL, values)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 {
		t.Fatalf("the pay page answers %d", response.StatusCode)
	}
	for _, tx := range b.gateway.Transactions() {
		if tx.RefID == refID {
			return tx.TranID
		}
	}
	t.Fatal("the gateway has forgotten the token")
	return 0
}

func (b *bench) inject(t *testing.T, i sandbox.Injection) {
	t.Helper()
	if err := b.gateway.Inject(i); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
