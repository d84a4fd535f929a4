package testworld

import (
	"testing"

	"pishkhan/internal/checkout"
	"pishkhan/internal/customers"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
)

// Someone returns a customer who was not here before.
func (w *World) Someone() sample.Customer { return sample.Someone(int(w.serial.Add(1))) }

// Visitor returns a browser that was not here before.
func (w *World) Visitor(t testing.TB) customers.Visitor {
	t.Helper()
	visitor, err := w.House.Customers.Arrive(t.Context())
	Must(t, err)
	return visitor
}

// Placed returns orders for the services (Steam when none is named) that
// await their payment.
func (w *World) Placed(t testing.TB, slugs ...string) checkout.Placed {
	t.Helper()
	return w.PlacedBy(t, w.Visitor(t), w.Someone(), slugs...)
}

// PlacedBy is Placed for a browser and a customer of the test's own.
func (w *World) PlacedBy(t testing.TB, visitor customers.Visitor, who sample.Customer, slugs ...string) checkout.Placed {
	t.Helper()
	if len(slugs) == 0 {
		slugs = []string{"steam-wallet"}
	}
	placed, err := w.maker.PlaceFrom(t.Context(), visitor, who, slugs...)
	Must(t, err)
	return placed
}

// Unproven returns an order that is paid, and whose identity nobody has
// verified yet.
func (w *World) Unproven(t testing.TB, slugs ...string) orders.Order {
	t.Helper()
	placed := w.Placed(t, slugs...)
	w.Pay(t, placed)
	return w.Order(t, placed.Orders[0])
}

// Paid returns an order in the queue: paid and verified.
func (w *World) Paid(t testing.TB, slugs ...string) orders.Order {
	t.Helper()
	o := w.Unproven(t, slugs...)
	w.Approve(t, o)
	return w.Order(t, o)
}

// Claimed returns an order that the operator works on.
func (w *World) Claimed(t testing.TB, slugs ...string) orders.Order {
	t.Helper()
	o := w.Paid(t, slugs...)
	_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	Must(t, err)
	return w.Order(t, o)
}

// Done returns an order that the operator has completed.
func (w *World) Done(t testing.TB, slugs ...string) orders.Order {
	t.Helper()
	o := w.Claimed(t, slugs...)
	Must(t, w.maker.Finish(t.Context(), w.Operator, o))
	return w.Order(t, o)
}

// Pay pays for placed orders at the simulator, settlement included.
func (w *World) Pay(t testing.TB, placed checkout.Placed) {
	t.Helper()
	_, err := w.maker.Pay(t.Context(), placed.Attempt)
	Must(t, err)
}

// Press sends the customer to the simulator for an attempt, and presses pay,
// cancel or fail there. The browser does not come back.
func (w *World) Press(t testing.TB, placed checkout.Placed, button string) {
	t.Helper()
	redirect, err := w.House.Checkout.Pay(t.Context(), placed.Attempt)
	Must(t, err)
	Must(t, sample.Press(t.Context(), redirect, button))
}

// Approve lets the reviewer verify the identity behind an order.
func (w *World) Approve(t testing.TB, o orders.Order) {
	t.Helper()
	Must(t, w.maker.Judge(t.Context(), w.Reviewer, o, customers.Approved, ""))
}

// Reject lets the reviewer refuse the identity behind an order.
func (w *World) Reject(t testing.TB, o orders.Order, reason string) {
	t.Helper()
	Must(t, w.maker.Judge(t.Context(), w.Reviewer, o, customers.Rejected, reason))
}

// AddReceipt puts a receipt on an order that the operator works on.
func (w *World) AddReceipt(t testing.TB, o orders.Order) {
	t.Helper()
	Must(t, w.House.Fulfil.AddReceipt(t.Context(), w.Operator, o.Code, "receipt.pdf", sample.PDF("Receipt "+o.Code)))
}

// Order returns an order as it stands now.
func (w *World) Order(t testing.TB, o orders.Order) orders.Order {
	t.Helper()
	now, err := w.House.Orders.ByID(t.Context(), w.House.Pool, o.ID)
	Must(t, err)
	return now
}

// Count returns what a query for one number says.
func (w *World) Count(t testing.TB, sql string, args ...any) int {
	t.Helper()
	var n int
	Must(t, w.House.Pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}
