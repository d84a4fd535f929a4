package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// Retire takes a service off the showcase, on the record; orders that were
// placed are done. Faults: NotFound; Conflict (catalog.error.retired).
func (c *Catalog) Retire(ctx context.Context, actor audit.Actor, slug string) error {
	return c.offer(ctx, actor, slug, "catalog.retire", "catalog.error.retired",
		func(ctx context.Context, q *sqlq.Queries, now time.Time) (int64, error) {
			return q.RetireService(ctx, now, slug)
		})
}

// Restore puts a retired service back on the showcase, in its newest version,
// on the record. Faults: NotFound; Conflict (catalog.error.offered).
func (c *Catalog) Restore(ctx context.Context, actor audit.Actor, slug string) error {
	return c.offer(ctx, actor, slug, "catalog.restore", "catalog.error.offered",
		func(ctx context.Context, q *sqlq.Queries, _ time.Time) (int64, error) {
			return q.RestoreService(ctx, slug)
		})
}

// offer changes whether a service is offered; already is the fault when it
// is so already.
func (c *Catalog) offer(ctx context.Context, actor audit.Actor, slug, verb, already string,
	change func(context.Context, *sqlq.Queries, time.Time) (int64, error),
) error {
	now := c.clock.Now()
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		q := sqlq.New(tx)
		changed, err := change(ctx, q, now)
		if err != nil {
			return fmt.Errorf("%s %q: %w", verb, slug, err)
		}
		if changed == 0 {
			exists, err := q.ServiceExists(ctx, slug)
			switch {
			case err != nil:
				return fmt.Errorf("%s %q: %w", verb, slug, err)
			case !exists:
				return fault.New(fault.NotFound, "catalog.error.service")
			}
			return fault.New(fault.Conflict, already)
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: actor, Verb: verb, Subject: "service:" + slug})
	})
}
