package queue

import (
	"context"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// Steal takes an order from the colleague who holds it, for the supervisor
// who gives the reason; the colleague is told. It returns Invalid (field
// reason) without one, and the refusals of Claim. While a purchase is under
// way or its outcome unknown it is a Conflict, unless the supervisor was warned
// and means it: then the purchase stays open, and guards the new claim.
func (q *Queue) Steal(ctx context.Context, supervisor audit.Actor, code, reason string, despitePurchase bool) error {
	reason, err := checkText("reason", reason)
	if err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		s, err := q.lockMember(ctx, tx, supervisor.ID)
		if err != nil {
			return err
		}
		o, err := q.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		held, err := q.heldByAny(ctx, tx, o)
		if err != nil {
			return err
		}
		if held.MemberID == supervisor.ID {
			return fault.New(fault.Conflict, "queue.error.own", "code", o.Code)
		}
		if err := q.mayTake(ctx, tx, s, o); err != nil {
			return err
		}
		if err := q.endDespite(ctx, tx, now, o, held, stolen, despitePurchase); err != nil {
			return err
		}
		if err := q.hold(ctx, tx, now, supervisor.ID, supervisor.Name, s, o, byStealing, held.PurchaseSince); err != nil {
			return err
		}
		detail := takenFrom(held)
		if err := q.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.Steal, Actor: supervisor, Reason: reason, Detail: detail}); err != nil {
			return err
		}
		if err := q.tell(ctx, tx, now, supervisor, held.MemberID, o, Stolen, reason); err != nil {
			return err
		}
		return q.record(ctx, tx, now, supervisor, "order.steal", o, reason, detail)
	})
}
