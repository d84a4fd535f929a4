package queue

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// Skip lets the member's Next pass over an order for a while, with the reason.
// An order that they hold goes back to the queue; a free one stays there. It
// returns Invalid (field reason) without one, and Conflict when a colleague
// holds the order, it is not to be worked on, or while a purchase is under
// way or its outcome unknown.
func (q *Queue) Skip(ctx context.Context, member audit.Actor, code, reason string) error {
	reason, err := checkText("reason", reason)
	if err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		o, err := q.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		step := orders.Step{Order: o, Verb: orders.Skip, Actor: member, Reason: reason}
		held, err := q.Holder(ctx, tx, o.ID)
		switch free := fault.Is(err, fault.NotFound); {
		case err != nil && !free:
			return err
		case !free:
			err = q.giveBack(ctx, tx, member, step, held)
		case o.State == orders.Paid:
			err = q.book.Note(ctx, tx, now, step)
		default:
			err = fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
		}
		if err != nil {
			return err
		}
		s, err := q.standing(ctx, tx, member.ID)
		if err != nil {
			return err
		}
		err = sqlq.New(tx).InsertSkip(ctx, sqlq.InsertSkipParams{
			OrderID: int64(o.ID), MemberID: member.ID, Reason: reason, At: now, Until: now.Add(s.skip),
		})
		if err != nil {
			return fmt.Errorf("skip order %d: %w", o.ID, err)
		}
		return q.record(ctx, tx, now, member, "order.skip", o, reason, nil)
	})
}

// giveBack ends the member's own claim by a skip.
func (q *Queue) giveBack(ctx context.Context, tx pgx.Tx, member audit.Actor, step orders.Step, held Held) error {
	now := q.clock.Now()
	if held.MemberID != member.ID {
		return taken(step.Order, held)
	}
	if err := q.onHold(step.Order); err != nil {
		return err
	}
	if err := q.book.Move(ctx, tx, now, step); err != nil {
		return err
	}
	return q.End(ctx, tx, now, step.Order, held, bySkip)
}
