package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

const maxNote = 500 // characters

// Publish offers the draft of that revision from now on, as a new version, on
// the record; orders keep the version that they were placed with. A retired
// service stays retired. Faults: Conflict (catalog.error.draft_changed) when
// that is not the draft any more, so that of two who publish one is told;
// Conflict (catalog.error.same_definition) when it says nothing new; Invalid
// with the field note, or with paths, as Decode gives them.
func (c *Catalog) Publish(ctx context.Context, actor audit.Actor, slug string, revision int64, note string) (Service, error) {
	return c.publishing(ctx, note, func(ctx context.Context, tx pgx.Tx, now time.Time, note string) (Service, error) {
		q := sqlq.New(tx)
		draft, err := q.ReadDraft(ctx, slug)
		if err == nil {
			// The service is locked before its draft, as whoever publishes does.
			if _, err = q.KeepService(ctx, slug, now); err == nil {
				draft, err = q.LockDraft(ctx, slug)
			}
		}
		if errors.Is(err, pgx.ErrNoRows) || err == nil && (draft.Definition == nil || draft.Revision != revision) {
			return Service{}, errDraftChanged()
		}
		if err != nil {
			return Service{}, fmt.Errorf("read the draft of %q: %w", slug, err)
		}
		d, err := Decode([]byte(*draft.Definition))
		if err != nil {
			return Service{}, err
		}
		if d.Slug != slug {
			return Service{}, wrongAt("/slug", "catalog.definition.slug_fixed")
		}
		if err := emptyDraft(ctx, q, slug, revision); err != nil {
			return Service{}, err
		}
		return c.publish(ctx, tx, now, d, publication{actor: actor, note: note, origin: FromDesk, verb: "catalog.publish"})
	})
}

// RollBack offers an earlier version again, as a new one, on the record. The
// draft stays. Faults: NotFound; Conflict (catalog.error.same_definition) when
// that is what is offered already; Invalid with the field note, or with paths
// when today's rules refuse what was once accepted.
func (c *Catalog) RollBack(ctx context.Context, actor audit.Actor, slug string, version int, note string) (Service, error) {
	return c.publishing(ctx, note, func(ctx context.Context, tx pgx.Tx, now time.Time, note string) (Service, error) {
		id, err := sqlq.New(tx).NumberedVersion(ctx, slug, int32(version))
		if errors.Is(err, pgx.ErrNoRows) {
			return Service{}, fault.New(fault.NotFound, "catalog.error.service")
		}
		if err != nil {
			return Service{}, fmt.Errorf("read version %d of %q: %w", version, slug, err)
		}
		earlier, err := c.Version(ctx, tx, VersionID(id))
		if err != nil {
			return Service{}, err
		}
		if err := earlier.Definition.validate(); err != nil {
			return Service{}, err
		}
		return c.publish(ctx, tx, now, earlier.Definition, publication{
			actor: actor, note: note, origin: FromRollback, verb: "catalog.rollback", from: version,
		})
	})
}

// publishing reads the note, and runs publish in a transaction.
func (c *Catalog) publishing(ctx context.Context, note string, publish func(context.Context, pgx.Tx, time.Time, string) (Service, error)) (service Service, err error) {
	if note, err = readNote(note); err != nil {
		return Service{}, err
	}
	now := c.clock.Now()
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		service, err = publish(ctx, tx, now, note)
		return err
	})
	if err != nil {
		return Service{}, err
	}
	return service, nil
}

func readNote(note string) (string, error) {
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > maxNote || !utf8.ValidString(note) || strings.ContainsRune(note, 0) {
		return "", fault.Fields{{Name: "note", Key: "catalog.error.note", Args: []any{"max", maxNote}}}.Err()
	}
	return note, nil
}

// publication is what is said about a version when it is published.
type publication struct {
	actor  audit.Actor
	note   string
	origin Origin
	verb   string // of the audit entry
	from   int    // the version rolled back to
}

// publish adds a version of a service, new or not; others who publish it
// wait. Faults: Conflict (catalog.error.same_definition); Invalid, with paths,
// for questions that are no longer sealed.
func (c *Catalog) publish(ctx context.Context, tx pgx.Tx, now time.Time, d Definition, what publication) (Service, error) {
	q := sqlq.New(tx)
	id, err := q.KeepService(ctx, d.Slug, now)
	if err != nil {
		return Service{}, fmt.Errorf("publish %q: %w", d.Slug, err)
	}
	newest, err := q.NewestOf(ctx, id)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return Service{}, fmt.Errorf("publish %q: %w", d.Slug, err)
	default:
		service, err := c.Version(ctx, tx, VersionID(newest))
		if err != nil {
			return Service{}, err
		}
		if same(service.Definition, d) {
			return Service{}, fault.New(fault.Conflict, "catalog.error.same_definition")
		}
		if err := stillSealed(service.Definition, d); err != nil {
			return Service{}, err
		}
	}
	service, err := insert(ctx, q, now, id, d, what)
	if err != nil {
		return Service{}, fmt.Errorf("publish %q: %w", d.Slug, err)
	}
	detail := map[string]any{"version": service.Version, "note": what.note}
	if what.from != 0 {
		detail["from"] = what.from
	}
	return service, audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: what.actor, Verb: what.verb, Subject: "service:" + d.Slug, Detail: detail,
	})
}

// stillSealed refuses a question that was sealed and, under the same name, is
// not any more: what customers entrust would be read by everybody at the desk.
func stillSealed(before, after Definition) error {
	sealed := map[string]bool{}
	for field := range before.Fields() {
		sealed[field.Name] = field.Sealed
	}
	var wrong fault.Fields
	for i, group := range after.Groups {
		for j, field := range group.Fields {
			if sealed[field.Name] && !field.Sealed {
				wrong.Add(fmt.Sprintf("/groups/%d/fields/%d/sealed", i, j), "catalog.definition.unsealed")
			}
		}
	}
	return wrong.Err()
}

// insert adds the version, and outdates what editors have read.
func insert(ctx context.Context, q *sqlq.Queries, now time.Time, id int64, d Definition, what publication) (Service, error) {
	definition, err := json.Marshal(d)
	if err != nil {
		return Service{}, err
	}
	row, err := q.InsertVersion(ctx, sqlq.InsertVersionParams{
		ServiceID: id, Definition: definition, Now: now,
		PublishedBy: staffID(what.actor), Note: what.note, Origin: string(what.origin),
	})
	if err != nil {
		return Service{}, err
	}
	return Service{ID: ServiceID(id), VersionID: VersionID(row.ID), Version: int(row.Version), Definition: d}, q.OutdateDraft(ctx, d.Slug)
}

// same reports whether both say the same.
func same(a, b Definition) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
