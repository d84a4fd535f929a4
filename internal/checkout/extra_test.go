package checkout_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/checkout"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

var more = checkout.ExtraDraft{Amount: "25000", Reason: "a new tax"}

func extras(t *testing.T, w *testworld.World, o orders.Order) []payments.Extra {
	t.Helper()
	list, err := w.House.Payments.ExtrasOf(t.Context(), w.House.Pool, int64(o.ID))
	testworld.Must(t, err)
	return list
}

// payExtra sends the customer to the gateway, and presses a button there.
func payExtra(t *testing.T, w *testworld.World, o orders.Order, button string) payments.Attempt {
	t.Helper()
	attempt, err := w.House.Checkout.PayExtra(t.Context(), o)
	testworld.Must(t, err)
	redirect, err := w.House.Checkout.Pay(t.Context(), attempt)
	testworld.Must(t, err)
	testworld.Must(t, sample.Press(t.Context(), redirect, button))
	return attempt
}

// While more is asked for, the clock stands still; twenty callbacks at once
// settle it once, and the order goes on where it was.
func TestExtra(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c, ctx := w.House.Checkout, t.Context()
	o := w.Claimed(t)
	extra, err := c.AskExtra(ctx, w.Operator, o.Code, more)
	testworld.Must(t, err)
	if after := w.Order(t, o); after.State != orders.WaitingCustomer || extra.Amount != 250_000 {
		t.Fatalf("asked: %s, %d", after.State, extra.Amount)
	}
	if n := w.Count(t, "SELECT count(*) FROM messages WHERE kind = 'extra_asked' AND order_id = $1", int64(o.ID)); n != 2 {
		t.Errorf("told by %d messages", n)
	}
	w.Clock.Advance(30 * time.Minute)
	attempt := payExtra(t, w, o, "pay")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.Resolve(ctx, attempt.ID); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	after := w.Order(t, o)
	if after.State != orders.InProgress || !after.DueAt.Equal(o.DueAt.Add(30*time.Minute)) {
		t.Errorf("paid: %s, due %s, before %s", after.State, after.DueAt, o.DueAt)
	}
	if list := extras(t, w, o); len(list) != 1 || list[0].State != payments.ExtraPaid {
		t.Errorf("extras %+v", list)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb = 'extra_paid'", int64(o.ID)); n != 1 {
		t.Errorf("%d lines in the history", n)
	}
	left, err := w.House.Refunds.Left(ctx, w.House.Pool, after)
	if err != nil || left != o.Total+250_000 {
		t.Errorf("%d can be refunded, %v", left, err)
	}
}

// Money that comes after it was withdrawn, answered or run out goes back.
func TestExtraUnwanted(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c, ctx := w.House.Checkout, t.Context()
	for name, end := range map[string]func(o orders.Order) error{
		"withdrawn": func(o orders.Order) error { return c.WithdrawExtra(ctx, w.Operator, o.Code) },
		"answered":  func(o orders.Order) error { return w.House.Queue.Answer(ctx, w.Operator, o.ID, "no, thank you") },
	} {
		o := w.Claimed(t)
		_, err := c.AskExtra(ctx, w.Operator, o.Code, more)
		testworld.Must(t, err)
		attempt := payExtra(t, w, o, "pay")
		testworld.Must(t, end(o))
		got, err := c.Resolve(ctx, attempt.ID)
		if err != nil || got.State != payments.Reversed {
			t.Errorf("%s: the money is %s, %v", name, got.State, err)
		}
		if after := w.Order(t, o); after.State != orders.InProgress || extras(t, w, o)[0].State != payments.ExtraWithdrawn {
			t.Errorf("%s: %s, %+v", name, after.State, extras(t, w, o))
		}
		if _, err := c.PayExtra(ctx, o); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: paid again: %v", name, err)
		}
	}
	late := w.Claimed(t)
	_, err := c.AskExtra(ctx, w.Operator, late.Code, more)
	testworld.Must(t, err)
	w.Clock.Advance(4 * 24 * time.Hour)
	testworld.Must(t, c.Expire(ctx))
	if after := w.Order(t, late); after.State != orders.InProgress || extras(t, w, late)[0].State != payments.ExtraExpired {
		t.Errorf("too late: %s", after.State)
	}
}

// One thing is asked at a time, by who holds the order, with amount and reason.
func TestExtraRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	c, ctx := w.House.Checkout, t.Context()
	o := w.Claimed(t)
	for _, d := range []checkout.ExtraDraft{{}, {Amount: "0", Reason: "x"}, {Amount: "-3", Reason: "x"}, {Amount: "5"}} {
		if _, err := c.AskExtra(ctx, w.Operator, o.Code, d); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", d, err)
		}
	}
	if _, err := c.AskExtra(ctx, w.Operator2, o.Code, more); !fault.Is(err, fault.Conflict) {
		t.Errorf("a colleague's: %v", err)
	}
	var asked atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := c.AskExtra(ctx, w.Operator, o.Code, more); err == nil {
				asked.Add(1)
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}
