package queue

import (
	"context"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// Reopen takes a completed order up again, with the reason: whoever does so
// holds it, and a new clock runs; the first outcome stays on record. It
// returns Invalid (field reopen_reason) without one, and Conflict when the order
// is not done, or not any more, when its whole price was given back or is
// about to be (queue.error.given_back), and by the refusals of Claim. What is
// given back in part is worked on for what is left.
func (q *Queue) Reopen(ctx context.Context, supervisor audit.Actor, code, reason string) (orders.Order, error) {
	reason, err := checkText("reopen_reason", reason)
	if err != nil {
		return orders.Order{}, err
	}
	var o orders.Order
	err = db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		s, err := q.lockMember(ctx, tx, supervisor.ID)
		if err != nil {
			return err
		}
		if o, err = q.book.Lock(ctx, tx, code); err != nil {
			return err
		}
		if err := q.mayTake(ctx, tx, s, o); err != nil {
			return err
		}
		if back, err := q.AllGivenBack(ctx, tx, o); err != nil {
			return err
		} else if back && o.State == orders.Done {
			return fault.New(fault.Conflict, "queue.error.given_back", "code", o.Code)
		}
		if err := q.book.Move(ctx, tx, now, orders.Step{Order: o, Verb: orders.Reopen, Actor: supervisor, Reason: reason}); err != nil {
			return err
		}
		if err := q.hold(ctx, tx, now, supervisor.ID, supervisor.Name, s, o, byReopen, nil); err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: supervisor, Verb: "order.reopen", Subject: o.Subject(), Detail: map[string]any{"reason": reason},
		})
		if err != nil {
			return err
		}
		o, err = q.book.ByID(ctx, tx, o.ID)
		return err
	})
	return o, err
}
