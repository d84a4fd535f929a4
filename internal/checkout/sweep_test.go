package checkout_test

import (
	"slices"
	"testing"
	"time"

	"pishkhan/internal/checkout"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/testworld"
)

// A callback that never came is found by the sweep, and only after a silence.
func TestLostCallback(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	paid, unpaid := w.Placed(t), w.Placed(t)
	inject(t, w, sandbox.Injection{Effect: sandbox.LostCallback})
	w.Press(t, paid, "pay")
	w.Press(t, unpaid, "cancel")
	sweep(t, w)
	if a := attempt(t, w, paid.Attempt); a.State != payments.Sent {
		t.Errorf("asked at once: %s", a.State)
	}
	w.Clock.Advance(21 * time.Second)
	sweep(t, w)
	if a := attempt(t, w, paid.Attempt); a.State != payments.Verified {
		t.Errorf("not found: %s", a.State)
	}
	if got := w.Order(t, paid.Orders[0]); got.State != orders.AwaitingKYC {
		t.Errorf("%s", got.State)
	}
	if a := attempt(t, w, unpaid.Attempt); a.State != payments.Sent { // the customer may try again, there
		t.Errorf("unpaid: %s", a.State)
	}
	w.Clock.Advance(41 * time.Minute)
	sweep(t, w)
	sweep(t, w)
	if a := attempt(t, w, unpaid.Attempt); a.State != payments.Failed {
		t.Errorf("unpaid, too late: %s", a.State)
	}
	if got := w.Order(t, unpaid.Orders[0]); got.State != orders.Expired {
		t.Errorf("unpaid, too late: %s", got.State)
	}
}

// One payment that cannot be asked about does not keep the sweep from the rest.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	stuck, fine := w.Placed(t), w.Placed(t)
	w.Press(t, stuck, "pay")
	w.Press(t, fine, "pay")
	inject(t, w, sandbox.Injection{Effect: sandbox.Answer, Endpoint: "TranResult", Invoice: uint64(stuck.Attempt.ID), Code: 571})
	w.Clock.Advance(time.Minute)
	worker := &checkout.SweepWorker{Checkout: w.House.Checkout}
	if err := worker.Work(t.Context(), nil); err == nil {
		t.Error("nothing is wrong with a payment that cannot be asked about")
	}
	if a := attempt(t, w, stuck.Attempt); a.State != payments.Sent || a.Note == "" {
		t.Errorf("stuck: %+v", a)
	}
	if a := attempt(t, w, fine.Attempt); a.State != payments.Verified {
		t.Errorf("fine: %s", a.State)
	}
}

func sweep(t *testing.T, w *testworld.World) {
	t.Helper()
	testworld.Must(t, (&checkout.SweepWorker{Checkout: w.House.Checkout}).Work(t.Context(), nil))
	testworld.Must(t, (&checkout.ExpireWorker{Checkout: w.House.Checkout}).Work(t.Context(), nil))
}

// One payment that the gateway keeps waiting does not hold up the others, and
// those never asked about come before those asked often.
func TestSilentPaymentsTakeTurns(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var ids []int64
	for range 3 {
		placed := w.Placed(t)
		_, err := w.House.Checkout.Pay(t.Context(), placed.Attempt)
		testworld.Must(t, err)
		ids = append(ids, placed.Attempt.ID)
	}
	w.Clock.Advance(30 * time.Second)
	testworld.Must(t, w.House.Payments.RecordCheck(t.Context(), payments.Attempt{ID: ids[0]}, ""))
	w.Clock.Advance(30 * time.Second)
	silent, err := w.House.Payments.Silent(t.Context(), w.Clock.Now().Add(-20*time.Second))
	if want := []int64{ids[1], ids[2], ids[0]}; err != nil || !slices.Equal(silent, want) {
		t.Errorf("asked in the order %v, want %v (%v)", silent, want, err)
	}
}
