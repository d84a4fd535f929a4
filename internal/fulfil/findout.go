package fulfil

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil/internal/sqlq"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
)

// Abandon leaves a purchase that is under way or unknown to be found out
// about: its order is cancelled over it. note says why. What is known to be
// paid cannot be abandoned: it is a Conflict.
func (f *Fulfilment) Abandon(ctx context.Context, tx pgx.Tx, now time.Time, p Purchase, note string) error {
	n, err := sqlq.New(tx).AbandonPurchase(ctx, &now, note, p.ID)
	if err != nil {
		return fmt.Errorf("abandon purchase %d: %w", p.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "fulfil.error.purchase_exists")
	}
	return nil
}

// FindOut writes down what became of a purchase whose order was cancelled
// over it. It returns the faults of EndPurchase, and Conflict when the order
// is not cancelled.
func (f *Fulfilment) FindOut(ctx context.Context, supervisor audit.Actor, code string, r Report) error {
	charged, err := r.check()
	if err != nil {
		return err
	}
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, err := f.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		if o.State != orders.Cancelled {
			return fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
		}
		return f.endPurchase(ctx, tx, now, supervisor, o, queue.Held{}, r, charged)
	})
}
