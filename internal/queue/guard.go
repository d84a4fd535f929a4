package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// Guard marks that a purchase is under way on a claim, or its outcome
// unknown: until Lift, nothing ends the claim. A claim that is guarded
// already is a Conflict.
func (q *Queue) Guard(ctx context.Context, tx pgx.Tx, now time.Time, claimID int64) error {
	n, err := sqlq.New(tx).GuardPurchase(ctx, &now, claimID)
	if err != nil {
		return fmt.Errorf("guard claim %d: %w", claimID, err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "queue.error.purchase_open")
	}
	return nil
}

// Lift ends what Guard began: the outcome of the purchase is known. The
// claim's lease begins anew.
func (q *Queue) Lift(ctx context.Context, tx pgx.Tx, claimID int64) error {
	now := q.clock.Now()
	version, err := sqlq.New(tx).ServiceOfClaim(ctx, claimID)
	if err != nil {
		return fmt.Errorf("lift guard of claim %d: %w", claimID, err)
	}
	due, err := q.leaseFrom(ctx, tx, now, version)
	if err != nil {
		return err
	}
	if _, err := sqlq.New(tx).LiftGuard(ctx, due, now, claimID); err != nil {
		return fmt.Errorf("lift guard of claim %d: %w", claimID, err)
	}
	return nil
}

// Guarded returns since when a purchase is under way for an order, or its
// outcome unknown: with whoever holds it, or left open by who held it last.
// It is nil when there is none. Who would cancel or refund an order asks it
// under the order's lock.
func (q *Queue) Guarded(ctx context.Context, db sqlq.DBTX, id orders.ID) (*time.Time, error) {
	since, err := sqlq.New(db).GuardOfOrder(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("guard of order %d: %w", id, err)
	}
	return &since, nil
}

// AllGivenBack reports whether the whole price of an order was given back to
// its customer, or is about to be: then there is nothing to work with. It is
// asked under the order's lock, which refunds take too.
func (q *Queue) AllGivenBack(ctx context.Context, tx pgx.Tx, o orders.Order) (bool, error) {
	back, err := sqlq.New(tx).GivenBack(ctx, int64(o.ID))
	if err != nil {
		return false, fmt.Errorf("refunds of order %d: %w", o.ID, err)
	}
	return back >= int64(o.Total), nil
}

// End ends a claim. It is a Conflict while a purchase is under way or its
// outcome unknown: that is what keeps the company from paying twice.
func (q *Queue) End(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held, how string) error {
	n, err := sqlq.New(tx).EndClaim(ctx, &now, &how, held.ClaimID)
	if err != nil {
		return fmt.Errorf("end claim on order %d: %w", o.ID, err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "queue.error.purchase_open")
	}
	return nil
}

// endDespite ends a colleague's claim for a supervisor. While a purchase is
// under way or its outcome unknown it is a Conflict, unless the supervisor was
// warned and means it: then the guard goes on with the order.
func (q *Queue) endDespite(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held, how string, despitePurchase bool) error {
	if held.PurchaseSince == nil {
		return q.End(ctx, tx, now, o, held, how)
	}
	if !despitePurchase {
		return fault.New(fault.Conflict, "queue.error.guarded", "code", o.Code, "name", held.MemberName, "at", *held.PurchaseSince)
	}
	n, err := sqlq.New(tx).EndClaimDespitePurchase(ctx, &now, &how, held.ClaimID)
	if err == nil && n == 0 {
		err = pgx.ErrNoRows // the order is locked: nobody can have ended it
	}
	if err != nil {
		return fmt.Errorf("end guarded claim on order %d: %w", o.ID, err)
	}
	return nil
}
