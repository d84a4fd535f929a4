package sample_test

import (
	"os"
	"path/filepath"
	"testing"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/house"
	"pishkhan/internal/iran"
	"pishkhan/internal/orders"
	"pishkhan/internal/receipts"
	"pishkhan/internal/sample"
	"pishkhan/internal/seal"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// The samples hold at least three orders in every state, told from the past
// until now, and no job or message that would reach somebody.
func TestOrders(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	kek, err := seal.OpenKEKFile(filepath.Join(w.Dir, "kek.json"))
	testworld.Must(t, err)
	needs := house.Needs{Pool: w.House.Pool, Clock: w.Clock, KEK: kek, BlobDir: filepath.Join(w.Dir, "files"), BaseURL: testworld.BaseURL}
	testworld.Must(t, sample.Orders(t.Context(), needs, w.People))
	for _, state := range orders.States {
		if n := w.Count(t, "SELECT count(*) FROM orders WHERE state = $1", string(state)); n < 3 {
			t.Errorf("%d orders are %s", n, state)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM orders WHERE placed_at > $1", testworld.Noon); n != 0 {
		t.Errorf("%d orders are of the future", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE at > $1", testworld.Noon); n != 0 {
		t.Errorf("%d events are of the future", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM messages WHERE state <> 'sent' OR provider <> 'outbox'"); n != 0 {
		t.Errorf("%d messages would go to somebody", n)
	}
	for what, count := range map[string]string{
		"refund asked for without an account": "FROM refunds WHERE state = 'asked' AND masked = ''",
		"refund to approve":                   "FROM refunds WHERE state = 'asked' AND masked <> ''",
		"refund to send":                      "FROM refunds WHERE state = 'approved'",
		"refund sent":                         "FROM refunds WHERE state = 'sent'",
		"refund refused":                      "FROM refunds WHERE state = 'failed'",
		"call with a next one":                "FROM contact_calls WHERE next_at IS NOT NULL",
		"call to make that was agreed":        "FROM contact_tasks WHERE closed_at IS NULL AND agreed",
		"question open":                       "FROM orders WHERE state = 'waiting_customer' AND NOT EXISTS (SELECT FROM extra_payments x WHERE x.order_id = orders.id)",
		"question answered":                   "FROM order_events WHERE verb = 'answer'",
		"extra payment asked for":             "FROM extra_payments WHERE state = 'asked'",
		"extra payment paid":                  "FROM extra_payments WHERE state = 'paid'",
		"paid order cancelled":                "FROM orders WHERE state = 'cancelled' AND settled_at IS NOT NULL",
		"order handed over":                   "FROM order_events WHERE verb = 'hand_over'",
		"note":                                "FROM order_notes",
	} {
		if w.Count(t, "SELECT count(*) "+count) == 0 {
			t.Errorf("there is no %s", what)
		}
	}
	if n := w.Count(t, "SELECT count(DISTINCT (state_since AT TIME ZONE 'Asia/Tehran')::date) FROM orders WHERE state = 'done'"); n < 4 {
		t.Errorf("orders were done on %d days", n)
	}
	if _, lapsed, err := w.House.Queue.Sweep(t.Context()); err != nil || lapsed != 0 {
		t.Errorf("%d sample claims lapse at once, %v", lapsed, err)
	}
	if n := w.Count(t, "SELECT count(*) FROM (SELECT FROM claims WHERE ended_at IS NULL GROUP BY member_id HAVING count(*) <= 3) m"); n != 3 {
		t.Errorf("%d of three operators have orders in hand, and room for two more of five", n)
	}
	if o, err := w.House.Queue.Next(t.Context(), w.Operator); err != nil {
		t.Errorf("the operator cannot take the next order: %v, %v", o, err)
	}
	if empty, err := w.House.Orders.Empty(t.Context()); err != nil || empty {
		t.Errorf("empty %v, %v", empty, err)
	}
}

// The demo's people are drawn once: a second start finds the same passwords,
// in a file that nobody else reads.
func TestPeople(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	file := filepath.Join(w.Dir, "people.json")
	again, err := sample.People(t.Context(), w.House.Staff, file)
	testworld.Must(t, err)
	if len(again) != len(w.People) || w.Count(t, "SELECT count(*) FROM staff_members") != len(again) {
		t.Fatalf("%d people, then %d", len(w.People), len(again))
	}
	passwords := map[string]bool{}
	for i, p := range again {
		if p != w.People[i] {
			t.Errorf("%s changed", p.Email)
		}
		passwords[p.Password] = true
		if _, err := w.House.Staff.SignIn(t.Context(), p.Email, p.Password, "192.0.2.1", ""); err != nil {
			t.Errorf("%s: %v", p.Email, err)
		}
	}
	if len(passwords) != len(again) {
		t.Error("two people have one password")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	testworld.Must(t, os.WriteFile(file, []byte("not JSON"), 0o600))
	if _, err := sample.People(t.Context(), w.House.Staff, file); err == nil {
		t.Error("a broken file is taken")
	}
}

// Every sample customer's details pass the checks.
func TestCustomersAreRight(t *testing.T) {
	t.Parallel()
	codes := map[string]bool{}
	for n := range 200 {
		identity, err := sample.Someone(n).Identity.Check(testworld.Noon)
		if err != nil {
			t.Fatalf("customer %d: %v", n, err)
		}
		codes[identity.NationalCode.String()] = true
	}
	if len(codes) != 200 {
		t.Errorf("%d national codes", len(codes))
	}
	if code := sample.NationalCode(123456789); len(code) != 10 || code[:9] != "123456789" {
		t.Errorf("code %s", code)
	} else if _, err := iran.ParseNationalCode(code); err != nil {
		t.Error(err)
	}
	if _, err := receipts.Inspect("receipt.pdf", sample.PDF("a (nested) \\ text")); err != nil {
		t.Errorf("the sample document: %v", err)
	}
}
