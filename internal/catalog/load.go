package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/db"
)

// Load offers the services that come with the program: a slug that is new
// becomes a service, and a definition that says something else than the
// newest version becomes a version, unless the newest is the desk's own: what
// was edited, imported or rolled back there stays. What is not given stays as
// it is, and a retired service stays retired. Fault: Invalid, as Decode gives
// it.
func (c *Catalog) Load(ctx context.Context, defs []Definition) error {
	given := map[string]Definition{}
	for _, d := range defs {
		if err := d.validate(); err != nil {
			return fmt.Errorf("load the service %q: %w", d.Slug, err)
		}
		given[d.Slug] = d
	}
	changed, err := changed(ctx, sqlq.New(c.pool), given)
	if err != nil || len(changed) == 0 {
		return err
	}
	now := c.clock.Now()
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		// In one order, so that two loads at once wait for each other and never lock crosswise.
		for _, slug := range changed {
			if err := load(ctx, tx, now, given[slug]); err != nil {
				return fmt.Errorf("load the service %q: %w", slug, err)
			}
		}
		return nil
	})
}

// changed lists the slugs of the definitions to publish, in their order.
func changed(ctx context.Context, q *sqlq.Queries, given map[string]Definition) ([]string, error) {
	definitions, err := json.Marshal(given)
	if err != nil {
		return nil, err
	}
	slugs, err := q.ChangedDefinitions(ctx, definitions)
	if err != nil {
		return nil, fmt.Errorf("compare the services: %w", err)
	}
	slices.Sort(slugs)
	return slugs, nil
}

// load asks again once the service is locked: somebody else may have
// published it meanwhile.
func load(ctx context.Context, tx pgx.Tx, now time.Time, d Definition) error {
	q := sqlq.New(tx)
	id, err := q.KeepService(ctx, d.Slug, now)
	if err != nil {
		return err
	}
	still, err := changed(ctx, q, map[string]Definition{d.Slug: d})
	if err != nil || len(still) == 0 {
		return err
	}
	_, err = insert(ctx, q, now, id, d, publication{origin: FromProgram})
	return err
}
