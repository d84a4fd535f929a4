package fulfil

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/receipts"
)

// AddReceipt puts the destination's receipt on an order that the member
// works on; one that is sent twice is added once. It returns the faults of receipts.Inspect, and Conflict when the
// order is not the member's.
func (f *Fulfilment) AddReceipt(ctx context.Context, member audit.Actor, code, name string, content []byte) error {
	err := f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, _ time.Time) error {
		_, _, err := f.lockInProgress(ctx, tx, member, code)
		return err
	})
	if err != nil {
		return err // before a file is stored for nobody
	}
	stored, err := f.receipts.Store(ctx, name, content)
	if err != nil {
		return err
	}
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, held, err := f.lockInProgress(ctx, tx, member, code)
		if err != nil {
			return err
		}
		return f.addReceipt(ctx, tx, now, member, o, held, stored)
	})
}

func (f *Fulfilment) addReceipt(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor,
	o orders.Order, held queue.Held, s receipts.Stored) error {
	if id, err := f.receipts.Add(ctx, tx, now, int64(o.ID), member.ID, held.ClaimedAt, s); err != nil || id == 0 {
		return err
	}
	return f.record(ctx, tx, now, member, o, orders.ReceiptAdded, map[string]any{"name": s.Name()})
}

// RemoveReceipt takes a receipt off an order that the member works on.
func (f *Fulfilment) RemoveReceipt(ctx context.Context, member audit.Actor, code string, id int64) error {
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, _, err := f.lockInProgress(ctx, tx, member, code)
		if err != nil {
			return err
		}
		if err := f.receipts.Remove(ctx, tx, now, int64(o.ID), id); err != nil {
			return err
		}
		return f.record(ctx, tx, now, member, o, orders.ReceiptRemoved, map[string]any{"receipt": id})
	})
}
