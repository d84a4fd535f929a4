package orders_test

import (
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// An order is seen by the browser that placed it, by the account that was
// open there, signed in anywhere, and by the account of the number given with
// it once the identity is verified: until then it may be a stranger's, whose
// number was mistyped. Nobody is a customer by the number 0.
func TestForViewer(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	stranger, other := w.Visitor(t).ID, w.Placed(t).Orders[0].CustomerID
	visitor, signed := w.Visitor(t), w.Visitor(t)
	signed.CustomerID = other // as the sign-in leaves it
	anonymous, own := w.PlacedBy(t, visitor, w.Someone()).Orders[0], w.PlacedBy(t, signed, w.Someone()).Orders[0]
	look := func(name string, o orders.Order, viewers map[orders.Viewer]bool) {
		t.Helper()
		for viewer, sees := range viewers {
			_, err := w.House.Orders.ForViewer(t.Context(), viewer, o.Code)
			if sees != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %+v: %v", name, viewer, err)
			}
			list, err := w.House.Orders.OfViewer(t.Context(), viewer)
			testworld.Must(t, err)
			times := 0
			for _, listed := range list {
				if listed.ID == o.ID {
					times++
				}
			}
			if sees != (times == 1) || times > 1 {
				t.Errorf("%s: %+v lists it %d times", name, viewer, times)
			}
		}
	}
	viewers := map[orders.Viewer]bool{
		{VisitorID: visitor.ID}:                                   true,
		{VisitorID: visitor.ID, CustomerID: anonymous.CustomerID}: true,
		{VisitorID: stranger, CustomerID: anonymous.CustomerID}:   false,
		{VisitorID: stranger}:                                     false,
		{VisitorID: stranger, CustomerID: other}:                  false,
		{}:                                                        false,
	}
	look("unverified", anonymous, viewers)
	w.Approve(t, anonymous)
	viewers[orders.Viewer{VisitorID: stranger, CustomerID: anonymous.CustomerID}] = true
	look("verified", anonymous, viewers)
	look("placed signed in", own, map[orders.Viewer]bool{
		{VisitorID: stranger, CustomerID: other}:          true,
		{VisitorID: stranger, CustomerID: own.CustomerID}: false,
		{VisitorID: stranger}:                             false,
	})
}
