package pricing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing/internal/sqlq"
)

// Draft is the next tariff in the making: one that all share.
type Draft struct {
	Revision int64 // what who saves or publishes must have read
	Begun    bool  // false: there is none, and Tariff is the current one
	Tariff   Tariff
	SavedAt  time.Time
	SavedBy  int64 // the staff member
}

// TariffDraft returns the draft; where nobody has begun one, the current
// tariff to begin with. Fault: Unavailable (pricing.error.no_tariff).
func (p *Pricing) TariffDraft(ctx context.Context) (Draft, error) {
	row, err := sqlq.New(p.pool).ReadDraft(ctx)
	if err != nil {
		return Draft{}, fmt.Errorf("read the tariff's draft: %w", err)
	}
	draft, err := draftFrom(row)
	if err != nil || draft.Begun {
		return draft, err
	}
	current, err := p.CurrentTariff(ctx)
	draft.Tariff = current.Tariff
	return draft, err
}

// SaveTariffDraft keeps a draft, as JSON, over the revision that its author
// had read, and returns it as it is kept. Faults: Invalid, as DecodeTariff
// gives it; Conflict (pricing.error.draft_changed) when somebody else saved,
// discarded or published meanwhile.
func (p *Pricing) SaveTariffDraft(ctx context.Context, actor audit.Actor, revision int64, raw []byte) (Draft, error) {
	tariff, err := DecodeTariff(raw)
	if err != nil {
		return Draft{}, err
	}
	data, err := tariff.JSON()
	if err != nil {
		return Draft{}, err
	}
	draft := Draft{Begun: true, Tariff: tariff, SavedAt: p.clock.Now(), SavedBy: actor.ID}
	draft.Revision, err = sqlq.New(p.pool).SaveDraft(ctx, sqlq.SaveDraftParams{
		Tariff: data, SavedAt: &draft.SavedAt, SavedBy: &draft.SavedBy, Revision: revision,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return Draft{}, errDraftChanged()
	}
	if err != nil {
		return Draft{}, fmt.Errorf("save the tariff's draft: %w", err)
	}
	return draft, nil
}

// DiscardTariffDraft throws the draft of that revision away, on the record.
// Fault: Conflict (pricing.error.draft_changed).
func (p *Pricing) DiscardTariffDraft(ctx context.Context, actor audit.Actor, revision int64) error {
	return db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := emptyDraft(ctx, sqlq.New(tx), revision); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: p.clock.Now(), Actor: actor, Verb: "tariff.discard", Subject: "tariff:draft",
			Detail: map[string]any{"revision": revision},
		})
	})
}

func emptyDraft(ctx context.Context, q *sqlq.Queries, revision int64) error {
	n, err := q.EmptyDraft(ctx, revision)
	if err != nil {
		return fmt.Errorf("empty the tariff's draft: %w", err)
	}
	if n == 0 {
		return errDraftChanged()
	}
	return nil
}

func errDraftChanged() error { return fault.New(fault.Conflict, "pricing.error.draft_changed") }

func draftFrom(row sqlq.TariffDraft) (Draft, error) {
	draft := Draft{Revision: row.Revision}
	if row.Tariff == nil {
		return draft, nil
	}
	draft.Begun, draft.SavedAt, draft.SavedBy = true, *row.SavedAt, *row.SavedBy
	var err error
	if draft.Tariff, err = kept(row.Tariff); err != nil {
		return Draft{}, fmt.Errorf("read the tariff's draft: %w", err)
	}
	return draft, nil
}
