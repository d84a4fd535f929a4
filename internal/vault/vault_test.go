package vault_test

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// What is planted in every secret place is found in no table and in no file,
// neither as it was typed nor in the forms in which bytes are written down.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	const login, password = "planted.login.7431", "Planted!Passw0rd-7431"
	nationalCode := sample.NationalCode(713_402_955)
	visitor, h := w.Visitor(t), w.House
	service, err := h.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	answers := sample.Answers("steam-wallet", w.Clock.Now())
	answers["site_login"], answers["site_password"] = login, password
	testworld.Must(t, h.Carts.Add(t.Context(), sample.Owner(visitor), service, answers))
	lines, err := h.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	placed, err := h.Checkout.Place(t.Context(), sample.Browser(visitor), sample.Owner(visitor), i18n.FA, customers.IdentityForm{
		Name: "سارا احمدی", NationalCode: nationalCode, BirthDate: "1370/01/02", Mobile: "09121234567", Email: "sara@example.com",
	}, lines[0].Quote.TotalRials)
	testworld.Must(t, err)
	w.Pay(t, placed)
	w.Approve(t, placed.Orders[0])
	o, err := h.Queue.Claim(t.Context(), w.Operator, placed.Orders[0].Code)
	testworld.Must(t, err)
	secrets, err := h.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "to sign in")
	if err != nil || secrets["site_password"].Reveal() != password {
		t.Fatalf("the planted password does not come back: %v", err)
	}
	testworld.Must(t, h.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	w.AddReceipt(t, o)
	testworld.Must(t, h.Fulfil.Complete(t.Context(), w.Operator, o.Code, &fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}))

	for where, text := range everything(t, w) {
		for _, secret := range []string{login, password, nationalCode} {
			if strings.Contains(text, secret) || strings.Contains(text, hex.EncodeToString([]byte(secret))) {
				t.Errorf("%s holds %s", where, secret)
			}
		}
	}
}

// everything is the text of every row of every table, and of every file.
func everything(t *testing.T, w *testworld.World) map[string]string {
	t.Helper()
	found := map[string]string{}
	rows, err := w.House.Pool.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	testworld.Must(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	testworld.Must(t, err)
	for _, table := range tables {
		var text *string
		row := w.House.Pool.QueryRow(t.Context(), "SELECT string_agg(t::text, E'\\n') FROM "+pgx.Identifier{table}.Sanitize()+" t")
		testworld.Must(t, row.Scan(&text))
		if text != nil {
			found["table "+table] = *text
		}
	}
	if found["table credentials"] == "" || found["table river_job"] == "" || found["table identity_cases"] == "" {
		t.Fatal("looked in the wrong place")
	}
	testworld.Must(t, filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found["file "+path] = string(content)
		return err
	}))
	return found
}

// A destroyed credential opens for nobody, and its key is gone with it.
func TestDestroy(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Vault.Destroy(ctx, tx, w.Clock.Now(), o.CredentialID)
	}))
	secrets, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "too late")
	if !fault.Is(err, fault.NotFound) || secrets != nil {
		t.Errorf("opened: %v", err)
	}
	gone(t, w, o.CredentialID)
	if got := w.Order(t, o); got.State != orders.InProgress { // the work goes on: the customer can be asked
		t.Errorf("state %s", got.State)
	}
}

// A line that leaves the basket takes its login along; one that is ordered
// leaves it with the order.
func TestRemovedLine(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	service, err := w.House.Catalog.Service(t.Context(), "steam-wallet")
	testworld.Must(t, err)
	testworld.Must(t, w.House.Carts.Add(t.Context(), sample.Owner(visitor), service, sample.Answers("steam-wallet", w.Clock.Now())))
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	if err := w.House.Carts.Remove(t.Context(), sample.Owner(w.Visitor(t)), lines[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger removed it: %v", err)
	}
	testworld.Must(t, w.House.Carts.Remove(t.Context(), sample.Owner(visitor), lines[0].ID))
	gone(t, w, lines[0].CredentialID)
	if err := w.House.Carts.Remove(t.Context(), sample.Owner(visitor), lines[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed twice: %v", err)
	}
}

func gone(t *testing.T, w *testworld.World, credential int64) {
	t.Helper()
	if n := w.Count(t, "SELECT count(*) FROM credentials WHERE id = $1 AND sealed IS NULL AND destroyed_at IS NOT NULL", credential); n != 1 {
		t.Error("the ciphertext is still there")
	}
	if n := w.Count(t, "SELECT count(*) FROM sealed_keysets WHERE owner = 'credential:' || $1::bigint::text AND wrapped IS NULL", credential); n != 1 {
		t.Error("the key is still there")
	}
}
