package pricing

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing/internal/sqlq"
)

const maxNote = 500 // characters

// PublishTariff makes the draft of that revision the tariff from now on, on
// the record; frozen quotes keep theirs. Faults: Conflict
// (pricing.error.draft_changed) when that is not the draft any more, so that
// of two who publish one is told; Conflict (pricing.error.same_tariff) when
// it says nothing new; Invalid with the field note, or as DecodeTariff.
func (p *Pricing) PublishTariff(ctx context.Context, actor audit.Actor, revision int64, note string) (TariffVersion, error) {
	return p.publish(ctx, publication{actor: actor, note: note, origin: FromDesk, verb: "tariff.publish"},
		func(ctx context.Context, tx pgx.Tx, row sqlq.TariffDraft) (Tariff, error) {
			draft, err := draftFrom(row)
			if err != nil {
				return Tariff{}, err
			}
			if !draft.Begun || draft.Revision != revision {
				return Tariff{}, errDraftChanged()
			}
			if err := draft.Tariff.validate(); err != nil { // saved by an older program
				return Tariff{}, err
			}
			return draft.Tariff, emptyDraft(ctx, sqlq.New(tx), revision)
		})
}

// RollBackTariff publishes an earlier version again, as a new one, on the
// record. The draft stays. Faults: NotFound; Conflict
// (pricing.error.same_tariff) when that is what holds already; Invalid with
// the field note, or as DecodeTariff.
func (p *Pricing) RollBackTariff(ctx context.Context, actor audit.Actor, version int, note string) (TariffVersion, error) {
	return p.publish(ctx, publication{actor: actor, note: note, origin: FromRollback, verb: "tariff.rollback", from: version},
		func(ctx context.Context, tx pgx.Tx, _ sqlq.TariffDraft) (Tariff, error) {
			earlier, err := p.numbered(ctx, tx, version)
			if err != nil {
				return Tariff{}, err
			}
			return earlier.Tariff, earlier.Tariff.validate()
		})
}

// publication is what is said about a version when it is published.
type publication struct {
	actor  audit.Actor
	note   string
	origin Origin
	verb   string // of the audit entry
	from   int    // the version rolled back to
}

// publish adds the version that next says, alone: others wait.
func (p *Pricing) publish(ctx context.Context, what publication, next func(context.Context, pgx.Tx, sqlq.TariffDraft) (Tariff, error)) (TariffVersion, error) {
	what.note = strings.TrimSpace(what.note)
	if utf8.RuneCountInString(what.note) > maxNote {
		return TariffVersion{}, fault.Fields{{Name: "note", Key: "pricing.error.note", Args: []any{"max", maxNote}}}.Err()
	}
	now := p.clock.Now()
	var published TariffVersion
	err := db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		row, err := sqlq.New(tx).LockDraft(ctx)
		if err != nil {
			return fmt.Errorf("publish the tariff: %w", err)
		}
		tariff, err := next(ctx, tx, row)
		if err != nil {
			return err
		}
		current, err := p.current(ctx, tx)
		if err != nil && !fault.Is(err, fault.Unavailable) {
			return err
		}
		if err == nil && same(current.Tariff, tariff) {
			return fault.New(fault.Conflict, "pricing.error.same_tariff")
		}
		if published, err = p.insert(ctx, tx, now, tariff, what); err != nil {
			return err
		}
		detail := map[string]any{"version": published.Version, "note": what.note}
		if what.from != 0 {
			detail["from"] = what.from
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: what.actor, Verb: what.verb,
			Subject: fmt.Sprintf("tariff:%d", published.Version), Detail: detail,
		})
	})
	return published, err
}

func (p *Pricing) insert(ctx context.Context, tx pgx.Tx, now time.Time, tariff Tariff, what publication) (TariffVersion, error) {
	data, err := tariff.JSON()
	if err != nil {
		return TariffVersion{}, err
	}
	row := sqlq.InsertTariffParams{Tariff: data, Note: what.note, Origin: string(what.origin), PublishedAt: now}
	if what.actor.Kind == audit.Staff {
		row.PublishedBy = &what.actor.ID
	}
	id, err := sqlq.New(tx).InsertTariff(ctx, row)
	if err != nil {
		return TariffVersion{}, fmt.Errorf("publish the tariff: %w", err)
	}
	return read(ctx, tx, TariffID(id))
}

// same reports whether both say the same.
func same(a, b Tariff) bool {
	x, errX := a.JSON()
	y, errY := b.JSON()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
