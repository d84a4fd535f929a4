package orders_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

// A hold is kept with its times; an extension keeps the first promise; a
// reopened order has a clock of its own, and the first is left as it was. Each
// event says how it left the clock, and the watchers hear of each turn.
func TestClockIsKept(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	book := w.House.Orders
	var heard []orders.Turned
	book.WatchClocks(func(_ context.Context, _ pgx.Tx, _ time.Time, turned []orders.Turned) error {
		heard = append(heard, turned...)
		return nil
	})
	o := w.Claimed(t)
	begun := w.Clock.Now()
	move := func(verb orders.Verb) {
		t.Helper()
		testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
			return book.Move(ctx, tx, w.Clock.Now(), orders.Step{Order: o, Verb: verb, Actor: w.Operator})
		}))
	}
	w.Clock.Advance(30 * time.Minute)
	move(orders.Hold)
	w.Clock.Advance(20 * time.Minute)
	move(orders.Answer)
	until := w.Clock.Now().Add(3 * time.Hour)
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := book.Extend(ctx, tx, w.Clock.Now(), orders.Step{Order: o, Verb: orders.Extend, Actor: w.Operator}, until)
		return err
	}))
	if due := w.Order(t, o).DueAt; !due.Equal(until) {
		t.Errorf("due %v, want %v", due, until)
	}
	w.Clock.Advance(10 * time.Minute)
	move(orders.Complete)
	w.Clock.Advance(24 * time.Hour)
	move(orders.Reopen)

	clocks, err := book.Clocks(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if len(clocks) != 2 {
		t.Fatalf("%d clocks", len(clocks))
	}
	first, second := clocks[0], clocks[1]
	if !first.Met() || first.Used != 40*time.Minute || !first.DueAt.Equal(until) || !first.FirstDueAt.Equal(begun.Add(o.Budget+20*time.Minute)) {
		t.Errorf("first %+v", first.Clock)
	}
	if len(first.Holds) != 1 || !first.Holds[0].From.Equal(begun.Add(30*time.Minute)) || !first.Holds[0].To.Equal(begun.Add(50*time.Minute)) {
		t.Errorf("holds %v", first.Holds)
	}
	if !second.Running() || second.Extra != 0 || second.Used != 0 || len(second.Holds) != 0 || !second.DueAt.Equal(*w.Order(t, o).DueAt) {
		t.Errorf("second %+v", second.Clock)
	}

	history, err := book.History(t.Context(), o.ID)
	testworld.Must(t, err)
	type turn struct {
		verb       orders.Verb
		state      orders.ClockState
		used, left time.Duration
	}
	var turns []turn
	for _, e := range history {
		if note, ok := e.Clock(); ok {
			turns = append(turns, turn{e.Verb, note.State, note.Used, note.Left})
		}
		if from, to, ok := e.Moved(); ok != (e.Verb == orders.Extend) || ok && (!to.Equal(until) || !from.Equal(first.FirstDueAt)) {
			t.Errorf("%s moved from %v to %v", e.Verb, from, to)
		}
	}
	whole := 30*time.Minute + 3*time.Hour
	want := []turn{
		{orders.Verify, orders.ClockRuns, 0, o.Budget}, {orders.Hold, orders.ClockHeld, 30 * time.Minute, o.Budget - 30*time.Minute},
		{orders.Answer, orders.ClockRuns, 30 * time.Minute, o.Budget - 30*time.Minute}, {orders.Extend, orders.ClockRuns, 30 * time.Minute, 3 * time.Hour},
		{orders.Complete, orders.ClockStopped, 40 * time.Minute, whole - 40*time.Minute}, {orders.Reopen, orders.ClockRuns, 0, o.Budget},
	}
	if len(turns) > 0 && turns[0].verb == orders.Settle {
		want[0].verb = orders.Settle
	}
	if diff := cmp.Diff(want, turns, cmp.AllowUnexported(turn{})); diff != "" {
		t.Error(diff)
	}
	causes := []orders.Cause{orders.Started, orders.Paused, orders.Resumed, orders.Extended, orders.Stopped, orders.Reopened}
	for i, h := range heard {
		if i >= len(causes) || h.Cause != causes[i] || h.OrderID != o.ID || h.Clock.ID == 0 || h.ServiceVersionID != o.ServiceVersionID {
			t.Errorf("heard %d: %s of order %d, clock %d", i, h.Cause, h.OrderID, h.Clock.ID)
		}
	}
	if len(heard) != len(causes) {
		t.Errorf("heard of %d turns", len(heard))
	}
}
