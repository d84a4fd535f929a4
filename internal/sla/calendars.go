package sla

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/sla/internal/sqlq"
)

// Version is one stored calendar, ready to compute with. It never changes.
type Version struct {
	ID       int64
	Calendar Calendar
	Engine   *Engine
}

// Calendars keeps the versions of the calendar: the newest counts for new
// clocks, and a clock stays with the version that it began with.
type Calendars struct {
	prepared sync.Map // id → Version; there are as many as edits
}

// DB is the pool, or a transaction of the caller's.
type DB = sqlq.DBTX

// Save adds a version past the draft, as a command does. memberID is who made
// it; nil is the house itself. It returns the faults of Prepare, and a Conflict
// while somebody has a draft (sla.error.draft_begun): publishing that would
// undo this.
func (c *Calendars) Save(ctx context.Context, tx pgx.Tx, now time.Time, calendar Calendar, memberID *int64, note string) (Version, error) {
	draft, err := sqlq.New(tx).LockDraft(ctx)
	if err != nil {
		return Version{}, fmt.Errorf("save calendar: %w", err)
	}
	if draft.Calendar != nil {
		return Version{}, fault.New(fault.Conflict, "sla.error.draft_begun")
	}
	return insert(ctx, tx, now, calendar, memberID, note)
}

func insert(ctx context.Context, tx pgx.Tx, now time.Time, calendar Calendar, memberID *int64, note string) (Version, error) {
	engine, err := Prepare(calendar)
	if err != nil {
		return Version{}, err
	}
	data, err := Marshal(calendar)
	if err != nil {
		return Version{}, err
	}
	id, err := sqlq.New(tx).InsertCalendar(ctx, sqlq.InsertCalendarParams{Calendar: data, CreatedAt: now, CreatedBy: memberID, Note: note})
	if err != nil {
		return Version{}, fmt.Errorf("save calendar: %w", err)
	}
	return Version{ID: id, Calendar: calendar, Engine: engine}, nil
}

// Newest returns the version that counts for new clocks. Without any it is
// Unavailable: the installation is not finished.
func (c *Calendars) Newest(ctx context.Context, db DB) (Version, error) {
	id, err := sqlq.New(db).NewestCalendarID(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return Version{}, fault.New(fault.Unavailable, "sla.error.no_calendar")
	}
	if err != nil {
		return Version{}, fmt.Errorf("newest calendar: %w", err)
	}
	return c.Version(ctx, db, id)
}

// Version returns a stored version, or NotFound.
func (c *Calendars) Version(ctx context.Context, db DB, id int64) (Version, error) {
	if v, ok := c.prepared.Load(id); ok {
		return v.(Version), nil
	}
	data, err := sqlq.New(db).CalendarByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return Version{}, fault.New(fault.NotFound, "sla.error.no_version")
	}
	if err != nil {
		return Version{}, fmt.Errorf("calendar %d: %w", id, err)
	}
	calendar, err := Parse(data)
	if err != nil {
		return Version{}, fmt.Errorf("calendar %d: %w", id, err)
	}
	engine, err := Prepare(calendar)
	if err != nil {
		return Version{}, fmt.Errorf("calendar %d: %w", id, err)
	}
	v := Version{ID: id, Calendar: calendar, Engine: engine}
	c.prepared.Store(id, v)
	return v, nil
}
