package pricing

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing/internal/sqlq"
)

//go:embed tariff.json
var embedded []byte

// LoadTariff publishes the tariff that comes with the program, unless it
// holds already or somebody has published one at the desk.
func (p *Pricing) LoadTariff(ctx context.Context) error {
	tariff, err := DecodeTariff(embedded)
	if err != nil {
		return fmt.Errorf("decode the embedded tariff: %w", err)
	}
	return db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		q := sqlq.New(tx)
		if _, err := q.LockDraft(ctx); err != nil {
			return fmt.Errorf("load the tariff: %w", err)
		}
		theirs, err := q.DeskPublished(ctx)
		if err != nil {
			return fmt.Errorf("load the tariff: %w", err)
		}
		current, err := p.current(ctx, tx)
		if err != nil && !fault.Is(err, fault.Unavailable) {
			return err
		}
		if theirs || err == nil && same(current.Tariff, tariff) {
			return nil
		}
		_, err = p.insert(ctx, tx, p.clock.Now(), tariff, publication{actor: audit.Machine, origin: FromProgram})
		return err
	})
}
