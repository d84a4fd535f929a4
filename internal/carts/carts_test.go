package carts_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/customers"
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
	testworld.Must(t, w.House.Carts.Add(t.Context(), visitor.ID, service(t, w, slug), sample.Answers(slug, w.Clock.Now())))
}

// A line holds the answers without the secret ones, and a price that was frozen.
func TestAdd(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	for _, slug := range sample.Slugs {
		add(t, w, visitor, slug)
	}
	lines, err := w.House.Carts.Lines(t.Context(), visitor.ID)
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
	if n, err := w.House.Carts.Count(t.Context(), visitor.ID); n != 4 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	if lines, err := w.House.Carts.Lines(t.Context(), w.Visitor(t).ID); err != nil || len(lines) != 0 {
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
		err := w.House.Carts.Add(t.Context(), visitor.ID, service(t, w, "ielts-registration"), answers)
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
	for range 50 {
		add(t, w, visitor, "hotel-booking")
	}
	err := w.House.Carts.Add(t.Context(), visitor.ID, service(t, w, "hotel-booking"), sample.Answers("hotel-booking", w.Clock.Now()))
	if !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "carts.error.full" {
		t.Errorf("%v", err)
	}
	if n, err := w.House.Carts.Count(t.Context(), visitor.ID); n != 50 || err != nil {
		t.Errorf("%d lines, %v", n, err)
	}
}

// A price that ran out is offered anew, with what it was before; one that
// holds stays, and the login stays with its line.
func TestReprice(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	add(t, w, visitor, "steam-wallet")
	before, err := w.House.Carts.Lines(t.Context(), visitor.ID)
	testworld.Must(t, err)
	if repriced, err := w.House.Carts.Reprice(t.Context(), visitor.ID); err != nil || len(repriced) != 0 {
		t.Errorf("a price that holds: %+v, %v", repriced, err)
	}
	w.Clock.Advance(20 * time.Minute)
	add(t, w, visitor, "hotel-booking")
	w.Clock.Set(before[0].Quote.ExpiresAt)
	repriced, err := w.House.Carts.Reprice(t.Context(), visitor.ID)
	if err != nil || len(repriced) != 1 || repriced[0].Line.ID != before[0].ID || repriced[0].Before.ID != before[0].Quote.ID {
		t.Fatalf("%+v, %v", repriced, err)
	}
	after, err := w.House.Carts.Lines(t.Context(), visitor.ID)
	testworld.Must(t, err)
	if got := after[0]; got.Quote.ID != repriced[0].Quote.ID || got.Quote.Expired(w.Clock.Now()) || got.CredentialID != before[0].CredentialID ||
		got.Quote.Amount.Amount.String() != before[0].Quote.Amount.Amount.String() {
		t.Errorf("%+v", got)
	}
	if repriced, err := w.House.Carts.Reprice(t.Context(), visitor.ID); err != nil || len(repriced) != 0 {
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
		testworld.Must(t, w.House.Carts.Add(t.Context(), visitor.ID, service(t, w, "steam-wallet"), answers))
	}
	var clicks sync.WaitGroup
	for range 8 {
		clicks.Go(func() { send("a", "50") })
	}
	clicks.Wait()
	count := func(want int) {
		t.Helper()
		if n, err := w.House.Carts.Count(t.Context(), visitor.ID); err != nil || n != want {
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
	lines, err := w.House.Carts.Lines(t.Context(), visitor.ID)
	testworld.Must(t, err)
	testworld.Must(t, w.House.Carts.Remove(t.Context(), visitor.ID, lines[0].ID))
	send("a", "50") // back, after it was taken out
	count(3)
}
