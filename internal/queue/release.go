package queue

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// Release gives an order that the member holds back to the queue, with the
// reason. It returns Invalid (field reason) without one, and Conflict while
// a purchase is under way or its outcome unknown.
func (q *Queue) Release(ctx context.Context, member audit.Actor, code, reason string) error {
	reason, err := checkText("reason", reason)
	if err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		o, held, err := q.LockHeld(ctx, tx, member, code)
		if err != nil {
			return err
		}
		if err := q.book.Move(ctx, tx, now, orders.Step{Order: o, Verb: orders.Release, Actor: member, Reason: reason}); err != nil {
			return err
		}
		if err := q.End(ctx, tx, now, o, held, "released"); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "order.release", Subject: o.Subject(), Detail: map[string]any{"reason": reason},
		})
	})
}

// End ends a claim. It is a Conflict while a purchase is under way or its
// outcome unknown: that is what keeps the company from paying twice.
func (q *Queue) End(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held, how string) error {
	n, err := sqlq.New(tx).EndClaim(ctx, sqlq.EndClaimParams{
		OrderID: int64(o.ID), MemberID: held.MemberID, At: &now, How: &how,
	})
	if err != nil {
		return fmt.Errorf("end claim on order %d: %w", o.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "queue.error.purchase_open")
	}
	return nil
}

// checkText returns what was typed without the space around it, or Invalid
// when nothing is left or it is longer than 1,000 letters.
func checkText(field, typed string) (string, error) {
	text := strings.TrimSpace(typed)
	var wrong fault.Fields
	switch {
	case text == "":
		wrong.Add(field, "queue.error."+field+"_empty")
	case utf8.RuneCountInString(text) > 1000:
		wrong.Add(field, "queue.error."+field+"_long", "max", 1000)
	}
	return text, wrong.Err()
}
