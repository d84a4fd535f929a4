package deadlines_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// Many workers at one retiming, while orders are claimed, held, answered and
// completed: each clock moves once, and nothing is lost.
func TestRetimingRaces(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Many(t, testworld.Crowd{Paid: 60, InProgress: 60, Waiting: 30})
	numbers := func(sql string) []orders.ID {
		rows, err := w.House.Pool.Query(t.Context(), sql)
		testworld.Must(t, err)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[orders.ID])
		testworld.Must(t, err)
		return ids
	}
	ids := numbers("SELECT order_id FROM order_clocks ORDER BY order_id")
	claimed := numbers("SELECT order_id FROM claims WHERE order_id % 3 = 0")
	version := publish(t, w, shorter(t))

	var wg sync.WaitGroup
	var mu sync.Mutex
	approved, finished, gone := 0, 0, map[orders.Verb]int{}
	for range 4 {
		wg.Go(func() {
			_, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				approved++
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r, err := w.House.Deadlines.Progress(t.Context())
	testworld.Must(t, err)
	patience, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // who finds it locked tries again, however slow the machine
	defer cancel()
	for range 3 {
		wg.Go(func() {
			for patience.Err() == nil {
				err := db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
					r, err := w.House.Orders.Retime(ctx, tx, w.Clock.Now(), r.ID, 3)
					if err == nil && r.Finished() {
						mu.Lock()
						defer mu.Unlock()
						finished++
					}
					return err
				})
				mu.Lock()
				over := finished > 0
				mu.Unlock()
				if over {
					return
				}
				if err != nil && !errors.Is(err, orders.ErrRetiming) {
					t.Error(err)
				}
			}
			t.Error("never finished")
		})
	}
	next := map[orders.State]orders.Verb{orders.Paid: orders.Claim, orders.InProgress: orders.Hold, orders.WaitingCustomer: orders.Answer}
	for worker := range 4 {
		wg.Go(func() {
			for i := range ids {
				id := ids[(i*7+worker*31)%len(ids)]
				err := db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
					o, err := w.House.Orders.LockByID(ctx, tx, id)
					if err != nil || o.State == orders.Done {
						return err
					}
					verb := next[o.State]
					if o.State == orders.InProgress && slices.Contains(claimed, id) {
						verb = orders.Complete
					}
					mu.Lock()
					gone[verb]++
					mu.Unlock()
					return w.House.Orders.Move(ctx, tx, w.Clock.Now(), orders.Step{Order: o, Verb: verb, Actor: audit.Machine})
				})
				if err != nil {
					t.Errorf("order %d: %v", id, err)
				}
			}
		})
	}
	wg.Wait()
	if approved != 1 || len(gone) != 4 {
		t.Errorf("%d approved, %v", approved, gone)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_clocks WHERE stopped_at IS NULL AND calendar_version_id <> $1", version.ID); n != 0 {
		t.Errorf("%d open clocks were left behind", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM order_events WHERE verb = 'retimed'`); n != w.Count(t, "SELECT count(*) FROM retimed_clocks") {
		t.Errorf("%d lines about the deadlines on record", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_clocks c JOIN orders o ON o.id = c.order_id WHERE o.due_at <> c.due_at"); n != 0 {
		t.Errorf("%d orders say another due time than their clocks", n)
	}
	asPlayedAnew(t, w)
}

// A job that was lost with its worker is replaced by the schedule's next one,
// and what is finished is left alone.
func TestRetimeJob(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Many(t, testworld.Crowd{Paid: 30})
	worker := &deadlines.RetimeWorker{Deadlines: w.House.Deadlines}
	testworld.Must(t, worker.Work(t.Context(), nil)) // nothing to do
	version := publish(t, w, shorter(t))
	_, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID)
	testworld.Must(t, err)
	for range 2 {
		testworld.Must(t, worker.Work(t.Context(), nil))
	}
	r, err := w.House.Deadlines.Progress(t.Context())
	if err != nil || !r.Finished() || r.Done != 30 {
		t.Errorf("%+v, %v", r, err)
	}
}
