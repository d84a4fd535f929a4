package checkout

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
)

// SettleArgs asks the gateway for the transfer of a verified payment.
type SettleArgs struct {
	AttemptID int64 `json:"attempt_id"`
}

// Kind names the job.
func (SettleArgs) Kind() string { return "settle_payment" }

// SettleWorker settles verified payments.
type SettleWorker struct {
	river.WorkerDefaults[SettleArgs]
	Checkout *Checkout
}

// Work settles the payment, or returns the error that makes River try again.
func (w *SettleWorker) Work(ctx context.Context, job *river.Job[SettleArgs]) error {
	return w.Checkout.payments.Settle(ctx, job.Args.AttemptID)
}

// SweepArgs looks for payments whose callback was lost, and ends orders whose
// time to be paid has run out.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_payments" }

// SweepWorker does the sweep.
type SweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	Checkout *Checkout
}

// Work asks about each silent payment; one that cannot be answered now does
// not keep the others from it.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	return errors.Join(w.Checkout.askSilent(ctx), w.Checkout.Expire(ctx))
}

// silence is how long an attempt may go unheard of before we ask.
const silence = 20 * time.Second

func (c *Checkout) askSilent(ctx context.Context) error {
	ids, err := c.payments.Silent(ctx, c.clock.Now().Add(-silence))
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		_, err := c.Resolve(ctx, id)
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}
