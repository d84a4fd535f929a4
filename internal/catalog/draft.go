package catalog

import (
	"context"
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

// Draft is a service's next definition in the making: one that all share.
type Draft struct {
	Slug       string
	Revision   int64  // what who saves, discards or publishes must have read
	Begun      bool   // false: there is none, and Definition is the newest version
	Definition []byte // JSON as its editor left it; Decode says whether it is right
	Base       int    // the newest version when it was saved; 0 for a new service
	SavedAt    time.Time
	SavedBy    int64 // the staff member
}

// Draft returns the draft of a service; where nobody has begun one, the
// newest version to begin with. Fault: NotFound, when there is neither.
func (c *Catalog) Draft(ctx context.Context, slug string) (Draft, error) {
	row, err := sqlq.New(c.pool).ReadDraft(ctx, slug)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, fmt.Errorf("read the draft of %q: %w", slug, err)
	}
	draft := draftFrom(slug, row)
	if draft.Begun {
		return draft, nil
	}
	versions, err := c.Versions(ctx, slug)
	if err != nil {
		return Draft{}, err
	}
	newest, err := c.Version(ctx, c.pool, versions[0].ID)
	if err != nil {
		return Draft{}, err
	}
	draft.Base = newest.Version
	draft.Definition, err = newest.Definition.JSON()
	return draft, err
}

// SaveDraft keeps a draft over the revision that its author had read, right
// or not yet, and returns it; 0 is the revision of a service that nobody has
// saved yet. Faults: Conflict (catalog.error.draft_changed) when somebody
// else saved, discarded or published meanwhile; Invalid with the path "" when
// it is no text or too long, and with the path "/slug".
func (c *Catalog) SaveDraft(ctx context.Context, actor audit.Actor, slug string, revision int64, raw []byte) (Draft, error) {
	switch {
	case !isSlug(slug):
		return Draft{}, wrongAt("/slug", "catalog.definition.slug")
	case len(raw) > maxDefinitionBytes:
		return Draft{}, wrongAt("", "catalog.definition.too_large")
	case !utf8.Valid(raw), strings.ContainsRune(string(raw), 0):
		return Draft{}, wrongAt("", "catalog.definition.syntax")
	}
	draft := Draft{Slug: slug, Begun: true, Definition: raw, SavedAt: c.clock.Now()}
	if by := staffID(actor); by != nil {
		draft.SavedBy = *by
	}
	row, err := sqlq.New(c.pool).SaveDraft(ctx, sqlq.SaveDraftParams{
		Slug: slug, Definition: string(raw), Now: draft.SavedAt, SavedBy: staffID(actor), Revision: revision,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, errDraftChanged()
	}
	if err != nil {
		return Draft{}, fmt.Errorf("save the draft of %q: %w", slug, db.Fault(err, nil))
	}
	draft.Revision = row.Revision
	if row.BaseVersion != nil {
		draft.Base = int(*row.BaseVersion)
	}
	return draft, nil
}

// DiscardDraft throws the draft of that revision away, on the record. Fault:
// Conflict (catalog.error.draft_changed).
func (c *Catalog) DiscardDraft(ctx context.Context, actor audit.Actor, slug string, revision int64) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := emptyDraft(ctx, sqlq.New(tx), slug, revision); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: c.clock.Now(), Actor: actor, Verb: "catalog.discard", Subject: "service:" + slug,
			Detail: map[string]any{"revision": revision},
		})
	})
}

func emptyDraft(ctx context.Context, q *sqlq.Queries, slug string, revision int64) error {
	n, err := q.EmptyDraft(ctx, slug, revision)
	if err != nil {
		return fmt.Errorf("empty the draft of %q: %w", slug, err)
	}
	if n == 0 {
		return errDraftChanged()
	}
	return nil
}

func errDraftChanged() error { return fault.New(fault.Conflict, "catalog.error.draft_changed") }

func draftFrom(slug string, row sqlq.ServiceDraft) Draft {
	draft := Draft{Slug: slug, Revision: row.Revision, SavedBy: idOf(row.SavedBy)}
	if row.Definition == nil {
		return draft
	}
	draft.Begun, draft.Definition, draft.SavedAt = true, []byte(*row.Definition), *row.SavedAt
	if row.BaseVersion != nil {
		draft.Base = int(*row.BaseVersion)
	}
	return draft
}

// staffID is the member who acts; nil for the system.
func staffID(actor audit.Actor) *int64 {
	if actor.Kind != audit.Staff {
		return nil
	}
	return &actor.ID
}
