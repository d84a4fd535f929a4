package testworld_test

import (
	"testing"

	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A crowd has the sizes asked for, and its clocks are what the calendar says.
func TestMany(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	crowd := testworld.Crowd{Paid: 700, InProgress: 301, Waiting: 57, Done: 999}
	w.Many(t, crowd)
	for state, want := range map[orders.State]int{orders.Paid: 700, orders.InProgress: 301, orders.WaitingCustomer: 57, orders.Done: 999} {
		if n := w.Count(t, "SELECT count(*) FROM orders WHERE state = $1", state); n != want {
			t.Errorf("%d are %s, want %d", n, state, want)
		}
	}
	if late := w.Count(t, "SELECT count(*) FROM orders WHERE state IN ('paid', 'in_progress') AND due_at < $1", w.Clock.Now()); late == 0 || late > 900 {
		t.Errorf("%d of the open ones are late", late)
	}
	if late := w.Count(t, "SELECT count(*) FROM order_clocks WHERE stopped_at > due_at"); late == 0 || late > 400 {
		t.Errorf("%d of the done ones were late", late)
	}
	// Work goes on among them.
	o := w.Paid(t)
	next, err := w.House.Queue.Next(t.Context(), w.Operator)
	testworld.Must(t, err)
	if next.ID == o.ID {
		t.Error("the newest is not the earliest due")
	}
	if _, err := w.House.Orders.Clocks(t.Context(), w.House.Pool, next.ID); err != nil {
		t.Error(err)
	}
	if w.Done(t).State != orders.Done {
		t.Error("not done")
	}
}
