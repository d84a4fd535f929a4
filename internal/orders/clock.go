package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders/internal/sqlq"
	"pishkhan/internal/sla"
)

// Clock is the working-time clock of an order, with the calendar that judges it.
type Clock struct {
	sla.Clock
	Calendar *sla.Engine
}

// Clock returns the newest clock of an order. It is NotFound before the
// order is both paid and verified.
func (b *Book) Clock(ctx context.Context, db DB, id ID) (Clock, error) {
	_, c, err := b.readClock(ctx, db, id)
	return c, err
}

// turnClock does to the clock of an order what its transition asks for, and
// returns the new due time, or nil when it stays.
func (b *Book) turnClock(ctx context.Context, tx pgx.Tx, now time.Time, act clockAct, o Order) (due *time.Time, err error) {
	switch act {
	case leave:
		return nil, nil
	case start:
		return b.startClock(ctx, tx, now, o)
	}
	rowID, c, err := b.readClock(ctx, tx, o.ID)
	if err != nil {
		return nil, err
	}
	switch act {
	case pause:
		c.Clock, err = c.Hold(c.Calendar, now)
	case resume:
		c.Clock, err = c.Resume(c.Calendar, now)
	case stop:
		c.Clock, err = c.Stop(c.Calendar, now)
	}
	if err != nil {
		return nil, err
	}
	err = sqlq.New(tx).UpdateClock(ctx, sqlq.UpdateClockParams{
		ID: rowID, RunningSince: instant(c.RunningSince), UsedSeconds: int32(c.Used / time.Second),
		PausedAt: instant(c.PausedAt), DueAt: c.DueAt, StoppedAt: instant(c.StoppedAt),
	})
	if err != nil {
		return nil, fmt.Errorf("clock of order %d: %w", o.ID, err)
	}
	return &c.DueAt, nil
}

func (b *Book) startClock(ctx context.Context, tx pgx.Tx, now time.Time, o Order) (*time.Time, error) {
	version, err := b.calendars.Newest(ctx, tx)
	if err != nil {
		return nil, err
	}
	c, err := sla.Start(version.Engine, now, o.Budget)
	if err != nil {
		return nil, fmt.Errorf("clock of order %d: %w", o.ID, err)
	}
	err = sqlq.New(tx).InsertClock(ctx, sqlq.InsertClockParams{
		OrderID: int64(o.ID), CalendarVersionID: version.ID, BudgetSeconds: int32(o.Budget / time.Second),
		StartedAt: now, DueAt: c.DueAt,
	})
	if err != nil {
		return nil, fmt.Errorf("clock of order %d: %w", o.ID, err)
	}
	return &c.DueAt, nil
}

func (b *Book) readClock(ctx context.Context, db DB, id ID) (rowID int64, c Clock, err error) {
	row, err := sqlq.New(db).LatestClock(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, Clock{}, fault.New(fault.NotFound, "orders.error.no_clock")
	}
	if err != nil {
		return 0, Clock{}, fmt.Errorf("clock of order %d: %w", id, err)
	}
	version, err := b.calendars.Version(ctx, db, row.CalendarVersionID)
	if err != nil {
		return 0, Clock{}, err
	}
	return row.ID, Clock{Calendar: version.Engine, Clock: sla.Clock{
		Budget: time.Duration(row.BudgetSeconds) * time.Second, StartedAt: row.StartedAt,
		RunningSince: zeroable(row.RunningSince), Used: time.Duration(row.UsedSeconds) * time.Second,
		PausedAt: zeroable(row.PausedAt), DueAt: row.DueAt, StoppedAt: zeroable(row.StoppedAt),
	}}, nil
}

// instant returns nil for the zero time, as the database keeps it.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func zeroable(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
