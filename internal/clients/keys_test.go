package clients_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
)

func TestKeyOpensUntilItEnds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	shop := b.shop(t, "Shop")
	issue := func(age time.Duration) (clients.Key, string) {
		key, secret, err := b.clients.IssueKey(b.ctx, audit.Machine, shop.ID, "main", []clients.Scope{clients.ReadOrders, clients.ReadServices, "all:everything"}, age)
		must(t, err)
		return key, secret.Reveal()
	}
	key, secret := issue(0)
	if !strings.HasPrefix(secret, key.Prefix) || len(secret) < len(key.Prefix)+36 {
		t.Errorf("prefix %q tells too much of a token of %d letters", key.Prefix, len(secret))
	}
	access, err := b.clients.Authenticate(b.ctx, secret)
	must(t, err)
	if access.Client.ID != shop.ID || access.KeyID != key.ID {
		t.Errorf("let in as %+v", access)
	}
	if access.May(clients.ReadOrders) != nil || !fault.Is(access.May(clients.WriteOrders), fault.Forbidden) || !fault.Is(access.May("all:everything"), fault.Forbidden) {
		t.Errorf("scopes %v", access.Scopes)
	}

	refused := func(what, secret string) {
		t.Helper()
		if _, err := b.clients.Authenticate(b.ctx, secret); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("nothing", "")
	refused("another token", secret+"x")
	_, short := issue(time.Hour)
	b.clock.Advance(time.Hour)
	refused("an expired key", short)
	must(t, b.clients.Revoke(b.ctx, audit.Machine, shop.ID, key.ID))
	refused("a revoked key", secret)
	_, last := issue(0)
	must(t, b.clients.Disable(b.ctx, audit.Machine, shop.ID))
	refused("a disabled client's key", last)
	if _, _, err := b.clients.IssueKey(b.ctx, audit.Machine, shop.ID, "more", clients.Scopes, 0); !fault.Is(err, fault.Conflict) {
		t.Errorf("a key for a disabled client: %v", err)
	}
	other := b.shop(t, "Other")
	if err := b.clients.Revoke(b.ctx, audit.Machine, other.ID, key.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another client's key: %v", err)
	}
}

// No table holds a token, and the record of each act is there.
func TestTokensAreNotKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	shop := b.shop(t, "Shop")
	_, secret, err := b.clients.IssueKey(b.ctx, audit.Machine, shop.ID, "main", clients.Scopes, 0)
	must(t, err)
	var found, noted int
	must(t, b.pool.QueryRow(b.ctx, `SELECT count(*) FROM api_keys k WHERE k::text LIKE '%' || $1 || '%'`, secret.Reveal()[8:]).Scan(&found))
	must(t, b.pool.QueryRow(b.ctx, `SELECT count(*) FROM audit_entries WHERE verb LIKE 'client.%' AND subject = $1`, shop.Subject()).Scan(&noted))
	if found != 0 || noted != 2 {
		t.Errorf("the token is in %d rows; %d acts on record", found, noted)
	}
}

func TestUseIsKnownToTheMinute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	shop := b.shop(t, "Shop")
	_, secret, err := b.clients.IssueKey(b.ctx, audit.Machine, shop.ID, "main", clients.Scopes, 0)
	must(t, err)
	lastUse := func() time.Time {
		_, err := b.clients.Authenticate(b.ctx, secret.Reveal())
		must(t, err)
		keys, err := b.clients.Keys(b.ctx, shop.ID)
		must(t, err)
		return *keys[0].LastUsedAt
	}
	first := lastUse()
	b.clock.Advance(59 * time.Second)
	if got := lastUse(); !got.Equal(first) {
		t.Errorf("written again after 59 s: %s", got)
	}
	b.clock.Advance(time.Second)
	if got := lastUse(); !got.Equal(start.Add(time.Minute)) {
		t.Errorf("after a minute: %s", got)
	}
}

func TestMeter(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range clients.Burst {
		if a := b.clients.Meter(1); a.Refused || a.Remaining != clients.Burst-1-i {
			t.Fatalf("request %d: %+v", i+1, a)
		}
	}
	if a := b.clients.Meter(1); !a.Refused || a.Wait <= 0 || a.Wait > clients.BurstWindow/clients.Burst {
		t.Errorf("one too many: %+v", a)
	}
	if a := b.clients.Meter(2); a.Refused {
		t.Error("another key pays for it")
	}
	b.clock.Advance(clients.BurstWindow)
	if a := b.clients.Meter(1); a.Refused || a.Remaining != clients.Burst-1 {
		t.Errorf("after the window: %+v", a)
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for origins, want := range map[string]string{
		"https://Shop.example\nhttps://shop.example/ http://127.0.0.1:3000": "https://shop.example http://127.0.0.1:3000",
		"":                       "",
		"http://shop.example":    "!",
		"https://shop.example/x": "!",
		"https://u@shop.example": "!",
		"javascript:alert(1)":    "!",
		"shop.example":           "!",
	} {
		client, err := b.clients.Create(b.ctx, audit.Machine, clients.Form{Name: " A  shop ", ReturnOrigins: origins})
		if want == "!" {
			if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Fields[0].Name != "return_origins" {
				t.Errorf("%q: %v", origins, err)
			}
			continue
		}
		must(t, err)
		if got := strings.Join(client.ReturnOrigins, " "); got != want || client.Name != "A shop" {
			t.Errorf("%q: %q of %q", origins, got, client.Name)
		}
	}
	if _, err := b.clients.Create(b.ctx, audit.Machine, clients.Form{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no name: %v", err)
	}
}

func TestReturnAddresses(t *testing.T) {
	t.Parallel()
	c := clients.Client{ReturnOrigins: []string{"https://shop.example", "http://localhost:3000"}}
	for address, want := range map[string]bool{
		"https://shop.example/thanks?a=1":    true,
		"https://SHOP.example":               true,
		"http://localhost:3000/x":            true,
		"http://shop.example/":               false,
		"https://shop.example:8443/":         false,
		"https://shop.example@evil.example/": false,
		"https://evil.example/":              false,
		"//shop.example/":                    false,
		"/thanks":                            false,
		"javascript:alert(1)":                false,
		"":                                   false,
	} {
		if got := c.MayReturnTo(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
