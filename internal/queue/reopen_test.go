package queue_test

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

// A reopened order is held by who reopened it, on a new clock; the first
// outcome stays.
func TestReopen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	done := w.Done(t)
	w.Clock.Advance(90 * time.Minute)
	o, err := w.House.Queue.Reopen(t.Context(), w.Supervisor, done.Code, "  the receipt is somebody else's  ")
	testworld.Must(t, err)
	if o.State != orders.InProgress || !o.DueAt.Equal(w.Clock.Now().Add(o.Budget)) {
		t.Errorf("%s, due %s", o.State, o.DueAt)
	}
	if held, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID); err != nil || held.MemberID != w.Supervisor.ID {
		t.Errorf("held by %+v, %v", held, err)
	}
	clocks, err := w.House.Orders.Clocks(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if len(clocks) != 2 || !clocks[0].Met() || !clocks[1].Running() || clocks[1].Used != 0 {
		t.Errorf("clocks %+v", clocks)
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	if last := history[len(history)-1]; last.Verb != orders.Reopen || last.Reason != "the receipt is somebody else's" || last.Actor.ID != w.Supervisor.ID {
		t.Errorf("in the history: %+v", last)
	}
	entries, err := audit.About(t.Context(), w.House.Pool, o.Subject(), 1)
	if err != nil || len(entries) != 1 || entries[0].Verb != "order.reopen" || entries[0].Actor.ID != w.Supervisor.ID {
		t.Errorf("on record: %+v, %v", entries, err)
	}
	testworld.Must(t, w.House.Queue.Release(t.Context(), w.Supervisor, o.Code, "somebody else does it"))
	if _, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code); err != nil {
		t.Errorf("given back, it is not free: %v", err)
	}
}

func TestReopenRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, tt := range []struct {
		name, code, reason string
		kind               fault.Kind
	}{
		{"no reason", w.Done(t).Code, " ", fault.Invalid},
		{"too long a reason", w.Done(t).Code, strings.Repeat("ن", 1001), fault.Invalid},
		{"not done yet", w.Claimed(t).Code, "why", fault.Conflict},
		{"in the queue", w.Paid(t).Code, "why", fault.Conflict},
		{"no such order", "AAAAAAA", "why", fault.NotFound},
	} {
		if _, err := w.House.Queue.Reopen(t.Context(), w.Supervisor, tt.code, tt.reason); !fault.Is(err, tt.kind) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'reopen'"); n != 0 {
		t.Errorf("%d were reopened", n)
	}
}

// What was given back is not worked on again as if it were paid; a part of it
// may be missing.
func TestReopenAfterRefund(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	ask := func(o orders.Order, amount money.Rials) refunds.Refund {
		refund, err := r.Ask(ctx, w.Operator, o.Code, refunds.Draft{
			Amount: strconv.FormatInt(amount.Toman(), 10), Reason: "x", Destination: "IR062960000000100324200001",
		})
		testworld.Must(t, err)
		return refund
	}
	reopen := func(o orders.Order) error {
		_, err := w.House.Queue.Reopen(ctx, w.Supervisor, o.Code, "why")
		return err
	}
	asked, sent, part, gone := w.Done(t), w.Done(t), w.Done(t), w.Done(t)
	one := ask(asked, asked.Total)
	refused(t, "asked back", reopen(asked), fault.Conflict, "queue.error.given_back")
	testworld.Must(t, r.Fail(ctx, w.Finance, one.ID, "not so"))
	testworld.Must(t, reopen(asked))
	all := ask(sent, sent.Total)
	testworld.Must(t, r.Approve(ctx, w.Finance, all.ID))
	testworld.Must(t, r.Sent(ctx, w.Finance, all.ID, "X1"))
	refused(t, "sent back", reopen(sent), fault.Conflict, "queue.error.given_back")
	ask(part, part.Total-10)
	testworld.Must(t, reopen(part))
	ask(gone, gone.Total-10)
	ask(gone, 10)
	refused(t, "asked back in two parts", reopen(gone), fault.Conflict, "queue.error.given_back")
	refused(t, "in the queue", reopen(w.Paid(t)), fault.Conflict, "orders.error.moved_on")
}

// Many reopen at once: one does.
func TestReopenRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	var reopened atomic.Int64
	var wg sync.WaitGroup
	for i := range 20 {
		who := []audit.Actor{w.Supervisor, w.Admin}[i%2]
		wg.Go(func() {
			switch _, err := w.House.Queue.Reopen(t.Context(), who, o.Code, "why"); {
			case err == nil:
				reopened.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if reopened.Load() != 1 {
		t.Errorf("%d reopened it", reopened.Load())
	}
	for sql, want := range map[string]int{
		"SELECT count(*) FROM claims WHERE ended_at IS NULL":             1,
		"SELECT count(*) FROM order_clocks":                              2,
		"SELECT count(*) FROM order_clocks WHERE stopped_at IS NULL":     1,
		"SELECT count(*) FROM audit_entries WHERE verb = 'order.reopen'": 1,
	} {
		if got := w.Count(t, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}
