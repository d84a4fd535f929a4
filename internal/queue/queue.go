// Package queue hands work out: paid orders wait in it by their due time, a
// staff member claims one, and holds it until it is done, given back, handed
// over or taken from them.
package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/access"
	"pishkhan/internal/attachments"
	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
	"pishkhan/internal/sla"
)

// Queue is the room's door.
//
// Its transactions lock people before orders, each in the order of their ids:
// so no two of them wait for each other.
type Queue struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	book      *orders.Book
	catalog   *catalog.Catalog
	calendars *sla.Calendars
	policy    *access.Policy
	folder    *attachments.Folder
}

// New returns the queue over the order book. The calendars say which minutes
// of a lease count, the policy who may be handed an order; answers bring files
// into the folder.
func New(pool *pgxpool.Pool, c clock.Clock, book *orders.Book, services *catalog.Catalog, calendars *sla.Calendars, policy *access.Policy,
	folder *attachments.Folder) *Queue {
	return &Queue{pool: pool, clock: c, book: book, catalog: services, calendars: calendars, policy: policy, folder: folder}
}

// Held is a live claim: who holds an order, and since when.
type Held struct {
	ClaimID       int64
	MemberID      int64
	MemberName    string
	ClaimedAt     time.Time
	PurchaseSince *time.Time // a purchase is under way, or its outcome unknown
	TouchedAt     time.Time  // the claimant's last activity, to the minute
	WarnedAt      *time.Time // the claimant was told that the order will go back
	leaseDue      *time.Time // when the sweep looks at it next; nil while no lease runs
}

// ReturnsAt is when a claim that was warned of goes back to the queue unless
// the claimant goes on; nil before the warning.
func (h Held) ReturnsAt() *time.Time {
	if h.WarnedAt == nil {
		return nil
	}
	return h.leaseDue
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
		ClaimID: row.ID, MemberID: row.MemberID, MemberName: row.MemberName, ClaimedAt: row.ClaimedAt,
		PurchaseSince: row.PurchaseSince, TouchedAt: row.TouchedAt, WarnedAt: row.WarnedAt, leaseDue: row.LeaseDue,
	}, nil
}

// LockHeld locks an order that the member holds, and returns it with the
// claim. An order that is free, or held by somebody else, is a Conflict that
// says so. Being at an order is activity: its lease begins anew.
func (q *Queue) LockHeld(ctx context.Context, tx pgx.Tx, member audit.Actor, code string) (orders.Order, Held, error) {
	o, err := q.book.Lock(ctx, tx, code)
	if err != nil {
		return orders.Order{}, Held{}, err
	}
	held, err := q.heldBy(ctx, tx, member, o)
	if err != nil {
		return o, held, err
	}
	return o, held, q.touch(ctx, tx, q.clock.Now(), o, held)
}

func (q *Queue) heldBy(ctx context.Context, tx pgx.Tx, member audit.Actor, o orders.Order) (Held, error) {
	held, err := q.heldByAny(ctx, tx, o)
	if err == nil && held.MemberID != member.ID {
		err = taken(o, held)
	}
	return held, err
}

// heldByAny returns who holds an order, or a Conflict when it is free.
func (q *Queue) heldByAny(ctx context.Context, tx pgx.Tx, o orders.Order) (Held, error) {
	held, err := q.Holder(ctx, tx, o.ID)
	if fault.Is(err, fault.NotFound) {
		return Held{}, fault.New(fault.Conflict, "queue.error.not_held", "code", o.Code)
	}
	return held, err
}

func taken(o orders.Order, held Held) error {
	return fault.New(fault.Conflict, "queue.error.taken", "code", o.Code, "name", held.MemberName, "at", held.ClaimedAt)
}
