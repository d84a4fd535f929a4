package orders_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// arrows are the drawing in the design, copied from there and not from the code.
var arrows = map[orders.Verb]struct {
	from []orders.State
	to   orders.State
}{
	orders.Settle:         {[]orders.State{orders.AwaitingPayment}, orders.Paid},
	orders.SettleUnproven: {[]orders.State{orders.AwaitingPayment}, orders.AwaitingKYC},
	orders.Verify:         {[]orders.State{orders.AwaitingKYC}, orders.Paid},
	orders.Claim:          {[]orders.State{orders.Paid}, orders.InProgress},
	orders.Release:        {[]orders.State{orders.InProgress}, orders.Paid},
	orders.Hold:           {[]orders.State{orders.InProgress}, orders.WaitingCustomer},
	orders.Answer:         {[]orders.State{orders.WaitingCustomer}, orders.InProgress},
	orders.AskExtra:       {[]orders.State{orders.InProgress}, orders.WaitingCustomer},
	orders.ExtraPaid:      {[]orders.State{orders.WaitingCustomer}, orders.InProgress},
	orders.ExtraEnded:     {[]orders.State{orders.WaitingCustomer}, orders.InProgress},
	orders.Complete:       {[]orders.State{orders.InProgress}, orders.Done},
	orders.Cancel: {[]orders.State{
		orders.AwaitingPayment, orders.AwaitingKYC, orders.Paid, orders.InProgress, orders.WaitingCustomer,
	}, orders.Cancelled},
	orders.Expire: {[]orders.State{orders.AwaitingPayment}, orders.Expired},
}

// inEachState returns one order in every state.
func inEachState(t *testing.T, w *testworld.World) map[orders.State]orders.Order {
	t.Helper()
	h, ctx := w.House, t.Context()
	cancelled, expired := w.Placed(t), w.Placed(t)
	testworld.Must(t, h.Checkout.Cancel(ctx, w.Operator, cancelled.Orders[0], "changed my mind"))
	w.Clock.Advance(50 * time.Minute)
	_, err := h.Checkout.Resolve(ctx, expired.Attempt.ID)
	testworld.Must(t, err)
	testworld.Must(t, h.Checkout.Expire(ctx))
	waiting := w.Claimed(t)
	testworld.Must(t, h.Queue.Hold(ctx, w.Operator, waiting.Code, "which account?"))
	list := []orders.Order{
		w.Placed(t).Orders[0], w.Unproven(t), w.Paid(t), w.Claimed(t), waiting, w.Done(t), cancelled.Orders[0], expired.Orders[0],
	}
	states := map[orders.State]orders.Order{}
	for i, o := range list {
		o = w.Order(t, o)
		if o.State != orders.States[i] {
			t.Fatalf("order %d is %s, want %s", i, o.State, orders.States[i])
		}
		states[o.State] = o
	}
	return states
}

// Every pair of a state and a verb is an arrow, or a Conflict that leaves the
// order, its clock and its history as they were.
func TestTransitions(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for state, o := range inEachState(t, w) {
		for verb, arrow := range arrows {
			if verb == orders.Settle && state == orders.AwaitingPayment {
				continue // needs the identity first: TestClockStarts
			}
			before := snapshot(t, w, o)
			var moved orders.Order
			err := rolledBack(t, w, func(ctx context.Context, tx pgx.Tx) error {
				err := w.House.Orders.Move(ctx, tx, w.Clock.Now(), orders.Step{Order: o, Verb: verb, Actor: w.Operator, Reason: "why"})
				if err == nil {
					moved, err = w.House.Orders.ByID(ctx, tx, o.ID)
					testworld.Must(t, err)
					if got := events(ctx, t, tx, o); got != before.Events+1 {
						t.Errorf("%s from %s wrote %d events", verb, state, got-before.Events)
					}
				}
				return err
			})
			switch {
			case slices.Contains(arrow.from, state) && (err != nil || moved.State != arrow.to):
				t.Errorf("%s from %s: %v, %v; want %s", verb, state, moved.State, err, arrow.to)
			case !slices.Contains(arrow.from, state) && (!fault.Is(err, fault.Conflict) || fault.Of(err).Key != "orders.error.moved_on"):
				t.Errorf("%s from %s: %v, want a conflict", verb, state, err)
			}
			if diff := cmp.Diff(before, snapshot(t, w, o)); diff != "" {
				t.Errorf("%s from %s was rolled back, and yet:\n%s", verb, state, diff)
			}
		}
		err := rolledBack(t, w, func(ctx context.Context, tx pgx.Tx) error {
			return w.House.Orders.Move(ctx, tx, w.Clock.Now(), orders.Step{Order: o, Verb: orders.Place, Actor: w.Operator})
		})
		if err == nil || fault.Of(err) != nil {
			t.Errorf("a note is taken for a transition: %v", err)
		}
	}
}

// The whole of a life leaves one event for each transition, in order.
func TestHistory(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	type arrow struct {
		Verb     orders.Verb
		From, To orders.State
	}
	var got []arrow
	for _, e := range history {
		got = append(got, arrow{e.Verb, e.From, e.To})
		if e.Actor.Name == "" || e.At.IsZero() {
			t.Errorf("%s by nobody or at no time: %+v", e.Verb, e)
		}
	}
	want := []arrow{
		{orders.Place, "", ""},
		{orders.SettleUnproven, orders.AwaitingPayment, orders.AwaitingKYC},
		{orders.Verify, orders.AwaitingKYC, orders.Paid},
		{orders.Claim, orders.Paid, orders.InProgress},
		{orders.PurchaseStarted, "", ""},
		{orders.ReceiptAdded, "", ""},
		{orders.PurchaseEnded, "", ""},
		{orders.Complete, orders.InProgress, orders.Done},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What was written down stays so: the database refuses to rewrite it.
func TestRecordsStay(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	_, err := w.House.Fulfil.Reveal(t.Context(), w.Operator, o.Code, "to sign in")
	testworld.Must(t, err)
	for _, table := range []string{"order_events", "audit_entries", "quotes", "calendar_versions", "credential_reveals"} {
		before := w.Count(t, "SELECT count(*) FROM "+table)
		if before == 0 {
			t.Errorf("%s is empty: this test proves nothing", table)
		}
		for _, act := range []string{"UPDATE " + table + " SET id = DEFAULT", "DELETE FROM " + table, "TRUNCATE " + table, "TRUNCATE " + table + " CASCADE"} {
			if _, err := w.House.Pool.Exec(t.Context(), act); err == nil {
				t.Errorf("the database did it: %s", act)
			}
		}
		if after := w.Count(t, "SELECT count(*) FROM "+table); after != before {
			t.Errorf("%s: %d rows, then %d", table, before, after)
		}
	}
}

// state is what a refused transition must not touch.
type state struct {
	Order  orders.Order
	Clock  orders.Clock
	Events int
}

func snapshot(t *testing.T, w *testworld.World, o orders.Order) state {
	t.Helper()
	s := state{Order: w.Order(t, o), Events: events(t.Context(), t, w.House.Pool, o)}
	c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	s.Clock.Clock = c.Clock
	return s
}

func events(ctx context.Context, t *testing.T, q orders.DB, o orders.Order) (n int) {
	t.Helper()
	testworld.Must(t, q.QueryRow(ctx, "SELECT count(*) FROM order_events WHERE order_id = $1", int64(o.ID)).Scan(&n))
	return n
}

// rolledBack runs fn in a transaction that leaves nothing behind.
func rolledBack(t *testing.T, w *testworld.World, fn func(context.Context, pgx.Tx) error) error {
	t.Helper()
	var fnErr error
	_ = db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		fnErr = fn(ctx, tx)
		return context.Canceled
	})
	return fnErr
}
