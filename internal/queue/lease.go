package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// activityEvery is how often a claimant's activity is written down at most.
const activityEvery = time.Minute

// leaseDue returns when a claim that begins now, or shows activity now, is
// looked at next: once the working minutes of its service have passed. It is
// nil when the calendar has not so many.
func (q *Queue) leaseDue(ctx context.Context, db sqlq.DBTX, s standing, serviceVersion int64, now time.Time) (*time.Time, error) {
	service, err := q.catalog.Version(ctx, db, catalog.VersionID(serviceVersion))
	if err != nil {
		return nil, err
	}
	lease := s.lease
	if own, ok := s.leases[service.Definition.Slug]; ok {
		lease = time.Duration(own) * time.Minute
	}
	return q.afterWorking(ctx, db, s, now, lease)
}

// afterWorking returns the instant after so much working time, or nil when
// there is none.
func (q *Queue) afterWorking(ctx context.Context, db sqlq.DBTX, s standing, now time.Time, budget time.Duration) (*time.Time, error) {
	if s.calendar == 0 {
		return nil, nil
	}
	version, err := q.calendars.Version(ctx, db, s.calendar)
	if err != nil {
		return nil, err
	}
	due, ok := version.Engine.Due(now, budget)
	if !ok {
		return nil, nil
	}
	return &due, nil
}

func (q *Queue) leaseFrom(ctx context.Context, db sqlq.DBTX, now time.Time, serviceVersion int64) (*time.Time, error) {
	s, err := q.standing(ctx, db, 0)
	if err != nil {
		return nil, err
	}
	return q.leaseDue(ctx, db, s, serviceVersion, now)
}

// Touch writes down that the member is at an order that they hold: its lease
// begins anew, and a warning is over. It may be called as often as one likes,
// and does nothing about orders of others.
func (q *Queue) Touch(ctx context.Context, member audit.Actor, code string) error {
	now := q.clock.Now()
	row, err := sqlq.New(q.pool).ClaimToTouch(ctx, orders.CleanCode(code), member.ID, now.Add(-activityEvery))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claim to touch: %w", err)
	}
	due, err := q.leaseFrom(ctx, q.pool, now, row.ServiceVersionID)
	if err != nil {
		return err
	}
	return keepTouch(ctx, q.pool, now, row.ID, due)
}

// touch is Touch within a verb of the claimant's.
func (q *Queue) touch(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held) error {
	if held.WarnedAt == nil && now.Sub(held.TouchedAt) < activityEvery {
		return nil
	}
	due, err := q.leaseFrom(ctx, tx, now, o.ServiceVersionID)
	if err != nil {
		return err
	}
	return keepTouch(ctx, tx, now, held.ClaimID, due)
}

func keepTouch(ctx context.Context, db sqlq.DBTX, now time.Time, claimID int64, due *time.Time) error {
	if err := sqlq.New(db).TouchClaim(ctx, now, due, claimID); err != nil {
		return fmt.Errorf("touch claim %d: %w", claimID, err)
	}
	return nil
}

// OrderMoved is an orders.Watcher: while an order waits for its customer no
// lease runs, and one begins as it goes on.
func (q *Queue) OrderMoved(ctx context.Context, tx pgx.Tx, now time.Time, moved orders.Order, s orders.Step) error {
	var due *time.Time
	switch {
	case moved.State == orders.WaitingCustomer:
	case moved.State == orders.InProgress && s.Verb != orders.Claim && s.Verb != orders.Reopen:
		var err error
		if due, err = q.leaseFrom(ctx, tx, now, moved.ServiceVersionID); err != nil {
			return err
		}
	default:
		return nil
	}
	if err := sqlq.New(tx).SetLease(ctx, due, int64(moved.ID)); err != nil {
		return fmt.Errorf("lease of order %d: %w", moved.ID, err)
	}
	return nil
}

// sweepBatch is how many claims one sweep looks at.
const sweepBatch = 200

// Sweep warns the claimants whose lease has run out, and returns the orders
// of those who did nothing after the warning to the queue. Each is a
// transaction of its own, and looks again under the order's lock: a sweep more
// does no harm. It returns how many it has warned and returned.
func (q *Queue) Sweep(ctx context.Context) (warned, returned int, err error) {
	now := q.clock.Now()
	due, err := sqlq.New(q.pool).LeasesDue(ctx, &now, sweepBatch)
	if err != nil {
		return 0, 0, fmt.Errorf("leases that are due: %w", err)
	}
	for _, claim := range due {
		verb, lost := q.sweep(ctx, claim.ID, orders.ID(claim.OrderID))
		switch {
		case fault.Is(lost, fault.Conflict): // somebody was there first
		case lost != nil:
			return warned, returned, lost
		case verb == orders.LeaseWarned:
			warned++
		case verb == orders.Lapse:
			returned++
		}
	}
	return warned, returned, nil
}

// sweep does to one claim what its lease asks for, and says what that was.
func (q *Queue) sweep(ctx context.Context, claimID int64, id orders.ID) (verb orders.Verb, err error) {
	err = db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		o, err := q.book.LockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		held, err := q.Holder(ctx, tx, id)
		if fault.Is(err, fault.NotFound) || err == nil && (held.ClaimID != claimID || held.leaseDue == nil || held.leaseDue.After(now)) {
			return nil
		}
		if err != nil {
			return err
		}
		if held.WarnedAt == nil {
			verb = orders.LeaseWarned
			return q.warn(ctx, tx, now, o, held)
		}
		verb = orders.Lapse
		return q.lapse(ctx, tx, now, o, held)
	})
	return verb, err
}

func (q *Queue) warn(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held) error {
	s, err := q.standing(ctx, tx, 0)
	if err != nil {
		return err
	}
	due, err := q.afterWorking(ctx, tx, s, now, s.grace)
	if err != nil {
		return err
	}
	if err := sqlq.New(tx).WarnClaim(ctx, &now, due, held.ClaimID); err != nil {
		return fmt.Errorf("warn of claim %d: %w", held.ClaimID, err)
	}
	detail := map[string]any{"member": held.MemberID, "name": held.MemberName}
	if due != nil {
		detail["returns_at"] = *due
	}
	return q.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.LeaseWarned, Actor: audit.Machine, Detail: detail})
}

func (q *Queue) lapse(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held Held) error {
	detail := takenFrom(held)
	step := orders.Step{Order: o, Verb: orders.Lapse, Actor: audit.Machine, Detail: detail}
	if err := q.book.Move(ctx, tx, now, step); err != nil {
		return err
	}
	if err := q.End(ctx, tx, now, o, held, lapsed); err != nil {
		return err
	}
	if err := q.tell(ctx, tx, now, audit.Machine, held.MemberID, o, Lapsed, ""); err != nil {
		return err
	}
	return q.record(ctx, tx, now, audit.Machine, "order.lapse", o, "", detail)
}
