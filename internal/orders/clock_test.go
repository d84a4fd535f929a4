package orders_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// The clock starts when both the payment and the verification are there,
// whichever came last, and the event says which.
func TestClockStarts(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, tt := range []struct {
		name  string
		steps func(t *testing.T) orders.Order
		verb  orders.Verb
		last  string
	}{
		{"payment first", func(t *testing.T) orders.Order {
			o := w.Unproven(t)
			w.Clock.Advance(7 * time.Minute)
			w.Approve(t, o)
			return o
		}, orders.Verify, "identity"},
		{"verification first", func(t *testing.T) orders.Order {
			placed := w.Placed(t)
			w.Approve(t, placed.Orders[0])
			w.Clock.Advance(7 * time.Minute)
			w.Pay(t, placed)
			return placed.Orders[0]
		}, orders.Settle, "payment"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := w.Order(t, tt.steps(t))
			if o.State != orders.Paid || o.SettledAt == nil || o.VerifiedAt == nil || o.DueAt == nil {
				t.Fatalf("%+v", o)
			}
			later := *o.SettledAt
			if o.VerifiedAt.After(later) {
				later = *o.VerifiedAt
			}
			c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
			testworld.Must(t, err)
			if !c.StartedAt.Equal(later) || !c.StartedAt.Equal(w.Clock.Now()) {
				t.Errorf("started %s; settled %s, verified %s", c.StartedAt, o.SettledAt, o.VerifiedAt)
			}
			if want := later.Add(o.Budget); !o.DueAt.Equal(want) || !c.DueAt.Equal(want) { // the day is long enough
				t.Errorf("due %s, clock %s, want %s", o.DueAt, c.DueAt, want)
			}
			history, err := w.House.Orders.History(t.Context(), o.ID)
			testworld.Must(t, err)
			for _, e := range history {
				started := e.To == orders.Paid
				if started && (e.Verb != tt.verb || e.Detail["last"] != tt.last) {
					t.Errorf("the event says %s, %v", e.Verb, e.Detail)
				}
				if !started && e.Detail["last"] != nil {
					t.Errorf("%s did not start the clock, and says that it did: %v", e.Verb, e.Detail)
				}
			}
		})
	}
}

// Completion stops the clock, for good.
func TestClockStops(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if !c.Stopped() || c.Running() || !c.Met() || c.Used != 4*time.Minute { // sample.Maker.Finish takes four
		t.Errorf("%+v", c.Clock)
	}
}

// The visitor who places an order sees it, in the newest-first list too;
// nobody else does.
func TestVisitors(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	owner, stranger := w.Visitor(t), w.Visitor(t)
	first := w.PlacedBy(t, owner, w.Someone()).Orders[0]
	second := w.PlacedBy(t, owner, w.Someone()).Orders[0]
	list, err := w.House.Orders.OfViewer(t.Context(), orders.Viewer{VisitorID: owner.ID})
	testworld.Must(t, err)
	if len(list) != 2 || list[0].ID != second.ID || list[1].ID != first.ID {
		t.Errorf("list %v", list)
	}
	if _, err := w.House.Orders.ForViewer(t.Context(), orders.Viewer{VisitorID: owner.ID}, first.Code); err != nil {
		t.Error(err)
	}
	_, foreign := w.House.Orders.ForViewer(t.Context(), orders.Viewer{VisitorID: stranger.ID}, first.Code)
	_, none := w.House.Orders.ForViewer(t.Context(), orders.Viewer{VisitorID: stranger.ID}, "2222222")
	if foreign == nil || none == nil || foreign.Error() != none.Error() {
		t.Errorf("another's order: %v; none: %v", foreign, none)
	}
	if list, err := w.House.Orders.OfViewer(t.Context(), orders.Viewer{VisitorID: stranger.ID}); err != nil || len(list) != 0 {
		t.Errorf("a stranger sees %v, %v", list, err)
	}
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Orders.Show(ctx, tx, w.Clock.Now(), owner.ID, first.ID) // a second time is no error
	}))
}

// Only unpaid orders whose time ran out are overdue.
func TestUnpaid(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	unpaid, paid := w.Placed(t).Orders[0], w.Unproven(t)
	if ids, err := w.House.Orders.Unpaid(t.Context(), unpaid.PayBefore.Add(-time.Microsecond)); err != nil || len(ids) != 0 {
		t.Errorf("too early: %v, %v", ids, err)
	}
	ids, err := w.House.Orders.Unpaid(t.Context(), paid.PayBefore)
	testworld.Must(t, err)
	if len(ids) != 1 || ids[0] != unpaid.ID {
		t.Errorf("overdue %v, want %d", ids, unpaid.ID)
	}
}
