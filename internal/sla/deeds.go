package sla

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
)

// PublishDraft is Publish in a transaction of its own.
func (c *Calendars) PublishDraft(ctx context.Context, pool db.Pool, now time.Time, actor audit.Actor, revision int64, note string) (version Version, err error) {
	err = db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
		version, err = c.Publish(ctx, tx, now, actor, revision, note)
		return err
	})
	return version, err
}

// ThrowDraftAway is DiscardDraft in a transaction of its own.
func (c *Calendars) ThrowDraftAway(ctx context.Context, pool db.Pool, now time.Time, actor audit.Actor, revision int64) error {
	return db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
		return c.DiscardDraft(ctx, tx, now, actor, revision)
	})
}
