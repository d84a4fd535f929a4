package reports

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/reports/internal/sqlq"
)

// OrderMoved keeps what became of an order that is completed, within the
// transaction that completes it. It is an orders.Watcher.
func (r *Reports) OrderMoved(ctx context.Context, tx pgx.Tx, now time.Time, moved orders.Order, s orders.Step) error {
	if s.Verb != orders.Complete {
		return nil
	}
	c, err := r.Book.Clock(ctx, tx, moved.ID)
	if err != nil {
		return err
	}
	held, err := r.Queue.Holder(ctx, tx, moved.ID)
	if err != nil {
		return err
	}
	err = sqlq.New(tx).InsertOutcome(ctx, sqlq.InsertOutcomeParams{
		ClockID: c.ID, OrderID: int64(moved.ID), ServiceVersionID: moved.ServiceVersionID, MemberID: held.MemberID,
		DoneAt: now, Day: dayOf(now), Hour: int16(now.In(jalali.Tehran).Hour()), FirstDueAt: c.FirstDueAt,
		InTime: !now.After(c.FirstDueAt), HandlingSeconds: int32(handling(c, held.ClaimedAt, now) / time.Second),
	})
	if err != nil {
		return fmt.Errorf("outcome of order %d: %w", moved.ID, err)
	}
	return nil
}

// handling is the working time that an order took its last holder: from the
// claim on, without what it waited for its customer.
func handling(c orders.Clock, claimed, done time.Time) time.Duration {
	took := c.Calendar.Elapsed(claimed, done)
	for _, hold := range c.Holds {
		from, to := hold.From, hold.To
		if from.Before(claimed) {
			from = claimed
		}
		if to.IsZero() || to.After(done) {
			to = done
		}
		if from.Before(to) {
			took -= c.Calendar.Elapsed(from, to)
		}
	}
	return max(took, 0)
}
