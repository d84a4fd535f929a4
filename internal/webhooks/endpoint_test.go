package webhooks_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
	"pishkhan/internal/testworld"
	"pishkhan/internal/webhooks"
)

// For a day after a rotation both secrets sign; then the new one alone.
func TestRotation(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	s := setup(t, shop.URL)
	fresh, err := s.House.Webhooks.Rotate(t.Context(), s.Admin, s.client.ID)
	testworld.Must(t, err)
	e := s.deliver(t, s.cancel(t))
	told := func(i int, secret seal.Secret) bool {
		return verify(secret.Reveal(), shop.calls()[i].header, shop.calls()[i].body)
	}
	if !told(0, s.secret) || !told(0, fresh) {
		t.Error("on the first day both secrets sign")
	}
	s.Clock.Advance(24 * time.Hour)
	testworld.Must(t, s.House.Webhooks.Resend(t.Context(), s.Admin, s.client.ID, e.ID))
	s.deliver(t, e)
	if told(1, s.secret) || !told(1, fresh) {
		t.Error("after a day the new secret signs alone")
	}
}

// No table holds a secret; a new address keeps it.
func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()
	s := setup(t, "http://127.0.0.1:9/a")
	again, err := s.House.Webhooks.Set(t.Context(), s.Admin, s.client.ID, "http://127.0.0.1:9/b")
	testworld.Must(t, err)
	if again.Reveal() != "" || !strings.HasPrefix(s.secret.Reveal(), "whsec_") {
		t.Errorf("secrets %d and %d letters long", len(s.secret.Reveal()), len(again.Reveal()))
	}
	if n := s.Count(t, `SELECT count(*) FROM webhook_endpoints e WHERE encode(secret, 'escape') LIKE '%' || $1 || '%'`, s.secret.Reveal()[6:30]); n != 0 {
		t.Error("a secret lies in the clear")
	}
	endpoint, err := s.House.Webhooks.Endpoint(t.Context(), s.client.ID)
	if err != nil || endpoint.URL != "http://127.0.0.1:9/b" {
		t.Errorf("endpoint %+v, %v", endpoint, err)
	}
	testworld.Must(t, s.House.Webhooks.Disable(t.Context(), s.Admin, s.client.ID))
	if _, err := s.House.Webhooks.Rotate(t.Context(), s.Admin, s.client.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("rotated without an endpoint: %v", err)
	}
	renewed, err := s.House.Webhooks.Set(t.Context(), s.Admin, s.client.ID, "http://127.0.0.1:9/c")
	if err != nil || renewed.Reveal() == "" || renewed.Reveal() == s.secret.Reveal() {
		t.Errorf("a new endpoint has a new secret: %v", err)
	}
	if _, err := s.House.Webhooks.Set(t.Context(), s.Admin, 9999, "https://shop.example/"); !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody's webhook: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	s := setup(t, "")
	strict := strictly(t, s)
	for address, want := range map[string]struct{ here, strict bool }{
		"https://shop.example/hook?a=b":        {true, true},
		"https://93.184.215.14/":               {true, true},
		"http://127.0.0.1:3000/hook":           {true, false},
		"http://localhost:3000/hook":           {true, false},
		"https://127.0.0.1/":                   {true, false},
		"http://shop.example/hook":             {},
		"https://10.0.0.7/":                    {},
		"https://169.254.169.254/":             {},
		"https://[::ffff:10.0.0.7]/":           {},
		"https://[fd00::1]/":                   {},
		"https://[64:ff9b::10.0.0.7]/":         {},
		"https://[2002:a00:7::1]/":             {},
		"https://100.64.0.1/":                  {},
		"https://0.0.0.0/":                     {},
		"https://u:p@shop.example/":            {},
		"ftp://shop.example/":                  {},
		"javascript:alert(1)":                  {},
		"https:///hook":                        {},
		"":                                     {},
		"https://shop.example/#frag":           {},
		"https://" + strings.Repeat("a", 2001): {},
	} {
		for name, tt := range map[string]struct {
			hooks *webhooks.Webhooks
			want  bool
		}{"here": {s.House.Webhooks, want.here}, "strict": {strict, want.strict}} {
			_, err := tt.hooks.Set(t.Context(), s.Admin, s.client.ID, address)
			if ok := err == nil; ok != tt.want || !ok && fault.Of(err).Fields[0].Name != "url" {
				t.Errorf("%s, %s: %v", address, name, err)
			}
		}
	}
}

// A name that leads to a private address is found out when it is called; the
// receiver hears nothing.
func TestPrivateNetworksAreNotReached(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	s := setup(t, shop.URL)
	e := s.cancel(t)
	_, port, err := net.SplitHostPort(shop.Listener.Addr().String())
	testworld.Must(t, err)
	_, err = s.House.Pool.Exec(t.Context(), `UPDATE webhook_endpoints SET url = $1`, "https://localhost:"+port+"/")
	testworld.Must(t, err)
	_, err = strictly(t, s).Deliver(t.Context(), e.ID)
	testworld.Must(t, err)
	if e = s.event(t); e.Note != "clients.webhook.private" || e.Status != 0 || e.State != webhooks.Pending {
		t.Errorf("event %+v", e)
	}
	if len(shop.calls()) != 0 {
		t.Error("it was reached")
	}
}

// strictly is the house's webhooks as in production.
func strictly(t *testing.T, s scene) *webhooks.Webhooks {
	t.Helper()
	kek, err := seal.OpenKEKFile(filepath.Join(s.Dir, "kek.json"))
	testworld.Must(t, err)
	return webhooks.New(s.House.Pool, s.Clock, seal.NewKeyring(kek, s.Clock), nil, s.House.Clients, false)
}

// A receiver that never answers is given up on.
func TestSilence(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testworld.Must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	s := setup(t, "http://"+listener.Addr().String())
	e := s.cancel(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.House.Webhooks.Deliver(ctx, e.ID); !errors.Is(err, context.Canceled) {
		t.Errorf("a worker that is told to stop: %v", err)
	}
	s.Clock.Advance(time.Minute)
	s.House.Webhooks.Hurry(50 * time.Millisecond)
	if e = s.deliver(t, e); e.Note != "clients.webhook.slow" || e.State != webhooks.Pending {
		t.Errorf("event %+v", e)
	}
}
