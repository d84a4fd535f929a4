package orders

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/orders/internal/sqlq"
)

// Watcher is told of each change of state, in its transaction: moved is the
// order as it stands after the step. What it returns undoes the change.
type Watcher func(ctx context.Context, tx pgx.Tx, now time.Time, moved Order, s Step) error

// Watch lets w hear of every change of state from now on. It is for the
// house, before anything moves.
func (b *Book) Watch(w Watcher) { b.watchers = append(b.watchers, w) }

func (b *Book) tell(ctx context.Context, tx pgx.Tx, now time.Time, row sqlq.Order, s Step) error {
	if len(b.watchers) == 0 {
		return nil
	}
	moved, err := fromRow(row)
	if err != nil {
		return err
	}
	for _, watcher := range b.watchers {
		if err := watcher(ctx, tx, now, moved, s); err != nil {
			return err
		}
	}
	return nil
}
