package carts_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func service(t *testing.T, w *testworld.World, slug string) catalog.Service {
	t.Helper()
	s, err := w.House.Catalog.Service(t.Context(), slug)
	testworld.Must(t, err)
	return s
}

func add(t *testing.T, w *testworld.World, visitor customers.Visitor, slug string) {
	t.Helper()
	testworld.Must(t, w.House.Carts.Add(t.Context(), sample.Owner(visitor), service(t, w, slug), sample.Answers(slug, w.Clock.Now())))
}

// upload puts n like lines into a basket at once.
func upload(t *testing.T, w *testworld.World, visitor customers.Visitor, slug string, n int) {
	t.Helper()
	testworld.Must(t, uploaded(t, w, visitor, slug, n))
}

func uploaded(t *testing.T, w *testworld.World, visitor customers.Visitor, slug string, n int) error {
	t.Helper()
	s, now := service(t, w, slug), w.Clock.Now()
	answers, err := s.Definition.Check(sample.Answers(slug, now), now)
	testworld.Must(t, err)
	filled := make([]carts.Filled, n)
	for i := range filled {
		filled[i] = carts.Filled{Key: fmt.Sprint(i), Answers: answers}
	}
	return db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `INSERT INTO bulk_uploads (visitor_id, service_version_id, file_name, state, total, done, uploaded_at, ended_at)
			VALUES ($1, $2, 'orders.csv', 'added', $3, $3, $4, $4) RETURNING id`, visitor.ID, int64(s.VersionID), n, now).Scan(&id)
		if err != nil {
			return err
		}
		return w.House.Carts.AddAll(ctx, tx, now, sample.Owner(visitor), s, id, filled)
	})
}

// A line holds the answers without the secret ones, and a price that was frozen.
func TestAdd(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	for _, slug := range sample.Slugs {
		add(t, w, visitor, slug)
	}
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	if err != nil || len(lines) != len(sample.Slugs) {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for i, line := range lines {
		typed := sample.Answers(sample.Slugs[i], w.Clock.Now())
		if line.Service.Definition.Slug != sample.Slugs[i] || line.Quote.ID == 0 || line.Quote.TotalRials <= 0 ||
			!line.Quote.ExpiresAt.After(w.Clock.Now()) || !line.AddedAt.Equal(w.Clock.Now()) {
			t.Errorf("%+v", line)
		}
		for _, secret := range []string{"site_login", "site_password"} {
			if _, open := line.Answers[secret]; open || (typed[secret] != "") != (line.CredentialID != 0) {
				t.Errorf("%s: %s open %v, credential %d", sample.Slugs[i], secret, open, line.CredentialID)
			}
		}
	}
	if n, err := w.House.Carts.Count(t.Context(), sample.Owner(visitor)); n != 4 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	if lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(w.Visitor(t))); err != nil || len(lines) != 0 {
		t.Errorf("another's basket: %d, %v", len(lines), err)
	}
}

// A wrong answer leaves nothing behind: no line, no price, no login.
func TestAddRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	for field, value := range map[string]string{
		"payment_page": "javascript:alert(1)", "amount": "-5", "passport_number": strings.Repeat("x", 1<<20),
	} {
		answers := sample.Answers("ielts-registration", w.Clock.Now())
		answers[field] = value
		err := w.House.Carts.Add(t.Context(), sample.Owner(visitor), service(t, w, "ielts-registration"), answers)
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if n := w.Count(t, "SELECT (SELECT count(*) FROM cart_lines) + (SELECT count(*) FROM quotes) + (SELECT count(*) FROM credentials)"); n != 0 {
		t.Errorf("%d rows left behind", n)
	}
}

// A basket has an end.
func TestFull(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	upload(t, w, visitor, "hotel-booking", carts.MaxLines-1)
	add(t, w, visitor, "hotel-booking")
	for name, err := range map[string]error{
		"one more":       w.House.Carts.Add(t.Context(), sample.Owner(visitor), service(t, w, "hotel-booking"), sample.Answers("hotel-booking", w.Clock.Now())),
		"another upload": uploaded(t, w, visitor, "hotel-booking", 1),
	} {
		if !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "carts.error.full" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := w.House.Carts.Count(t.Context(), sample.Owner(visitor)); n != carts.MaxLines || err != nil {
		t.Errorf("%d lines, %v", n, err)
	}
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	for _, line := range lines {
		if line.Quote.TotalRials != lines[0].Quote.TotalRials {
			t.Fatalf("the line %d costs %d, the first %d", line.ID, line.Quote.TotalRials, lines[0].Quote.TotalRials)
		}
	}
}

// A price that ran out is offered anew, with what it was before; one that
// holds stays, and the login stays with its line.
func TestReprice(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	add(t, w, visitor, "steam-wallet")
	before, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	if repriced, err := w.House.Carts.Reprice(t.Context(), sample.Owner(visitor)); err != nil || len(repriced) != 0 {
		t.Errorf("a price that holds: %+v, %v", repriced, err)
	}
	w.Clock.Advance(20 * time.Minute)
	add(t, w, visitor, "hotel-booking")
	w.Clock.Set(before[0].Quote.ExpiresAt)
	repriced, err := w.House.Carts.Reprice(t.Context(), sample.Owner(visitor))
	if err != nil || len(repriced) != 1 || repriced[0].Line.ID != before[0].ID || repriced[0].Before.ID != before[0].Quote.ID {
		t.Fatalf("%+v, %v", repriced, err)
	}
	after, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	if got := after[0]; got.Quote.ID != repriced[0].Quote.ID || got.Quote.Expired(w.Clock.Now()) || got.CredentialID != before[0].CredentialID ||
		got.Quote.Amount.Amount.String() != before[0].Quote.Amount.Amount.String() {
		t.Errorf("%+v", got)
	}
	if repriced, err := w.House.Carts.Reprice(t.Context(), sample.Owner(visitor)); err != nil || len(repriced) != 0 {
		t.Errorf("a second time: %+v, %v", repriced, err)
	}
}

// A double click is one line; other answers, or the form filled in anew, are another.
func TestAFormSentTwiceIsOneLine(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	send := func(key, amount string) {
		answers := sample.Answers("steam-wallet", w.Clock.Now())
		answers["amount"], answers[carts.FormKey] = amount, key
		testworld.Must(t, w.House.Carts.Add(t.Context(), sample.Owner(visitor), service(t, w, "steam-wallet"), answers))
	}
	var clicks sync.WaitGroup
	for range 8 {
		clicks.Go(func() { send("a", "50") })
	}
	clicks.Wait()
	count := func(want int) {
		t.Helper()
		if n, err := w.House.Carts.Count(t.Context(), sample.Owner(visitor)); err != nil || n != want {
			t.Errorf("%d lines, %v; want %d", n, err, want)
		}
	}
	count(1)
	if n := w.Count(t, `SELECT count(*) FROM credentials`); n != 1 {
		t.Errorf("%d logins are kept, of one", n)
	}
	send("a", "60")
	count(2)
	send("b", "50")
	count(3)
	lines, err := w.House.Carts.Lines(t.Context(), sample.Owner(visitor))
	testworld.Must(t, err)
	testworld.Must(t, w.House.Carts.Remove(t.Context(), sample.Owner(visitor), lines[0].ID))
	send("a", "50") // back, after it was taken out
	count(3)
}
