package sla_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/sla"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var now = time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)

// store is a migrated database with one version of the calendar and two who edit it.
func store(t *testing.T) (pool *pgxpool.Pool, calendars *sla.Calendars, first sla.Version, sara, reza audit.Actor) {
	pool, calendars = dbtest.New(t), &sla.Calendars{}
	member := func(name string) audit.Actor {
		actor := audit.Actor{Kind: audit.Staff, Name: name}
		err := pool.QueryRow(t.Context(), `INSERT INTO staff_members (email, name, password_hash, created_at) VALUES ($1, $1, 'x', $2) RETURNING id`,
			name, now).Scan(&actor.ID)
		must(t, err)
		return actor
	}
	sara, reza = member("sara"), member("reza")
	inTx(t, pool, func(ctx context.Context, tx pgx.Tx) (err error) {
		first, err = calendars.Save(ctx, tx, now, sla.Default(), nil, "")
		return err
	})
	return pool, calendars, first, sara, reza
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func inTx(t *testing.T, pool *pgxpool.Pool, do func(context.Context, pgx.Tx) error) {
	t.Helper()
	must(t, db.InTx(t.Context(), pool, do))
}

func wants(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Kind != kind || f.Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

var holiday = sla.DateRule{Date: sla.Date{Year: 2026, Month: 11, Day: 22}, Name: "mourning"}

// A draft becomes the newest version; the one before stays as it was.
func TestPublish(t *testing.T) {
	t.Parallel()
	pool, calendars, first, sara, _ := store(t)
	draft, err := calendars.Draft(t.Context(), pool)
	must(t, err)
	if draft.Begun || len(sla.Changes(draft.Calendar, sla.Default())) != 0 {
		t.Errorf("begun %v", draft.Begun)
	}
	saved, err := calendars.SaveDraft(t.Context(), pool, now, sara, draft.Revision, draft.Calendar.With(holiday))
	must(t, err)
	if newest, err := calendars.Newest(t.Context(), pool); err != nil || newest.ID != first.ID {
		t.Errorf("a draft counts already: %d %v", newest.ID, err)
	}
	var published sla.Version
	inTx(t, pool, func(ctx context.Context, tx pgx.Tx) (err error) {
		published, err = calendars.Publish(ctx, tx, now.Add(time.Hour), sara, saved.Revision, "  the moon was seen ")
		return err
	})
	list, err := calendars.Versions(t.Context(), pool, 0, 10)
	must(t, err)
	if len(list) != 2 || list[0].ID != published.ID || list[0].Previous != first.ID || list[0].CreatedBy != sara.ID ||
		list[0].Note != "the moon was seen" || list[1].ID != first.ID || list[1].CreatedBy != 0 || list[1].Previous != 0 {
		t.Errorf("versions %+v", list)
	}
	changes := sla.Changes(list[1].Calendar, list[0].Calendar)
	if len(changes) != 1 || changes[0].Date != holiday.Date || changes[0].New == nil {
		t.Errorf("changes %+v", changes)
	}
	if after, err := calendars.Draft(t.Context(), pool); err != nil || after.Begun {
		t.Errorf("a draft is left: %v %v", after.Begun, err)
	}
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := calendars.Publish(ctx, tx, now, sara, saved.Revision, "")
		return err
	})
	wants(t, err, fault.Conflict, "sla.error.draft_changed")
	_, err = calendars.Info(t.Context(), pool, published.ID+1)
	wants(t, err, fault.NotFound, "sla.error.no_version")
}

// Who saves over a revision that is gone is told, and nothing is lost; what
// says nothing new is no version; an unsound calendar is no draft; a command
// does not slip a version past a draft.
func TestDraftRefuses(t *testing.T) {
	t.Parallel()
	pool, calendars, first, sara, reza := store(t)
	draft, err := calendars.Draft(t.Context(), pool)
	must(t, err)
	hers, err := calendars.SaveDraft(t.Context(), pool, now, sara, draft.Revision, draft.Calendar.With(holiday))
	must(t, err)
	_, err = calendars.SaveDraft(t.Context(), pool, now, reza, draft.Revision, draft.Calendar)
	wants(t, err, fault.Conflict, "sla.error.draft_changed")
	if kept, err := calendars.Draft(t.Context(), pool); err != nil || kept.SavedBy != sara.ID || len(sla.Changes(kept.Calendar, hers.Calendar)) != 0 {
		t.Errorf("kept %v %v", kept.SavedBy, err)
	}
	_, err = calendars.SaveDraft(t.Context(), pool, now, reza, hers.Revision, sla.Calendar{})
	wants(t, err, fault.Invalid, "fault.invalid")
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := calendars.Save(ctx, tx, now, first.Calendar.With(holiday), nil, "")
		return err
	})
	wants(t, err, fault.Conflict, "sla.error.draft_begun")
	same, err := calendars.SaveDraft(t.Context(), pool, now, reza, hers.Revision, first.Calendar)
	must(t, err)
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := calendars.Publish(ctx, tx, now, reza, same.Revision, "")
		return err
	})
	wants(t, err, fault.Conflict, "sla.error.nothing_changed")
	inTx(t, pool, func(ctx context.Context, tx pgx.Tx) error {
		return calendars.DiscardDraft(ctx, tx, now, reza, same.Revision)
	})
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		return calendars.DiscardDraft(ctx, tx, now, sara, same.Revision)
	})
	wants(t, err, fault.Conflict, "sla.error.draft_changed")
}

// Of many who publish one draft, one does.
func TestOnePublishes(t *testing.T) {
	t.Parallel()
	pool, calendars, first, sara, reza := store(t)
	draft, err := calendars.Draft(t.Context(), pool)
	must(t, err)
	saved, err := calendars.SaveDraft(t.Context(), pool, now, sara, draft.Revision, draft.Calendar.With(holiday))
	must(t, err)
	errs := make([]error, 12)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			errs[i] = db.InTx(context.WithoutCancel(t.Context()), pool, func(ctx context.Context, tx pgx.Tx) error {
				_, err := calendars.Publish(ctx, tx, now, []audit.Actor{sara, reza}[i%2], saved.Revision, "")
				return err
			})
		})
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
		} else {
			wants(t, err, fault.Conflict, "sla.error.draft_changed")
		}
	}
	if newest, err := calendars.Newest(t.Context(), pool); err != nil || done != 1 || newest.ID <= first.ID {
		t.Errorf("%d published, the newest is %d, %v", done, newest.ID, err)
	}
}
