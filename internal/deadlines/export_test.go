package deadlines

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Look is one batch of a sweep, in the test's own transaction.
func Look(ctx context.Context, d *Deadlines, tx pgx.Tx, now time.Time) error {
	_, err := d.look(ctx, tx, now)
	return err
}
