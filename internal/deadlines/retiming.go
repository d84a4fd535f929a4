package deadlines

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// Approve lets the open clocks move to the newest version of the calendar,
// on behalf of the actor. The moving is a job's. Faults: those of
// orders.BeginRetiming.
func (d *Deadlines) Approve(ctx context.Context, actor audit.Actor, versionID int64) (r orders.Retiming, err error) {
	err = db.InTx(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		if r, err = d.book.BeginRetiming(ctx, tx, d.clock.Now(), actor, versionID); err != nil {
			return err
		}
		_, err = d.queuer.InsertTx(ctx, tx, RetimeArgs{}, nil)
		return err
	})
	return r, err
}

// Progress returns the newest retiming, which may be finished. It is NotFound
// when there never was one (retiming.error.not_found).
func (d *Deadlines) Progress(ctx context.Context) (orders.Retiming, error) {
	newest, err := d.book.Retimings(ctx, d.pool, 1)
	if err != nil {
		return orders.Retiming{}, err
	}
	if len(newest) == 0 {
		return orders.Retiming{}, fault.New(fault.NotFound, "retiming.error.not_found")
	}
	return newest[0], nil
}

// examples is how many deadlines a dry run names.
const examples = 20

// DryRun tells what would become of all open clocks by a calendar, and
// changes nothing. It returns the faults of sla.Prepare.
func (d *Deadlines) DryRun(ctx context.Context, calendar sla.Calendar) (orders.Forecast, error) {
	engine, err := sla.Prepare(calendar)
	if err != nil {
		return orders.Forecast{}, err
	}
	return d.book.Forecast(ctx, d.pool, d.clock.Now(), engine, examples)
}

// batch is how many orders are locked at once while their clocks move:
// whoever claims or completes one of them waits for a fraction of a second.
const batch = 1000

// Retime does one piece of the retiming that goes on, and returns how it
// stands then; it is NotFound when none goes on, and orders.ErrRetiming when
// another process is at it.
func (d *Deadlines) Retime(ctx context.Context) (r orders.Retiming, err error) {
	r, ok, err := d.book.Unfinished(ctx, d.pool)
	if err != nil {
		return orders.Retiming{}, err
	}
	if !ok {
		return orders.Retiming{}, fault.New(fault.NotFound, "retiming.error.not_found")
	}
	err = db.InTx(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		r, err = d.book.Retime(ctx, tx, d.clock.Now(), r.ID, batch)
		return err
	})
	return r, err
}

// retimeFor goes on with the retiming for so long, and reports whether there
// is more to do. Another process that is at it does the rest.
func (d *Deadlines) retimeFor(ctx context.Context, most time.Duration) (more bool, err error) {
	over := time.NewTimer(most)
	defer over.Stop()
	for {
		r, err := d.Retime(ctx)
		if err == nil && r.Finished() || fault.Is(err, fault.NotFound) || errors.Is(err, orders.ErrRetiming) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		select {
		case <-over.C:
			return true, nil
		default:
		}
	}
}
