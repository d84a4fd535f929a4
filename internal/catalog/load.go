package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/db"
)

// Load offers the given services: a slug that is new becomes a service, and
// a definition that says something else than the newest version becomes a
// version. What is not given stays as it is, and a retired service stays
// retired. Fault: Invalid, as Decode gives it.
func (c *Catalog) Load(ctx context.Context, defs []Definition) error {
	now := c.clock.Now()
	defs = slices.Clone(defs)
	// In one order, so that two loads at once wait for each other and never lock crosswise.
	slices.SortFunc(defs, func(a, b Definition) int { return strings.Compare(a.Slug, b.Slug) })
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		for _, d := range defs {
			if err := publish(ctx, tx, now, d); err != nil {
				return fmt.Errorf("load the service %q: %w", d.Slug, err)
			}
		}
		return nil
	})
}

func publish(ctx context.Context, tx pgx.Tx, now time.Time, d Definition) error {
	if err := d.validate(); err != nil {
		return err
	}
	definition, err := json.Marshal(d)
	if err != nil {
		return err
	}
	q := sqlq.New(tx)
	id, err := q.KeepService(ctx, d.Slug, now)
	if err != nil {
		return err
	}
	_, err = q.PublishVersion(ctx, id, definition, now)
	return err
}
