package queue_test

import (
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A released order is in the queue again, at its old due time, for anybody.
func TestRelease(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Advance(10 * time.Minute)
	testworld.Must(t, w.House.Queue.Release(t.Context(), w.Operator, o.Code, "not my language"))
	free := w.Order(t, o)
	if free.State != orders.Paid || !free.DueAt.Equal(*o.DueAt) {
		t.Errorf("%s, due %s, before %s", free.State, free.DueAt, o.DueAt)
	}
	if _, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("still held: %v", err)
	}
	if err := w.House.Queue.Release(t.Context(), w.Operator, o.Code, "again"); !fault.Is(err, fault.Conflict) {
		t.Errorf("released twice: %v", err)
	}
	if _, err := w.House.Queue.Claim(t.Context(), w.Operator2, o.Code); err != nil {
		t.Fatal(err)
	}
	if err := w.House.Queue.Release(t.Context(), w.Operator, o.Code, "mine no more"); !fault.Is(err, fault.Conflict) ||
		arguments(fault.Of(err))["name"] != w.Operator2.Name {
		t.Errorf("a colleague's order: %v", err)
	}
	entries, err := audit.About(t.Context(), w.House.Pool, o.Subject(), 10)
	testworld.Must(t, err)
	if len(entries) != 3 || entries[1].Verb != "order.release" || entries[1].Detail["reason"] != "not my language" || entries[1].Actor.ID != w.Operator.ID {
		t.Errorf("on record: %+v", entries)
	}
}

// While money may be on its way at the destination, nothing ends a claim:
// not the member, and not the statement that ends claims.
func TestPurchaseGuard(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	ctx, f := t.Context(), w.House.Fulfil
	guarded := func(when string) {
		t.Helper()
		if err := w.House.Queue.Release(ctx, w.Operator, o.Code, "tired"); !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "queue.error.purchase_open" {
			t.Errorf("%s: released: %v", when, err)
		}
		if got := w.Order(t, o); got.State != orders.InProgress {
			t.Errorf("%s: %s", when, got.State)
		}
		if _, err := w.House.Pool.Exec(ctx, "UPDATE claims SET ended_at = now(), ended_how = 'released' WHERE ended_at IS NULL"); err == nil {
			t.Errorf("%s: the database ended the claim", when)
		}
	}
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
	guarded("under way")
	testworld.Must(t, f.EndPurchase(ctx, w.Operator, o.Code, fulfil.Report{Outcome: fulfil.Unknown, Note: "the page froze"}))
	guarded("unknown")
	testworld.Must(t, f.EndPurchase(ctx, w.Operator, o.Code, fulfil.Report{Outcome: fulfil.NotPaid}))
	testworld.Must(t, w.House.Queue.Release(ctx, w.Operator, o.Code, "it was not paid"))
}
