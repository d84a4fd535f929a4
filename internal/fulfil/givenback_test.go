package fulfil_test

import (
	"strconv"
	"sync"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

func ask(t *testing.T, w *testworld.World, by audit.Actor, o orders.Order, amount money.Rials) (refunds.Refund, error) {
	t.Helper()
	return w.House.Refunds.Ask(t.Context(), by, o.Code, refunds.Draft{
		Amount: strconv.FormatInt(amount.Toman(), 10), Reason: "x", Destination: "IR062960000000100324200001",
	})
}

// Nothing is bought for an order whose whole price goes back, however far
// that is; for what is left of one, and after a refusal, it is.
func TestNothingIsBoughtForWhatIsGivenBack(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, f, ctx := w.House.Refunds, w.House.Fulfil, t.Context()
	refused := func(what string, o orders.Order) {
		t.Helper()
		err := f.StartPurchase(ctx, w.Operator, o.Code)
		if !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "fulfil.error.given_back" {
			t.Errorf("%s: %v", what, err)
		}
	}
	o := w.Claimed(t)
	refund, err := ask(t, w, w.Operator, o, o.Total)
	testworld.Must(t, err)
	refused("asked back", o)
	testworld.Must(t, r.Approve(ctx, w.Finance, refund.ID))
	refused("about to be sent", o)
	testworld.Must(t, r.Sent(ctx, w.Finance, refund.ID, "X1"))
	refused("sent", o)

	again := w.Claimed(t)
	refund, err = ask(t, w, w.Operator, again, again.Total)
	testworld.Must(t, err)
	testworld.Must(t, r.Fail(ctx, w.Finance, refund.ID, "not so"))
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, again.Code))

	part := w.Claimed(t)
	_, err = ask(t, w, w.Operator, part, part.Total-10)
	testworld.Must(t, err)
	_, err = ask(t, w, w.Operator, part, 10)
	testworld.Must(t, err)
	refused("in parts", part)
	left := w.Claimed(t)
	_, err = ask(t, w, w.Operator, left, left.Total-10)
	testworld.Must(t, err)
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, left.Code))
	if n := w.Count(t, "SELECT count(*) FROM purchases"); n != 2 {
		t.Errorf("%d purchases", n)
	}
}

// The whole price is asked back and the purchase begun at once: one of both
// happens, never both.
func TestRefundAgainstPurchase(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for range 8 {
		o := w.Claimed(t)
		var bought, back int
		var mu sync.Mutex
		var wg sync.WaitGroup
		count := func(n *int, err error) {
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				*n++
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		for range 4 {
			wg.Go(func() { count(&bought, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code)) })
			wg.Go(func() { _, err := ask(t, w, w.Finance, o, o.Total); count(&back, err) })
		}
		wg.Wait()
		if bought+back != 1 {
			t.Errorf("begun %d times, asked back %d times", bought, back)
		}
	}
}
