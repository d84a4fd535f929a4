package fulfil_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func pdf(o orders.Order) []byte { return sample.PDF("Receipt " + o.Code) }

// Completion needs a paid purchase and a receipt, and says all that is missing.
func TestCompletionGate(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	for _, tt := range []struct {
		name    string
		steps   func(o orders.Order)
		report  *fulfil.Report
		missing string
		kind    fault.Kind
	}{
		{"nothing done", func(orders.Order) {}, nil, "purchase receipt", fault.Invalid},
		{"a report of no purchase", func(o orders.Order) { w.AddReceipt(t, o) }, &paid, "", fault.Conflict},
		{"no purchase", func(o orders.Order) { w.AddReceipt(t, o) }, nil, "purchase", fault.Invalid},
		{"purchase under way", func(o orders.Order) {
			w.AddReceipt(t, o)
			testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
		}, nil, "purchase", fault.Invalid},
		{"purchase unknown", func(o orders.Order) {
			w.AddReceipt(t, o)
			testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
		}, &fulfil.Report{Outcome: fulfil.Unknown, Note: "?"}, "purchase", fault.Invalid},
		{"not paid", func(o orders.Order) {
			w.AddReceipt(t, o)
			testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
		}, &fulfil.Report{Outcome: fulfil.NotPaid}, "purchase", fault.Invalid},
		{"no receipt", func(o orders.Order) {
			testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
		}, &paid, "receipt", fault.Invalid},
		{"receipt removed", func(o orders.Order) {
			testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
			w.AddReceipt(t, o)
			papers, err := w.House.Receipts.Of(ctx, w.House.Pool, int64(o.ID))
			testworld.Must(t, err)
			testworld.Must(t, f.RemoveReceipt(ctx, w.Operator, o.Code, papers[0].ID))
		}, &paid, "receipt", fault.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := w.Claimed(t)
			tt.steps(o)
			purchases, err := f.Purchases(ctx, o.ID)
			testworld.Must(t, err)
			err = f.Complete(ctx, w.Operator, o.Code, tt.report)
			got := fault.Of(err)
			if got == nil || got.Kind != tt.kind {
				t.Fatalf("completed: %v", err)
			}
			var missing []string
			for _, field := range got.Fields {
				missing = append(missing, field.Name)
			}
			if strings.Join(missing, " ") != tt.missing {
				t.Errorf("missing %q, want %q", missing, tt.missing)
			}
			if after := w.Order(t, o); after.State != orders.InProgress {
				t.Errorf("state %s", after.State)
			}
			after, err := f.Purchases(ctx, o.ID)
			testworld.Must(t, err)
			if len(after) != len(purchases) || len(after) > 0 && after[0].Outcome != purchases[0].Outcome {
				t.Errorf("a refused completion left its report behind: %+v", after)
			}
		})
	}
	if n := w.Count(t, "SELECT count(*) FROM messages"); n != 0 {
		t.Errorf("%d messages tell of what did not happen", n)
	}
}

// Completing does everything at once: state, claim, clock, the amount that
// was charged, one SMS, one e-mail with the newest receipt, two jobs.
func TestComplete(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	visitor, who := w.Visitor(t), w.Someone()
	who.Lang = i18n.EN
	placed := w.PlacedBy(t, visitor, who)
	w.Pay(t, placed)
	w.Approve(t, placed.Orders[0])
	o, err := w.House.Queue.Claim(ctx, w.Operator, placed.Orders[0].Code)
	testworld.Must(t, err)
	testworld.Must(t, f.StartPurchase(ctx, w.Operator, o.Code))
	w.AddReceipt(t, o)
	testworld.Must(t, f.AddReceipt(ctx, w.Operator, o.Code, "newer.pdf", sample.PDF("Newer")))
	w.Clock.Advance(5 * time.Minute)
	testworld.Must(t, f.Complete(ctx, w.Operator, o.Code, &fulfil.Report{
		Outcome: fulfil.Paid, Amount: "۴۹٫۹۹", Currency: "usd", Reference: " ABC-1 ",
	}))

	done := w.Order(t, o)
	if done.State != orders.Done || !done.StateSince.Equal(w.Clock.Now()) {
		t.Errorf("%s since %s", done.State, done.StateSince)
	}
	if n := w.Count(t, "SELECT count(*) FROM claims WHERE order_id = $1 AND ended_how = 'completed' AND ended_at = $2", int64(o.ID), w.Clock.Now()); n != 1 {
		t.Errorf("%d claims completed", n)
	}
	list, err := f.Purchases(ctx, o.ID)
	testworld.Must(t, err)
	if len(list) != 1 || list[0].Charged.Amount.String() != "49.99" || list[0].Charged.Currency != "USD" || list[0].Reference != "ABC-1" {
		t.Errorf("charged %+v", list)
	}
	papers, err := w.House.Receipts.Of(ctx, w.House.Pool, int64(o.ID))
	testworld.Must(t, err)
	messages, err := w.House.Notices.Of(ctx, int64(o.ID))
	testworld.Must(t, err)
	if len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	for i, want := range []notify.Message{
		{Channel: notify.SMS, Recipient: who.Identity.Mobile},
		{Channel: notify.Email, Recipient: who.Identity.Email, ReceiptID: papers[1].ID},
	} {
		got := messages[i]
		if got.Channel != want.Channel || got.Recipient != want.Recipient || got.ReceiptID != want.ReceiptID ||
			got.State != notify.Queued || got.Lang != i18n.EN || got.Detail.Code != o.Code || !got.Detail.Password {
			t.Errorf("message %+v, want %+v", got, want)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM river_job WHERE kind = 'send_message'"); n != 2 {
		t.Errorf("%d jobs", n)
	}
	entries, err := audit.About(ctx, w.House.Pool, o.Subject(), 1)
	if err != nil || len(entries) != 1 || entries[0].Verb != "order.complete" || entries[0].Actor.ID != w.Operator.ID {
		t.Errorf("on record: %+v, %v", entries, err)
	}
}

// A service without a login does not ask to change a password.
func TestCompleteWithoutCredential(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t, "hotel-booking")
	messages, err := w.House.Notices.Of(t.Context(), int64(o.ID))
	if err != nil || len(messages) != 2 || messages[0].Detail.Password {
		t.Errorf("%+v, %v", messages, err)
	}
}

// Many press Complete at once: one completes, and the customer hears it once.
func TestCompleteRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, f := w.Claimed(t), w.House.Fulfil
	testworld.Must(t, f.StartPurchase(t.Context(), w.Operator, o.Code))
	w.AddReceipt(t, o)
	var done atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			switch err := f.Complete(t.Context(), w.Operator, o.Code, &paid); {
			case err == nil:
				done.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Errorf("%d completed", done.Load())
	}
	for sql, want := range map[string]int{
		"SELECT count(*) FROM messages":                                    2,
		"SELECT count(*) FROM river_job WHERE kind = 'send_message'":       2,
		"SELECT count(*) FROM order_events WHERE verb = 'complete'":        1,
		"SELECT count(*) FROM order_events WHERE verb = 'purchase_ended'":  1,
		"SELECT count(*) FROM audit_entries WHERE verb = 'order.complete'": 1,
	} {
		if got := w.Count(t, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

// A hasty hand sends the paper twice, beside the form and with it: it is one
// receipt. Another paper, or the same one after it was removed, is added.
func TestAddReceiptTwice(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, o := w.House.Fulfil, w.Claimed(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := f.AddReceipt(t.Context(), w.Operator, o.Code, "receipt.pdf", pdf(o)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	count := func(want int) {
		t.Helper()
		papers, err := w.House.Receipts.Of(t.Context(), w.House.Pool, int64(o.ID))
		testworld.Must(t, err)
		if len(papers) != want {
			t.Fatalf("%d receipts, want %d", len(papers), want)
		}
	}
	count(1)
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'receipt_added'"); n != 1 {
		t.Errorf("%d events", n)
	}
	papers, err := w.House.Receipts.Of(t.Context(), w.House.Pool, int64(o.ID))
	testworld.Must(t, err)
	testworld.Must(t, f.RemoveReceipt(t.Context(), w.Operator, o.Code, papers[0].ID))
	count(0)
	testworld.Must(t, f.AddReceipt(t.Context(), w.Operator, o.Code, "receipt.pdf", pdf(o)))
	testworld.Must(t, f.AddReceipt(t.Context(), w.Operator, o.Code, "receipt.pdf", sample.PDF("another")))
	count(2)
}

// A receipt that is not what its name says is refused, with nothing stored.
func TestAddReceiptRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, f := w.Claimed(t), w.House.Fulfil
	if err := f.AddReceipt(t.Context(), w.Operator, o.Code, "setup.pdf", []byte("MZ\x90\x00 not a document")); !fault.Is(err, fault.Invalid) {
		t.Errorf("a program: %v", err)
	}
	if err := f.AddReceipt(t.Context(), w.Operator, o.Code, "empty.pdf", nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("nothing: %v", err)
	}
	w.AddReceipt(t, o)
	papers, err := w.House.Receipts.Of(t.Context(), w.House.Pool, int64(o.ID))
	if err != nil || len(papers) != 1 {
		t.Fatalf("%d receipts, %v", len(papers), err)
	}
	other := w.Claimed(t)
	if err := f.RemoveReceipt(t.Context(), w.Operator, other.Code, papers[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another order's receipt: %v", err)
	}
	_, content, err := w.House.Receipts.Read(t.Context(), int64(o.ID), papers[0].ID)
	if err != nil || string(content) != string(pdf(o)) {
		t.Errorf("read back %d bytes, %v", len(content), err)
	}
	if _, _, err := w.House.Receipts.Read(t.Context(), int64(other.ID), papers[0].ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("read through another order: %v", err)
	}
}
