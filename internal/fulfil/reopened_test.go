package fulfil_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/club"
	"pishkhan/internal/fault"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// A reopened order is completed with the purchase that was paid before and a
// new receipt; its customer is told again, once each time, and it counts for
// the club as the one order that it is.
func TestCompleteAfterReopening(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	o := w.Done(t)
	standing, err := w.House.Club.Standing(ctx, w.House.Pool, o.CustomerID)
	testworld.Must(t, err)
	for round := 2; round <= 3; round++ {
		w.Clock.Advance(30 * time.Minute)
		_, err := w.House.Queue.Reopen(ctx, w.Supervisor, o.Code, "the wrong receipt")
		testworld.Must(t, err)
		if err := f.StartPurchase(ctx, w.Supervisor, o.Code); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second purchase: %v", err)
		}
		testworld.Must(t, f.AddReceipt(ctx, w.Supervisor, o.Code, "receipt.pdf", pdf(o)))
		testworld.Must(t, f.Complete(ctx, w.Supervisor, o.Code, nil))

		papers, err := w.House.Receipts.Of(ctx, w.House.Pool, int64(o.ID))
		testworld.Must(t, err)
		messages, err := w.House.Notices.Of(ctx, int64(o.ID))
		testworld.Must(t, err)
		if len(messages) != 2*round {
			t.Fatalf("%d messages after completing %d times", len(messages), round)
		}
		if last := messages[len(messages)-1]; last.Channel != notify.Email || last.ReceiptID != papers[len(papers)-1].ID || last.Kind != notify.OrderDone {
			t.Errorf("the last message is %+v", last)
		}
		if err := f.Complete(ctx, w.Supervisor, o.Code, nil); !fault.Is(err, fault.Conflict) {
			t.Errorf("completed once more: %v", err)
		}
	}
	if after := w.Order(t, o); after.State != orders.Done {
		t.Errorf("state %s", after.State)
	}
	if after, err := w.House.Club.Standing(ctx, w.House.Pool, o.CustomerID); err != nil || after != standing || after == (club.Standing{}) {
		t.Errorf("the club counts %+v, before %+v, %v", after, standing, err)
	}
	clocks, err := w.House.Orders.Clocks(ctx, w.House.Pool, o.ID)
	testworld.Must(t, err)
	if len(clocks) != 3 || !clocks[0].Met() || !clocks[1].Met() || !clocks[2].Met() {
		t.Errorf("clocks %+v", clocks)
	}
	keys := w.Count(t, "SELECT count(DISTINCT business_key) FROM messages WHERE business_key LIKE $1", "order:%:done:%")
	if keys != 6 {
		t.Errorf("%d keys", keys)
	}
}

// Without any receipt, a reopened order is not completed either.
func TestReopenedNeedsAReceipt(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	_, err := w.House.Queue.Reopen(t.Context(), w.Supervisor, o.Code, "the wrong receipt")
	testworld.Must(t, err)
	papers, err := w.House.Receipts.Of(t.Context(), w.House.Pool, int64(o.ID))
	testworld.Must(t, err)
	testworld.Must(t, w.House.Fulfil.RemoveReceipt(t.Context(), w.Supervisor, o.Code, papers[0].ID))
	err = w.House.Fulfil.Complete(t.Context(), w.Supervisor, o.Code, nil)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "receipt") {
		t.Errorf("completed: %v", err)
	}
}
