package shop_test

import (
	"testing"

	"pishkhan/internal/checkout"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

// extra asks the customer of an order that the operator holds for more.
func (b *bench) extra(t *testing.T, o orders.Order) money.Rials {
	t.Helper()
	extra, err := b.House.Checkout.AskExtra(t.Context(), b.Operator, o.Code, checkout.ExtraDraft{Amount: "25000", Reason: "a new tax"})
	testworld.Must(t, err)
	return extra.Amount
}

// refunded pays for a placed order, cancels it, and asks for its money twice:
// once in vain.
func (b *bench) refunded(t *testing.T, o orders.Order) {
	t.Helper()
	ctx, r := t.Context(), b.House.Refunds
	attempt, err := b.House.Checkout.PayAgain(ctx, o)
	testworld.Must(t, err)
	b.Pay(t, checkout.Placed{Orders: []orders.Order{o}, Attempt: attempt})
	testworld.Must(t, r.Cancel(ctx, b.Supervisor, o.Code, refunds.Cancellation{Why: refunds.CustomerAsked, Any: true}))
	for range 2 {
		refund, err := r.Ask(ctx, b.Supervisor, o.Code, refunds.Draft{Amount: "1000", Reason: "x"})
		testworld.Must(t, err)
		if list, _ := r.Of(ctx, b.House.Pool, o.ID); len(list) == 1 {
			testworld.Must(t, r.Fail(ctx, b.Finance, refund.ID, "not so"))
		}
	}
}
