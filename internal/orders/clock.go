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

// Clock is a working-time clock of an order, with the calendar that judges it.
type Clock struct {
	sla.Clock
	ID        int64
	VersionID int64 // of the calendar
	Calendar  *sla.Engine
	Holds     []sla.Hold // when it waited for the customer, in order
}

// Clock returns the newest clock of an order. It is NotFound before the
// order is both paid and verified.
func (b *Book) Clock(ctx context.Context, db DB, id ID) (Clock, error) {
	row, err := sqlq.New(db).LatestClock(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return Clock{}, fault.New(fault.NotFound, "orders.error.no_clock")
	}
	if err != nil {
		return Clock{}, fmt.Errorf("clock of order %d: %w", id, err)
	}
	return b.clockFrom(ctx, db, row)
}

// Clocks returns the clocks of an order, oldest first: one, and one more for
// each time that it was reopened.
func (b *Book) Clocks(ctx context.Context, db DB, id ID) ([]Clock, error) {
	rows, err := sqlq.New(db).ClocksOf(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("clocks of order %d: %w", id, err)
	}
	list := make([]Clock, len(rows))
	for i, row := range rows {
		if list[i], err = b.clockFrom(ctx, db, row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (b *Book) clockFrom(ctx context.Context, db DB, row sqlq.OrderClock) (Clock, error) {
	version, err := b.calendars.Version(ctx, db, row.CalendarVersionID)
	if err != nil {
		return Clock{}, err
	}
	holds, err := sqlq.New(db).HoldsOf(ctx, row.ID)
	if err != nil {
		return Clock{}, fmt.Errorf("holds of clock %d: %w", row.ID, err)
	}
	c := Clock{ID: row.ID, VersionID: version.ID, Calendar: version.Engine, Clock: sla.Clock{
		Budget: time.Duration(row.BudgetSeconds) * time.Second, Extra: time.Duration(row.ExtraMicros) * time.Microsecond,
		StartedAt: row.StartedAt, RunningSince: zeroable(row.RunningSince), Used: time.Duration(row.UsedSeconds) * time.Second,
		PausedAt: zeroable(row.PausedAt), DueAt: row.DueAt, FirstDueAt: row.FirstDueAt, StoppedAt: zeroable(row.StoppedAt),
	}}
	for _, h := range holds {
		c.Holds = append(c.Holds, sla.Hold{From: h.FromAt, To: zeroable(h.ToAt)})
	}
	return c, nil
}

// turnClock does to the clock of an order what its transition asks for, and
// returns it as it is then, or nil when it stays.
func (b *Book) turnClock(ctx context.Context, tx pgx.Tx, now time.Time, act clockAct, o Order) (*Clock, error) {
	switch act {
	case leave:
		return nil, nil
	case start:
		return b.startClock(ctx, tx, now, o, func(e *sla.Engine) (sla.Clock, error) { return sla.Start(e, now, o.Budget) })
	}
	c, err := b.Clock(ctx, tx, o.ID)
	if err != nil {
		return nil, err
	}
	switch act {
	case reopen:
		return b.startClock(ctx, tx, now, o, func(e *sla.Engine) (sla.Clock, error) { return c.Reopen(e, now) })
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
	if err := keepClock(ctx, tx, c); err != nil {
		return nil, err
	}
	return &c, keepHold(ctx, tx, now, act, &c)
}

// startClock keeps a new clock, which the newest calendar judges.
func (b *Book) startClock(ctx context.Context, tx pgx.Tx, now time.Time, o Order, begin func(*sla.Engine) (sla.Clock, error)) (*Clock, error) {
	if err := sqlq.New(tx).BeginStart(ctx); err != nil {
		return nil, fmt.Errorf("clock of order %d: %w", o.ID, err)
	}
	version, err := b.calendars.Newest(ctx, tx)
	if err != nil {
		return nil, err
	}
	c := Clock{VersionID: version.ID, Calendar: version.Engine}
	if c.Clock, err = begin(version.Engine); err != nil {
		return nil, fmt.Errorf("clock of order %d: %w", o.ID, err)
	}
	c.ID, err = sqlq.New(tx).InsertClock(ctx, sqlq.InsertClockParams{
		OrderID: int64(o.ID), CalendarVersionID: version.ID, BudgetSeconds: int32(c.Budget / time.Second),
		StartedAt: now, DueAt: c.DueAt,
	})
	if err != nil {
		return nil, fmt.Errorf("clock of order %d: %w", o.ID, err)
	}
	return &c, nil
}

func keepClock(ctx context.Context, tx pgx.Tx, c Clock) error {
	err := sqlq.New(tx).UpdateClock(ctx, sqlq.UpdateClockParams{
		ID: c.ID, RunningSince: instant(c.RunningSince), UsedSeconds: int32(c.Used / time.Second), PausedAt: instant(c.PausedAt),
		DueAt: c.DueAt, FirstDueAt: c.FirstDueAt, ExtraMicros: c.Extra.Microseconds(), StoppedAt: instant(c.StoppedAt),
	})
	if err != nil {
		return fmt.Errorf("keep clock %d: %w", c.ID, err)
	}
	return nil
}

// keepHold begins or ends the row of a hold, as the act does.
func keepHold(ctx context.Context, tx pgx.Tx, now time.Time, act clockAct, c *Clock) error {
	var err error
	switch act {
	case pause:
		err = sqlq.New(tx).InsertHold(ctx, c.ID, now)
		c.Holds = append(c.Holds, sla.Hold{From: now})
	case resume, stop:
		err = sqlq.New(tx).EndHold(ctx, &now, c.ID)
		if n := len(c.Holds); n > 0 && c.Holds[n-1].To.IsZero() {
			c.Holds[n-1].To = now
		}
	}
	if err != nil {
		return fmt.Errorf("hold of clock %d: %w", c.ID, err)
	}
	return nil
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
