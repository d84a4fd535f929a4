package carts_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// secrets opens a line's login as its order's claimant would: the basket
// itself never can.
func (b baskets) secrets(t *testing.T, o carts.Owner) map[string]string {
	t.Helper()
	who := b.Someone()
	lines := linesOf(t, b.World, o)
	placed, err := b.House.Checkout.Place(t.Context(), sample.Browser(visitorOf(o)), o, who.Lang, who.Identity, total(lines))
	testworld.Must(t, err)
	b.Pay(t, placed)
	b.Approve(t, placed.Orders[0])
	_, err = b.House.Queue.Claim(t.Context(), b.Operator, placed.Orders[0].Code)
	testworld.Must(t, err)
	opened, err := b.House.Fulfil.Reveal(t.Context(), b.Operator, placed.Orders[0].Code, "sign in")
	testworld.Must(t, err)
	plain := map[string]string{}
	for name, secret := range opened {
		plain[name] = secret.Reveal()
	}
	return plain
}

// Editing keeps what is sealed where nothing is typed in its place, and
// replaces it where something is; the old login is destroyed.
func TestEditKeepsSecrets(t *testing.T) {
	for name, tt := range map[string]struct{ login, password string }{
		"both kept": {}, "a new password": {password: "Tazeh-44-abi"}, "both new": {"arash_new", "Tazeh-44-abi"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBaskets(t)
			visitor := b.Visitor(t)
			o := sample.Owner(visitor)
			add(t, b.World, visitor, "steam-wallet")
			before := linesOf(t, b.World, o)[0]
			b.Clock.Advance(time.Minute)
			typed := sample.Answers("steam-wallet", b.Clock.Now())
			want := map[string]string{"site_login": typed["site_login"], "site_password": typed["site_password"]}
			typed["site_login"], typed["site_password"], typed["amount"] = tt.login, tt.password, "75"
			for input, value := range map[string]string{"site_login": tt.login, "site_password": tt.password} {
				if value != "" {
					want[input] = value
				}
			}
			testworld.Must(t, b.House.Carts.Edit(t.Context(), o, before.ID, typed))
			after := linesOf(t, b.World, o)
			if len(after) != 1 || after[0].ID != before.ID || after[0].Answers["amount"] != "75.00" || after[0].Quote.ID == before.Quote.ID ||
				!after[0].Quote.QuotedAt.Equal(b.Clock.Now()) {
				t.Fatalf("%+v", after)
			}
			if kept := after[0].CredentialID == before.CredentialID; kept != (tt.login == "" && tt.password == "") {
				t.Errorf("the credential is kept: %v", kept)
			}
			if n := b.Count(t, "SELECT count(*) FROM credentials WHERE destroyed_at IS NULL"); n != 1 {
				t.Errorf("%d logins are kept", n)
			}
			if got := b.secrets(t, o); !maps.Equal(got, want) {
				t.Errorf("sealed are %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
		})
	}
}

// What is refused changes nothing; another's line is not there.
func TestEditRefused(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	o := sample.Owner(visitor)
	add(t, b.World, visitor, "steam-wallet")
	before := linesOf(t, b.World, o)[0]
	typed := sample.Answers("steam-wallet", b.Clock.Now())
	if err := b.House.Carts.Edit(t.Context(), sample.Owner(b.Visitor(t)), before.ID, typed); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's line: %v", err)
	}
	typed["amount"], typed["site_password"] = "-1", "another"
	f := fault.Of(b.House.Carts.Edit(t.Context(), o, before.ID, typed))
	if f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "amount" {
		t.Errorf("%v", f)
	}
	after := linesOf(t, b.World, o)[0]
	if !maps.Equal(after.Answers, before.Answers) || after.Quote.ID != before.Quote.ID || after.CredentialID != before.CredentialID {
		t.Errorf("%+v", after)
	}
}

// A credential that is amended holds the kept and the new answers, and the
// old one opens no more.
func TestVaultAmends(t *testing.T) {
	b := newBaskets(t)
	testworld.Must(t, db.InTx(t.Context(), b.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		now := b.Clock.Now()
		v := b.House.Vault
		old, err := v.Deposit(ctx, tx, now, map[string]string{"a": "1", "b": "2", "c": "3"})
		testworld.Must(t, err)
		id, err := v.Amend(ctx, tx, now, old, []string{"a", "missing"}, map[string]string{"b": "4"})
		testworld.Must(t, err)
		names, err := v.Holds(ctx, tx, id)
		if err != nil || !slices.Equal(names, []string{"a", "b"}) {
			t.Errorf("%v, %v", names, err)
		}
		if _, err := v.Holds(ctx, tx, old); !fault.Is(err, fault.NotFound) {
			t.Errorf("the old one: %v", err)
		}
		return nil
	}))
}

// A form that has changed since is answered in its newest version, and says
// which questions are new.
func TestEditUsesTheNewestForm(t *testing.T) {
	b := newBaskets(t)
	visitor := b.Visitor(t)
	o := sample.Owner(visitor)
	add(t, b.World, visitor, "steam-wallet")
	before := linesOf(t, b.World, o)[0]

	d := before.Service.Definition
	d.Groups = slices.Clone(d.Groups)
	d.Groups[0].Fields = append(slices.Clone(d.Groups[0].Fields), catalog.Field{
		Name: "nickname", Type: catalog.Text, Required: true, Label: i18n.Text{FA: "نام مستعار", EN: "Nickname"},
	})
	raw, err := json.Marshal(d)
	testworld.Must(t, err)
	draft, err := b.House.Catalog.Draft(t.Context(), d.Slug)
	testworld.Must(t, err)
	draft, err = b.House.Catalog.SaveDraft(t.Context(), b.Admin, d.Slug, draft.Revision, raw)
	testworld.Must(t, err)
	_, err = b.House.Catalog.Publish(t.Context(), b.Admin, d.Slug, draft.Revision, "a nickname")
	testworld.Must(t, err)

	e, err := b.House.Carts.Open(t.Context(), o, before.ID)
	testworld.Must(t, err)
	if len(e.Added) != 1 || e.Added[0].Name != "nickname" || !slices.Equal(e.Held, []string{"site_login", "site_password"}) {
		t.Errorf("added %v, held %v", e.Added, e.Held)
	}
	typed := sample.Answers("steam-wallet", b.Clock.Now())
	f := fault.Of(b.House.Carts.Edit(t.Context(), o, before.ID, typed))
	if f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "nickname" {
		t.Fatalf("%v", f)
	}
	typed["nickname"] = "Arash"
	testworld.Must(t, b.House.Carts.Edit(t.Context(), o, before.ID, typed))
	if after := linesOf(t, b.World, o)[0]; after.Service.VersionID != e.Newest.VersionID || after.Answers["nickname"] != "Arash" {
		t.Errorf("%+v", after)
	}
}

func visitorOf(o carts.Owner) customers.Visitor {
	return customers.Visitor{ID: o.VisitorID, CustomerID: o.CustomerID}
}
