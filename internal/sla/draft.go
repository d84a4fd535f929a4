package sla

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/sla/internal/sqlq"
)

// Draft is the next calendar in the making: one that all share.
type Draft struct {
	Revision int64 // what who saves or publishes must have read
	Begun    bool  // false: there is none, and Calendar is the newest version's
	Calendar Calendar
	SavedAt  time.Time
	SavedBy  int64 // the staff member
}

// Draft returns the draft; where nobody has begun one, the newest version to
// begin with. Fault: Unavailable, as Newest.
func (c *Calendars) Draft(ctx context.Context, db DB) (Draft, error) {
	row, err := sqlq.New(db).ReadDraft(ctx)
	if err != nil {
		return Draft{}, fmt.Errorf("read the calendar's draft: %w", err)
	}
	draft, err := draftFrom(row)
	if err != nil || draft.Begun {
		return draft, err
	}
	newest, err := c.Newest(ctx, db)
	draft.Calendar = newest.Calendar
	return draft, err
}

// SaveDraft keeps a draft over the revision that its author had read. Faults:
// those of Prepare; Conflict (sla.error.draft_changed) when somebody else
// saved, discarded or published meanwhile.
func (c *Calendars) SaveDraft(ctx context.Context, db DB, now time.Time, actor audit.Actor, revision int64, calendar Calendar) (Draft, error) {
	if _, err := Prepare(calendar); err != nil {
		return Draft{}, err
	}
	data, err := Marshal(calendar)
	if err != nil {
		return Draft{}, err
	}
	draft := Draft{Begun: true, Calendar: calendar, SavedAt: now, SavedBy: actor.ID}
	draft.Revision, err = sqlq.New(db).SaveDraft(ctx, sqlq.SaveDraftParams{
		Calendar: data, SavedAt: &draft.SavedAt, SavedBy: &draft.SavedBy, Revision: revision,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, errDraftChanged()
	}
	if err != nil {
		return Draft{}, fmt.Errorf("save the calendar's draft: %w", err)
	}
	return draft, nil
}

// DiscardDraft throws the draft of that revision away, on the record. Fault:
// Conflict (sla.error.draft_changed).
func (c *Calendars) DiscardDraft(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, revision int64) error {
	if err := emptyDraft(ctx, tx, revision); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: actor, Verb: "calendar.discard", Subject: "calendar:draft", Detail: map[string]any{"revision": revision},
	})
}

const maxNote = 500 // letters

// Publish makes the draft of that revision the newest version, which counts
// for new clocks, on the record. Faults: Conflict (sla.error.draft_changed)
// when that is not the draft any more, so that of two who publish one is told;
// Conflict (sla.error.nothing_changed) when it says nothing new; Invalid with
// the field note; those of Prepare.
func (c *Calendars) Publish(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, revision int64, note string) (Version, error) {
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > maxNote {
		return Version{}, fault.Fields{{Name: "note", Key: "sla.error.note", Args: []any{"max", maxNote}}}.Err()
	}
	row, err := sqlq.New(tx).LockDraft(ctx)
	if err != nil {
		return Version{}, fmt.Errorf("publish the calendar: %w", err)
	}
	draft, err := draftFrom(row)
	if err != nil {
		return Version{}, err
	}
	if !draft.Begun || draft.Revision != revision {
		return Version{}, errDraftChanged()
	}
	newest, err := c.Newest(ctx, tx)
	if err != nil {
		return Version{}, err
	}
	if len(Changes(newest.Calendar, draft.Calendar)) == 0 {
		return Version{}, fault.New(fault.Conflict, "sla.error.nothing_changed")
	}
	if err := emptyDraft(ctx, tx, revision); err != nil {
		return Version{}, err
	}
	version, err := insert(ctx, tx, now, draft.Calendar, &actor.ID, note)
	if err != nil {
		return Version{}, err
	}
	return version, audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: actor, Verb: "calendar.publish", Subject: fmt.Sprintf("calendar:%d", version.ID),
		Detail: map[string]any{"after": newest.ID, "note": note},
	})
}

func emptyDraft(ctx context.Context, tx pgx.Tx, revision int64) error {
	n, err := sqlq.New(tx).EmptyDraft(ctx, revision)
	if err != nil {
		return fmt.Errorf("empty the calendar's draft: %w", err)
	}
	if n == 0 {
		return errDraftChanged()
	}
	return nil
}

func errDraftChanged() error { return fault.New(fault.Conflict, "sla.error.draft_changed") }

func draftFrom(row sqlq.CalendarDraft) (Draft, error) {
	draft := Draft{Revision: row.Revision}
	if row.Calendar == nil {
		return draft, nil
	}
	draft.Begun, draft.SavedAt, draft.SavedBy = true, *row.SavedAt, *row.SavedBy
	var err error
	if draft.Calendar, err = Parse(row.Calendar); err != nil {
		return Draft{}, fmt.Errorf("read the calendar's draft: %w", err)
	}
	return draft, nil
}
