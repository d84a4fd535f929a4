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

// How a claim ends, besides completion.
const (
	byRelease  = "released"
	bySkip     = "skipped"
	handedOver = "handed_over"
	stolen     = "stolen"
	putBack    = "returned"
	lapsed     = "lapsed"
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
		o, held, err := q.LockHeld(ctx, tx, member, code)
		if err != nil {
			return err
		}
		return q.release(ctx, tx, q.clock.Now(), member, o, held, reason)
	})
}

func (q *Queue) release(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, held Held, reason string) error {
	if err := q.onHold(o); err != nil {
		return err
	}
	if err := q.book.Move(ctx, tx, now, orders.Step{Order: o, Verb: orders.Release, Actor: member, Reason: reason}); err != nil {
		return err
	}
	if err := q.End(ctx, tx, now, o, held, byRelease); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: member, Verb: "order.release", Subject: o.Subject(), Detail: map[string]any{"reason": reason},
	})
}

// onHold refuses to send an order back to the queue while its customer is
// asked: whoever takes it could do nothing.
func (q *Queue) onHold(o orders.Order) error {
	if o.State == orders.WaitingCustomer {
		return fault.New(fault.Conflict, "queue.error.on_hold", "code", o.Code)
	}
	return nil
}

// ReleaseFor gives an order that a colleague holds back to the queue, and
// tells them so, with the supervisor's reason. It returns Invalid (field
// reason) without one. While a purchase is under way or its outcome unknown it
// is a Conflict, unless the supervisor was warned and means it: then whoever
// claims the order next is guarded by that purchase, and nothing is paid twice.
func (q *Queue) ReleaseFor(ctx context.Context, supervisor audit.Actor, code, reason string, despitePurchase bool) error {
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
		held, err := q.heldByAny(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := q.onHold(o); err != nil {
			return err
		}
		if err := q.endDespite(ctx, tx, now, o, held, putBack, despitePurchase); err != nil {
			return err
		}
		if held.PurchaseSince != nil {
			err := sqlq.New(tx).LeaveGuard(ctx, sqlq.LeaveGuardParams{OrderID: int64(o.ID), ClaimID: held.ClaimID, PurchaseSince: *held.PurchaseSince, LeftAt: now})
			if err != nil {
				return fmt.Errorf("leave the guard of order %d: %w", o.ID, err)
			}
		}
		detail := takenFrom(held)
		step := orders.Step{Order: o, Verb: orders.PutBack, Actor: supervisor, Reason: reason, Detail: detail}
		if err := q.book.Move(ctx, tx, now, step); err != nil {
			return err
		}
		if err := q.tell(ctx, tx, now, supervisor, held.MemberID, o, Returned, reason); err != nil {
			return err
		}
		return q.record(ctx, tx, now, supervisor, "order.put_back", o, reason, detail)
	})
}

// takenFrom says in the record from whom, and past which warning.
func takenFrom(held Held) map[string]any {
	detail := map[string]any{"from": held.MemberID, "from_name": held.MemberName}
	if held.PurchaseSince != nil {
		detail["despite_purchase_since"] = *held.PurchaseSince
	}
	return detail
}

// record writes a verb with its reason into the audit record.
func (q *Queue) record(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, verb string, o orders.Order, reason string, detail map[string]any) error {
	entry := map[string]any{"reason": reason}
	for k, v := range detail {
		entry[k] = v
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Actor: actor, Verb: verb, Subject: o.Subject(), Detail: entry})
}

// EndCancelled ends the claim on an order that is cancelled although a
// purchase is under way or its outcome unknown, or the guard that was left
// when the order was put back (then held is empty): whoever calls it has seen
// the warning, and answers for it.
func (q *Queue) EndCancelled(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held) error {
	db, how := sqlq.New(tx), "cancelled"
	if _, err := db.EndClaimDespitePurchase(ctx, &now, &how, held.ClaimID); err != nil {
		return fmt.Errorf("end cancelled claim %d: %w", held.ClaimID, err)
	}
	if err := db.DropGuard(ctx, &now, int64(o.ID)); err != nil {
		return fmt.Errorf("drop the guard of order %d: %w", o.ID, err)
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
