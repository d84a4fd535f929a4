package checkout_test

import (
	"sync"
	"testing"
	"time"

	"pishkhan/internal/contacts"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func persian(digits string) string { return iran.PersianDigits(digits) }

// Who was verified once, in this browser and with these details, goes
// straight to the queue; the same details from elsewhere prove nothing.
func TestApprovedBefore(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, who := w.Visitor(t), w.Someone()
	first := w.PlacedBy(t, visitor, who)
	w.Approve(t, first.Orders[0])
	second := w.PlacedBy(t, visitor, who)
	if a, b := first.Orders[0], second.Orders[0]; a.IdentityCaseID != b.IdentityCaseID || a.CustomerID != b.CustomerID {
		t.Errorf("the same browser: case %d, then %d", a.IdentityCaseID, b.IdentityCaseID)
	}
	w.Clock.Advance(time.Minute)
	w.Pay(t, second)
	if got := w.Order(t, second.Orders[0]); got.State != orders.Paid || !got.DueAt.Equal(w.Clock.Now().Add(got.Budget)) {
		t.Errorf("%s, due %v", got.State, got.DueAt)
	}
	elsewhere := w.PlacedBy(t, w.Visitor(t), who)
	w.Pay(t, elsewhere)
	if got := w.Order(t, elsewhere.Orders[0]); got.State != orders.AwaitingKYC || got.IdentityCaseID == first.Orders[0].IdentityCaseID || got.CustomerID != first.Orders[0].CustomerID {
		t.Errorf("another browser: %+v", got)
	}
	for name, spoil := range map[string]func(*customers.IdentityForm){
		"name":          func(f *customers.IdentityForm) { f.Name += " دیگر" },
		"birth date":    func(f *customers.IdentityForm) { f.BirthDate = "1360/01/01" },
		"e-mail":        func(f *customers.IdentityForm) { f.Email = "else@example.com" },
		"national code": func(f *customers.IdentityForm) { f.NationalCode = sample.NationalCode(987_654_321) },
		"mobile":        func(f *customers.IdentityForm) { f.Mobile = "09351112233" },
	} {
		other := who
		spoil(&other.Identity)
		if o := w.PlacedBy(t, visitor, other).Orders[0]; o.IdentityCaseID == first.Orders[0].IdentityCaseID {
			t.Errorf("another %s, and the same case", name)
		}
	}
}

// A verdict that falls while an order is being placed on it is not missed.
func TestVerdictWhilePlacing(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for round := range 25 {
		visitor, who := w.Visitor(t), w.Someone()
		first := w.PlacedBy(t, visitor, who).Orders[0]
		verdict := customers.Approved
		if round%3 == 2 {
			verdict = customers.Rejected
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := w.House.Checkout.DecideIdentity(t.Context(), w.Reviewer, first.IdentityCaseID, verdict, "because"); err != nil {
				t.Error(err)
			}
		})
		var second orders.Order
		wg.Go(func() { second = w.PlacedBy(t, visitor, who).Orders[0] })
		wg.Wait()
		if t.Failed() {
			return
		}
		second = w.Order(t, second)
		same := second.IdentityCaseID == first.IdentityCaseID
		if verdict == customers.Approved && (!same || second.VerifiedAt == nil) {
			t.Fatalf("round %d: approved, and the order does not know: %+v", round, second)
		}
		if verdict == customers.Rejected && second.VerifiedAt != nil {
			t.Fatalf("round %d: rejected, and the order is verified", round)
		}
	}
}

// Payment and verdict at the same instant: the order is in the queue, once.
func TestVerdictWhileSettling(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for round := range 15 {
		placed := w.Placed(t)
		w.Press(t, placed, "pay")
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := w.House.Checkout.Resolve(t.Context(), placed.Attempt.ID); err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		})
		wg.Go(func() {
			err := w.House.Checkout.DecideIdentity(t.Context(), w.Reviewer, placed.Orders[0].IdentityCaseID, customers.Approved, "")
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		})
		wg.Wait()
		if got := w.Order(t, placed.Orders[0]); got.State != orders.Paid {
			t.Fatalf("round %d: %s", round, got.State)
		}
		if open := openTasks(t, w, placed.Orders[0]); len(open) != 0 {
			t.Fatalf("round %d: still to call for %v", round, open)
		}
	}
}

// The calls to make follow the identity: pending, rejected, filed again, approved.
func TestContactTasks(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, who := w.Visitor(t), w.Someone()
	placed := w.PlacedBy(t, visitor, who)
	o := placed.Orders[0]
	check := func(when string, want ...contacts.Why) {
		t.Helper()
		got := openTasks(t, w, o)
		if len(got) != len(want) || len(want) == 1 && got[0].Why != want[0] {
			t.Errorf("%s: %+v, want %v", when, got, want)
		}
	}
	check("placed")
	w.Pay(t, placed)
	check("paid", contacts.IdentityPending)
	w.Reject(t, o, "the name is another's")
	check("rejected", contacts.IdentityRejected)
	if got := openTasks(t, w, o)[0]; got.Note != "the name is another's" {
		t.Errorf("note %q", got.Note)
	}
	if got := w.Order(t, o); got.State != orders.AwaitingKYC {
		t.Errorf("%s after a rejection", got.State)
	}
	who.Identity.Name = "نام درست"
	testworld.Must(t, w.House.Checkout.RefileIdentity(t.Context(), sample.Browser(visitor), w.Order(t, o), who.Identity))
	check("filed again", contacts.IdentityPending)
	o = w.Order(t, o)
	w.Clock.Advance(time.Minute)
	w.Approve(t, o)
	check("approved")
	if got := w.Order(t, o); got.State != orders.Paid || !got.VerifiedAt.Equal(w.Clock.Now()) {
		t.Errorf("%+v", got)
	}
}

// A rejection before the payment waits for the payment to matter; the new
// papers serve all orders of the case.
func TestRefile(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c := w.House.Checkout
	visitor, who := w.Visitor(t), w.Someone()
	paid, unpaid := w.PlacedBy(t, visitor, who), w.PlacedBy(t, visitor, who)
	w.Pay(t, paid)
	o := w.Order(t, paid.Orders[0])
	if err := c.RefileIdentity(t.Context(), sample.Browser(visitor), o, who.Identity); !fault.Is(err, fault.Conflict) {
		t.Errorf("filed again before a verdict: %v", err)
	}
	w.Reject(t, o, "not legible")
	if err := c.RefileIdentity(t.Context(), sample.Browser(visitor), o, customers.IdentityForm{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty form: %v", err)
	}
	testworld.Must(t, c.RefileIdentity(t.Context(), sample.Browser(visitor), o, who.Identity)) // the same, but legible now
	if err := c.RefileIdentity(t.Context(), sample.Browser(visitor), o, who.Identity); !fault.Is(err, fault.Conflict) {
		t.Errorf("filed again twice: %v", err)
	}
	now, other := w.Order(t, o), w.Order(t, unpaid.Orders[0])
	if now.IdentityCaseID == o.IdentityCaseID || other.IdentityCaseID != now.IdentityCaseID {
		t.Errorf("cases %d → %d, and %d", o.IdentityCaseID, now.IdentityCaseID, other.IdentityCaseID)
	}
	w.Approve(t, now)
	w.Pay(t, unpaid)
	for _, o := range []orders.Order{o, other} {
		if got := w.Order(t, o); got.State != orders.Paid {
			t.Errorf("%s", got.State)
		}
	}
}

// A verdict is given once, with a reason when it is a no; the second is told so.
func TestDecide(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Unproven(t)
	c := w.House.Checkout
	err := c.DecideIdentity(t.Context(), w.Reviewer, o.IdentityCaseID, customers.Rejected, "  ")
	if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || f.Fields[0].Name != "reason" {
		t.Errorf("no reason: %v", err)
	}
	var mu sync.Mutex
	conflicts := 0
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			verdict := []customers.Verdict{customers.Approved, customers.Rejected}[i%2]
			err := c.DecideIdentity(t.Context(), w.Reviewer, o.IdentityCaseID, verdict, "because")
			mu.Lock()
			defer mu.Unlock()
			if fault.Is(err, fault.Conflict) {
				conflicts++
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if conflicts != 19 {
		t.Errorf("%d of 20 were told that it is decided", conflicts)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb LIKE 'identity.%'"); n != 1 {
		t.Errorf("%d verdicts on record", n)
	}
}

func openTasks(t *testing.T, w *testworld.World, o orders.Order) (open []contacts.Task) {
	t.Helper()
	tasks, err := w.House.Contacts.Of(t.Context(), o.ID)
	testworld.Must(t, err)
	for _, task := range tasks {
		if task.ClosedAt == nil {
			open = append(open, task)
		}
	}
	return open
}
