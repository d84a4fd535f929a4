package refunds_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

var simply = refunds.Cancellation{Why: refunds.CustomerAsked}

func any(c refunds.Cancellation) refunds.Cancellation { c.Any = true; return c }

// A cancelled order's clock stops, its claim ends, its customer is told, and
// what was paid is asked back, from every state that is paid and not over.
func TestCancel(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	waiting := w.Claimed(t)
	testworld.Must(t, w.House.Queue.Hold(ctx, w.Operator, waiting.Code, "which code?"))
	for name, o := range map[string]orders.Order{"unproven": w.Unproven(t), "free": w.Paid(t), "claimed": w.Claimed(t), "waiting": waiting} {
		testworld.Must(t, r.Cancel(ctx, w.Supervisor, o.Code, refunds.Cancellation{
			Why: refunds.Impossible, Note: " the site is closed ", Any: true, Refund: &refunds.Draft{Amount: typed(o.Total), Destination: sheba},
		}))
		after := w.Order(t, o)
		if after.State != orders.Cancelled || !after.StateSince.Equal(w.Clock.Now()) {
			t.Errorf("%s: %s", name, after.State)
		}
		if _, err := w.House.Queue.Holder(ctx, w.House.Pool, o.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: still held: %v", name, err)
		}
		if clock, err := w.House.Orders.Clock(ctx, w.House.Pool, o.ID); err == nil && !clock.Stopped() {
			t.Errorf("%s: its clock runs on", name)
		} else if (name == "unproven") != fault.Is(err, fault.NotFound) {
			t.Errorf("%s: clock %v", name, err)
		}
		list, err := r.Of(ctx, w.House.Pool, o.ID)
		testworld.Must(t, err)
		if len(list) != 1 || list[0].Amount != o.Total || list[0].Reason != "the site is closed" || list[0].State != refunds.Asked {
			t.Errorf("%s: refunds %+v", name, list)
		}
		if n := w.Count(t, "SELECT count(*) FROM messages WHERE order_id = $1 AND kind = 'order_cancelled'", int64(o.ID)); n != 2 {
			t.Errorf("%s: told by %d messages", name, n)
		}
		if n := w.Count(t, "SELECT count(*) FROM contact_tasks WHERE order_id = $1 AND closed_at IS NULL", int64(o.ID)); n != 0 {
			t.Errorf("%s: somebody is still to call", name)
		}
		conflict(t, name+" again", r.Cancel(ctx, w.Supervisor, o.Code, any(simply)), "orders.error.moved_on")
	}
	if n := w.Count(t, "SELECT count(*) FROM claims WHERE ended_how = 'cancelled'"); n != 2 {
		t.Errorf("%d claims ended so", n)
	}
}

func TestCancelRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	mine, free := w.Claimed(t), w.Paid(t)
	for _, tt := range []struct {
		name   string
		code   string
		who    audit.Actor
		c      refunds.Cancellation
		kind   fault.Kind
		fields string
	}{
		{"no reason", mine.Code, w.Operator, refunds.Cancellation{}, fault.Invalid, "why"},
		{"an unknown reason", mine.Code, w.Operator, refunds.Cancellation{Why: "boredom"}, fault.Invalid, "why"},
		{"another, and none said", mine.Code, w.Operator, refunds.Cancellation{Why: refunds.Other, Note: " "}, fault.Invalid, "note"},
		{"too long a note", mine.Code, w.Operator, refunds.Cancellation{Why: refunds.Other, Note: strings.Repeat("آ", 1001)}, fault.Invalid, "note"},
		{"overruled without a word", mine.Code, w.Supervisor, refunds.Cancellation{Why: refunds.Impossible, Any: true, Overrule: refunds.Bought}, fault.Invalid, "note"},
		{"a refund of words", mine.Code, w.Operator, refunds.Cancellation{Why: refunds.Impossible, Refund: &refunds.Draft{Amount: "all"}}, fault.Invalid, "amount"},
		{"a refund of too much", mine.Code, w.Operator, refunds.Cancellation{Why: refunds.Impossible, Refund: &refunds.Draft{Amount: "99999999999"}}, fault.Conflict, ""},
		{"a colleague's", mine.Code, w.Operator2, simply, fault.Conflict, ""},
		{"nobody's", free.Code, w.Operator, simply, fault.Conflict, ""},
		{"unpaid", w.Placed(t).Orders[0].Code, w.Supervisor, any(simply), fault.Conflict, ""},
		{"done", w.Done(t).Code, w.Supervisor, any(simply), fault.Conflict, ""},
		{"no such order", "AAAAAAA", w.Supervisor, any(simply), fault.NotFound, ""},
	} {
		err := r.Cancel(ctx, tt.who, tt.code, tt.c)
		if got := fault.Of(err); got == nil || got.Kind != tt.kind || fieldsOf(got) != tt.fields {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM orders WHERE state = 'cancelled'") + w.Count(t, "SELECT count(*) FROM refunds"); n != 0 {
		t.Errorf("%d traces of what did not happen", n)
	}
	testworld.Must(t, r.Cancel(ctx, w.Operator, mine.Code, simply))
}

// A cancellation, a purchase and a completion at once: the order ends one way,
// and is never both bought and cancelled without a warning overruled.
func TestCancelRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, f, ctx := w.House.Refunds, w.House.Fulfil, t.Context()
	for range 8 {
		o := w.Claimed(t)
		w.AddReceipt(t, o)
		var cancelled, started atomic.Int64
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { tally(t, &cancelled, r.Cancel(ctx, w.Operator, o.Code, simply)) })
			wg.Go(func() { tally(t, &started, f.StartPurchase(ctx, w.Operator, o.Code)) })
			wg.Go(func() {
				tally(t, new(atomic.Int64), f.Complete(ctx, w.Operator, o.Code, &fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}))
			})
		}
		wg.Wait()
		after := w.Order(t, o)
		if cancelled.Load()+started.Load() != 1 || (cancelled.Load() == 1) != (after.State == orders.Cancelled) {
			t.Errorf("%d cancelled, %d bought: %s", cancelled.Load(), started.Load(), after.State)
		}
		w.Clock.Advance(time.Second)
	}
}

func tally(t *testing.T, n *atomic.Int64, err error) {
	if err == nil {
		n.Add(1)
	} else if fault.Of(err) == nil {
		t.Error(err)
	}
}
