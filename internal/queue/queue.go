// Package queue hands work out: paid orders wait in it by their due time, a
// staff member claims one, and holds it until it is done or given back.
package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// Queue is the room's door.
type Queue struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	book  *orders.Book
}

// New returns the queue over the order book.
func New(pool *pgxpool.Pool, c clock.Clock, book *orders.Book) *Queue {
	return &Queue{pool: pool, clock: c, book: book}
}

// Held is a live claim: who holds an order, and since when.
type Held struct {
	ClaimID       int64
	MemberID      int64
	MemberName    string
	ClaimedAt     time.Time
	PurchaseSince *time.Time // a purchase is under way, or its outcome unknown
}

// Holder returns the live claim on an order, or NotFound when it is free.
func (q *Queue) Holder(ctx context.Context, db sqlq.DBTX, id orders.ID) (Held, error) {
	row, err := sqlq.New(db).LiveClaim(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return Held{}, fault.New(fault.NotFound, "queue.error.free")
	}
	if err != nil {
		return Held{}, fmt.Errorf("holder of order %d: %w", id, err)
	}
	return Held{
		ClaimID: row.ID, MemberID: row.MemberID, MemberName: row.MemberName,
		ClaimedAt: row.ClaimedAt, PurchaseSince: row.PurchaseSince,
	}, nil
}

// LockHeld locks an order that the member holds, and returns it with the
// claim. An order that is free, or held by somebody else, is a Conflict that
// says so.
func (q *Queue) LockHeld(ctx context.Context, tx pgx.Tx, member audit.Actor, code string) (orders.Order, Held, error) {
	o, err := q.book.Lock(ctx, tx, code)
	if err != nil {
		return orders.Order{}, Held{}, err
	}
	held, err := q.heldBy(ctx, tx, member, o)
	return o, held, err
}

func (q *Queue) heldBy(ctx context.Context, tx pgx.Tx, member audit.Actor, o orders.Order) (Held, error) {
	held, err := q.Holder(ctx, tx, o.ID)
	if fault.Is(err, fault.NotFound) {
		return Held{}, fault.New(fault.Conflict, "queue.error.not_held", "code", o.Code)
	}
	if err != nil {
		return Held{}, err
	}
	if held.MemberID != member.ID {
		return Held{}, taken(o, held)
	}
	return held, nil
}

// Guard marks that a purchase is under way on a claim, or its outcome
// unknown: until Lift, nothing ends the claim. A claim that is guarded
// already is a Conflict.
func (q *Queue) Guard(ctx context.Context, tx pgx.Tx, now time.Time, claimID int64) error {
	n, err := sqlq.New(tx).GuardPurchase(ctx, claimID, &now)
	if err != nil {
		return fmt.Errorf("guard claim %d: %w", claimID, err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "queue.error.purchase_open")
	}
	return nil
}

// Lift ends what Guard began: the outcome of the purchase is known.
func (q *Queue) Lift(ctx context.Context, tx pgx.Tx, claimID int64) error {
	if _, err := sqlq.New(tx).LiftGuard(ctx, claimID); err != nil {
		return fmt.Errorf("lift guard of claim %d: %w", claimID, err)
	}
	return nil
}

func taken(o orders.Order, held Held) error {
	return fault.New(fault.Conflict, "queue.error.taken", "code", o.Code, "name", held.MemberName, "at", held.ClaimedAt)
}
