package queue

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// HandOver gives an order to a named colleague, who may work on it: by whoever
// holds it, or by somebody who may steal it. The colleague is told, and so is
// the holder when another hands it over. It returns Invalid (fields to and
// reason), and Conflict when the colleague is not here, holds as many orders
// as they may or does not work on the service, while a purchase is under way
// or its outcome unknown, and when the order is not the member's.
func (q *Queue) HandOver(ctx context.Context, member audit.Actor, code string, to int64, reason string) error {
	reason, err := checkText("reason", reason)
	var wrong fault.Fields
	if f := fault.Of(err); f != nil {
		wrong = f.Fields
	}
	if to == 0 {
		wrong.Add("to", "queue.error.to_empty")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		c, err := q.lockColleague(ctx, tx, to)
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
		if held.MemberID != member.ID && !q.policy.Allows(member, access.StealOrder) {
			return taken(o, held)
		}
		return q.handOver(ctx, tx, q.clock.Now(), member, o, held, c, reason)
	})
}

// colleague is who is given an order, locked.
type colleague struct {
	id int64
	standing
}

func (q *Queue) lockColleague(ctx context.Context, tx pgx.Tx, id int64) (*colleague, error) {
	s, err := q.lockMember(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		var wrong fault.Fields
		wrong.Add("to", "queue.error.to_unknown")
		return nil, wrong.Err()
	}
	return &colleague{id: id, standing: s}, err
}

// handOver moves the claim on a locked order to a locked colleague.
func (q *Queue) handOver(ctx context.Context, tx pgx.Tx, now time.Time, by audit.Actor, o orders.Order, held Held, c *colleague, reason string) error {
	if held.MemberID == c.id {
		var wrong fault.Fields
		wrong.Add("to", "queue.error.to_same", "name", c.name)
		return wrong.Err()
	}
	if err := q.mayBeGiven(ctx, tx, c.standing, o); err != nil {
		return err
	}
	if err := q.End(ctx, tx, now, o, held, handedOver); err != nil {
		return err
	}
	if err := q.hold(ctx, tx, now, c.id, c.name, c.standing, o, byHandOver, nil); err != nil {
		return err
	}
	c.open++
	detail := map[string]any{"from": held.MemberID, "from_name": held.MemberName, "to": c.id, "to_name": c.name}
	if err := q.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.HandOver, Actor: by, Reason: reason, Detail: detail}); err != nil {
		return err
	}
	if c.id != by.ID {
		if err := q.tell(ctx, tx, now, by, c.id, o, HandedOver, reason); err != nil {
			return err
		}
	}
	if held.MemberID != by.ID {
		if err := q.tell(ctx, tx, now, by, held.MemberID, o, HandedAway, reason); err != nil {
			return err
		}
	}
	return q.record(ctx, tx, now, by, "order.hand_over", o, reason, detail)
}
