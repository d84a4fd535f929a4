package checkout

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"
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

// SweepArgs looks for payments whose callback was lost.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_payments" }

// SweepWorker does the sweep.
type SweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	Checkout *Checkout
}

// Work asks about the silent payments.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	return w.Checkout.askSilent(ctx)
}

// ExpireArgs ends orders whose time to be paid has run out.
type ExpireArgs struct{}

// Kind names the job.
func (ExpireArgs) Kind() string { return "expire_orders" }

// ExpireWorker ends them.
type ExpireWorker struct {
	river.WorkerDefaults[ExpireArgs]
	Checkout *Checkout
}

// Work ends them.
func (w *ExpireWorker) Work(ctx context.Context, _ *river.Job[ExpireArgs]) error {
	return w.Checkout.Expire(ctx)
}

const (
	silence   = 20 * time.Second // how long an attempt may go unheard of before we ask
	askAtOnce = 4                // a slow gateway must not keep one payment waiting for all others
	sweepTime = 8 * time.Second  // after which a sweep begins no further call: what is left comes first next time
)

// askSilent asks about each silent payment; one that cannot be answered now
// does not keep the others from it.
func (c *Checkout) askSilent(ctx context.Context) error {
	ids, err := c.payments.Silent(ctx, c.clock.Now().Add(-silence))
	if err != nil {
		return err
	}
	sweeping, cancel := context.WithTimeout(ctx, sweepTime)
	defer cancel()
	var (
		asking errgroup.Group
		mu     sync.Mutex
		failed []error
	)
	asking.SetLimit(askAtOnce)
	for _, id := range ids {
		asking.Go(func() error {
			if sweeping.Err() != nil {
				return nil
			}
			if _, err := c.Resolve(ctx, id); err != nil {
				mu.Lock()
				failed = append(failed, err)
				mu.Unlock()
			}
			return nil
		})
	}
	return errors.Join(asking.Wait(), errors.Join(failed...))
}
