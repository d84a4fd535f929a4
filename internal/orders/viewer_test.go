package orders_test

import (
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// An order is seen by the browser that placed it and by its customer, signed
// in anywhere. Nobody is a customer by the number 0.
func TestForViewer(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, stranger := w.Visitor(t), w.Visitor(t)
	o := w.PlacedBy(t, visitor, w.Someone()).Orders[0]
	other := w.Placed(t).Orders[0]
	book := w.House.Orders
	for viewer, sees := range map[orders.Viewer]bool{
		{VisitorID: visitor.ID}:                                true,
		{VisitorID: stranger.ID, CustomerID: o.CustomerID}:     true,
		{VisitorID: stranger.ID}:                               false,
		{VisitorID: stranger.ID, CustomerID: other.CustomerID}: false,
		{}: false,
	} {
		_, err := book.ForViewer(t.Context(), viewer, o.Code)
		if sees != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v: %v", viewer, err)
		}
		list, err := book.OfViewer(t.Context(), viewer)
		testworld.Must(t, err)
		found := false
		for _, listed := range list {
			found = found || listed.ID == o.ID
		}
		if found != sees {
			t.Errorf("%+v lists %d orders", viewer, len(list))
		}
	}
	if list, err := book.OfViewer(t.Context(), orders.Viewer{VisitorID: visitor.ID, CustomerID: o.CustomerID}); err != nil || len(list) != 1 {
		t.Errorf("the same order twice: %d, %v", len(list), err)
	}
	if list, err := book.OfCustomer(t.Context(), o.CustomerID); err != nil || len(list) != 1 || list[0].ID != o.ID {
		t.Errorf("%+v, %v", list, err)
	}
}
