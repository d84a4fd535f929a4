package refunds_test

import (
	"sync"
	"testing"

	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds"
	"pishkhan/internal/testworld"
)

var (
	bought  = &fulfil.Report{Outcome: fulfil.Paid, Amount: "50", Currency: "USD"}
	unknown = &fulfil.Report{Outcome: fulfil.Unknown, Note: "the page went white"}
)

// buying returns a claimed order whose purchase has begun, and ended as
// reported if it has.
func buying(t *testing.T, w *testworld.World, report *fulfil.Report) orders.Order {
	t.Helper()
	o := w.Claimed(t)
	testworld.Must(t, w.House.Fulfil.StartPurchase(t.Context(), w.Operator, o.Code))
	if report != nil {
		testworld.Must(t, w.House.Fulfil.EndPurchase(t.Context(), w.Operator, o.Code, *report))
	}
	return o
}

func over(seen refunds.Warning) refunds.Cancellation {
	return refunds.Cancellation{Why: refunds.Impossible, Note: "the bank says it was stopped", Any: true, Overrule: seen}
}

// What is bought, or may be, is cancelled by a supervisor alone, who has seen
// the warning of just this; the outcome of what was open is found out later.
func TestCancelOverPurchase(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, f, ctx := w.House.Refunds, w.House.Fulfil, t.Context()
	for name, tt := range map[string]struct {
		report      *fulfil.Report
		key         string
		seen, other refunds.Warning
	}{
		"under way": {nil, "refunds.error.purchase_open", refunds.OpenPurchase, refunds.Bought},
		"unknown":   {unknown, "refunds.error.purchase_open", refunds.OpenPurchase, refunds.Bought},
		"paid":      {bought, "refunds.error.bought", refunds.Bought, refunds.OpenPurchase},
	} {
		o := buying(t, w, tt.report)
		conflict(t, name, r.Cancel(ctx, w.Operator, o.Code, simply), tt.key)
		conflict(t, name+", warned only", r.Cancel(ctx, w.Supervisor, o.Code, any(simply)), tt.key)
		conflict(t, name+", warned of something else", r.Cancel(ctx, w.Supervisor, o.Code, over(tt.other)), tt.key)
		sly := over(tt.seen)
		sly.Any = false
		conflict(t, name+", by an operator", r.Cancel(ctx, w.Operator, o.Code, sly), tt.key)
		testworld.Must(t, r.Cancel(ctx, w.Supervisor, o.Code, over(tt.seen)))
		if after := w.Order(t, o); after.State != orders.Cancelled {
			t.Errorf("%s: %s", name, after.State)
		}
		if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'order.cancel' AND subject = $1 AND detail->>'despite' = $2", o.Subject(), string(tt.seen)); n != 1 {
			t.Errorf("%s: what was overruled is not on record", name)
		}
		found := f.FindOut(ctx, w.Supervisor, o.Code, fulfil.Report{Outcome: fulfil.NotPaid})
		if (tt.seen == refunds.OpenPurchase) != (found == nil) {
			t.Errorf("%s: found out: %v", name, found)
		}
	}
	released := buying(t, w, &fulfil.Report{Outcome: fulfil.NotPaid})
	testworld.Must(t, r.Cancel(ctx, w.Operator, released.Code, simply))
	conflict(t, "found out of what is not cancelled", f.FindOut(ctx, w.Supervisor, w.Claimed(t).Code, fulfil.Report{Outcome: fulfil.NotPaid}), "orders.error.moved_on")
}

// What was paid abroad stays paid on the record when its order is cancelled,
// with the amount beside the cancellation; what was said of an unknown outcome
// stays as well.
func TestCancelKeepsWhatIsKnown(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r, ctx := w.House.Refunds, t.Context()
	paid, unsure := buying(t, w, bought), buying(t, w, unknown)
	testworld.Must(t, r.Cancel(ctx, w.Supervisor, paid.Code, over(refunds.Bought)))
	testworld.Must(t, r.Cancel(ctx, w.Supervisor, unsure.Code, over(refunds.OpenPurchase)))
	for name, tt := range map[string]struct {
		o    orders.Order
		want fulfil.Report
	}{"paid": {paid, *bought}, "unknown": {unsure, *unknown}} {
		list, err := w.House.Fulfil.Purchases(ctx, tt.o.ID)
		testworld.Must(t, err)
		if len(list) != 1 || list[0].Outcome != tt.want.Outcome || list[0].Note != tt.want.Note {
			t.Errorf("%s: %+v", name, list)
		}
		if tt.want.Amount != "" && list[0].Charged.Amount.String() != tt.want.Amount {
			t.Errorf("%s: charged %v", name, list[0].Charged)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb = 'cancel' AND detail->>'amount' = '50' AND detail->>'currency' = 'USD'", int64(paid.ID)); n != 1 {
		t.Error("the history does not say what was paid")
	}
}

// Whoever overrules an open purchase does not write off what turned out to be
// paid in the meantime: a report and a cancellation at once leave a cancelled
// order whose purchase is unknown, or a paid one that is not cancelled.
func TestReportAgainstCancel(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for range 12 {
		o := buying(t, w, nil)
		var reported, cancelled error
		var wg sync.WaitGroup
		wg.Go(func() { reported = w.House.Fulfil.EndPurchase(t.Context(), w.Operator, o.Code, *bought) })
		wg.Go(func() {
			cancelled = w.House.Refunds.Cancel(t.Context(), w.Supervisor, o.Code, over(refunds.OpenPurchase))
		})
		wg.Wait()
		for _, err := range []error{reported, cancelled} {
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if (reported == nil) == (cancelled == nil) {
			t.Errorf("reported %v, cancelled %v", reported, cancelled)
		}
		if state := w.Order(t, o).State; (state == orders.Cancelled) != (cancelled == nil) {
			t.Errorf("it is %s: %v", state, cancelled)
		}
	}
}

// An order that was put back over an open purchase, and is cancelled while it
// is free, leaves no guard behind.
func TestCancelWhatWasPutBack(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, r, ctx := w.House.Queue, w.House.Refunds, t.Context()
	o := buying(t, w, nil)
	testworld.Must(t, q.ReleaseFor(ctx, w.Supervisor, o.Code, "she is ill", true))
	conflict(t, "not warned", r.Cancel(ctx, w.Supervisor, o.Code, any(simply)), "refunds.error.purchase_open")
	testworld.Must(t, r.Cancel(ctx, w.Supervisor, o.Code, over(refunds.OpenPurchase)))
	if since, err := q.Guarded(ctx, w.House.Pool, o.ID); err != nil || since != nil {
		t.Errorf("guarded since %v, %v", since, err)
	}
	testworld.Must(t, w.House.Fulfil.FindOut(ctx, w.Supervisor, o.Code, *bought))
}
