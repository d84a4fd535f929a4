package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// Claim takes a free order; it never takes one from a colleague. When
// somebody else was first, the Conflict names them and says since when.
func (q *Queue) Claim(ctx context.Context, member audit.Actor, code string) (orders.Order, error) {
	o, err := q.book.ByCode(ctx, q.pool, code)
	if err != nil {
		return orders.Order{}, err
	}
	claimed := o
	err = db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		claimed, err = q.take(ctx, tx, q.clock.Now(), member, o)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		if held, unheld := q.Holder(ctx, q.pool, o.ID); unheld == nil {
			return orders.Order{}, taken(o, held)
		}
	}
	return claimed, err
}

// Next claims the order that is due first among those that nobody else is
// taking at this moment. An empty queue is NotFound.
func (q *Queue) Next(ctx context.Context, member audit.Actor) (orders.Order, error) {
	var o orders.Order
	err := db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		if o, err = q.book.LockNext(ctx, tx); err != nil {
			return err
		}
		o, err = q.take(ctx, tx, q.clock.Now(), member, o)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return orders.Order{}, fault.New(fault.NotFound, "queue.error.empty")
	}
	return o, err
}

// take moves the order first: the row's lock decides who of many is first.
// It returns the order as it is afterwards.
func (q *Queue) take(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order) (orders.Order, error) {
	if err := q.book.Move(ctx, tx, now, orders.Step{Order: o, Verb: orders.Claim, Actor: member}); err != nil {
		return orders.Order{}, err
	}
	err := sqlq.New(tx).InsertClaim(ctx, sqlq.InsertClaimParams{
		OrderID: int64(o.ID), MemberID: member.ID, MemberName: member.Name, ClaimedAt: now,
	})
	if err != nil {
		return orders.Order{}, fmt.Errorf("claim order %d: %w", o.ID, err)
	}
	err = audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.claim", Subject: o.Subject()})
	if err != nil {
		return orders.Order{}, err
	}
	return q.book.ByID(ctx, tx, o.ID)
}
