package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// How a claim began.
const (
	byTaking   = "taken"
	byNext     = "next"
	byHandOver = "handed_over"
	byStealing = "stolen"
	byReopen   = "reopened"
)

// Claim takes a free order; it never takes one from a colleague. When
// somebody else was first, the Conflict names them and says since when. It is
// a Conflict too when the member is not here, holds as many orders as they
// may, or does not work on this service.
func (q *Queue) Claim(ctx context.Context, member audit.Actor, code string) (orders.Order, error) {
	o, err := q.book.ByCode(ctx, q.pool, code)
	if err != nil {
		return orders.Order{}, err
	}
	// Most who come late are told so here, without a lock. Only the move below
	// decides who is first.
	if o.State == orders.InProgress {
		if held, unheld := q.Holder(ctx, q.pool, o.ID); unheld == nil {
			return orders.Order{}, taken(o, held)
		}
	}
	claimed := o
	err = db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		s, err := q.lockMember(ctx, tx, member.ID)
		if err != nil {
			return err
		}
		if err := q.mayTake(ctx, tx, s, o); err != nil {
			return err
		}
		claimed, err = q.take(ctx, tx, q.clock.Now(), member, s, o, byTaking)
		return err
	})
	if f := fault.Of(err); f != nil && f.Key == "orders.error.moved_on" {
		if held, unheld := q.Holder(ctx, q.pool, o.ID); unheld == nil {
			return orders.Order{}, taken(o, held)
		}
	}
	return claimed, err
}

// Next claims the order that is due first among those that the member works
// on, has not skipped, and nobody else is taking at this moment. An empty
// queue is NotFound; it is a Conflict when the member is not here, or holds
// as many orders as they may.
func (q *Queue) Next(ctx context.Context, member audit.Actor) (orders.Order, error) {
	var o orders.Order
	err := db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		s, err := q.lockMember(ctx, tx, member.ID)
		if err != nil {
			return err
		}
		if err := s.mayTakeAny(); err != nil {
			return err
		}
		if o, err = q.pick(ctx, tx, now, member, s); err != nil {
			return err
		}
		o, err = q.take(ctx, tx, now, member, s, o, byNext)
		return err
	})
	return o, err
}

// pick locks the order that is due first for somebody.
func (q *Queue) pick(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, s standing) (orders.Order, error) {
	db := sqlq.New(tx)
	var id int64
	var err error
	if s.worksOnAll() {
		id, err = db.PickNext(ctx, member.ID, now)
	} else {
		versions, lost := db.VersionsOf(ctx, s.services, s.families)
		if lost != nil {
			return orders.Order{}, fmt.Errorf("services of member %d: %w", member.ID, lost)
		}
		id, err = db.PickNextAmong(ctx, versions, member.ID, now)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return orders.Order{}, fault.New(fault.NotFound, "queue.error.empty")
	}
	if err != nil {
		return orders.Order{}, fmt.Errorf("next order: %w", err)
	}
	return q.book.ByID(ctx, tx, orders.ID(id))
}

// take moves the order first: the row's lock decides who of many is first.
// It returns the order as it is afterwards.
func (q *Queue) take(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, s standing, o orders.Order, how string) (orders.Order, error) {
	claimed, err := q.book.Moved(ctx, tx, now, orders.Step{Order: o, Verb: orders.Claim, Actor: member})
	if err != nil {
		return orders.Order{}, err
	}
	if err := q.hold(ctx, tx, now, member.ID, member.Name, s, o, how, nil); err != nil {
		return orders.Order{}, err
	}
	return claimed, audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.claim", Subject: o.Subject()})
}

// hold writes the claim of somebody who may have it. A purchase that is under
// way guards it from its first moment; on hold, no lease runs.
func (q *Queue) hold(ctx context.Context, tx pgx.Tx, now time.Time, memberID int64, name string, s standing,
	o orders.Order, how string, purchaseSince *time.Time) error {
	var due *time.Time
	if o.State != orders.WaitingCustomer {
		var err error
		if due, err = q.leaseDue(ctx, tx, s, o.ServiceVersionID, now); err != nil {
			return err
		}
	}
	err := sqlq.New(db.Behind(tx)).InsertClaim(ctx, sqlq.InsertClaimParams{
		OrderID: int64(o.ID), MemberID: memberID, MemberName: name, At: now, BeganHow: how, PurchaseSince: purchaseSince, LeaseDue: due,
	})
	if err != nil {
		return fmt.Errorf("claim order %d: %w", o.ID, err)
	}
	return nil
}
