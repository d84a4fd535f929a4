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

// Cause is why a clock turned.
type Cause string

// The causes.
const (
	Started  Cause = "started"
	Paused   Cause = "paused"
	Resumed  Cause = "resumed"
	Stopped  Cause = "stopped"
	Reopened Cause = "reopened" // a new clock started
	Extended Cause = "extended"
	Retimed  Cause = "retimed" // another calendar judges it now
)

var causes = map[clockAct]Cause{start: Started, pause: Paused, resume: Resumed, stop: Stopped, reopen: Reopened}

// Turned is a clock as it stands after a turn.
type Turned struct {
	OrderID          ID
	ServiceVersionID int64
	Clock            Clock
	Cause            Cause
}

// ClockWatcher is told of clocks that turned, in their transaction. What it
// returns undoes the turn.
type ClockWatcher func(ctx context.Context, tx pgx.Tx, now time.Time, turned []Turned) error

// WatchClocks lets w hear of every turn of a clock from now on. It is for the
// house, before anything moves.
func (b *Book) WatchClocks(w ClockWatcher) { b.clockWatchers = append(b.clockWatchers, w) }

func (b *Book) tellTurned(ctx context.Context, tx pgx.Tx, now time.Time, turned ...Turned) error {
	for _, watcher := range b.clockWatchers {
		if err := watcher(ctx, tx, now, turned); err != nil {
			return err
		}
	}
	return nil
}

// Written lets fn run after each commit that added to the history of an
// order. It is for the house, before anything moves.
func (b *Book) Written(fn func()) { b.written = fn }
