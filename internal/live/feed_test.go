package live_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/live"
	"pishkhan/internal/testworld"
)

// breaking is a database whose next reading but so many fails.
type breaking struct {
	*pgxpool.Pool
	after int
}

var errAway = errors.New("the database is away")

func (b *breaking) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if strings.Contains(sql, "ChangesAfter") {
		if b.after--; b.after == -1 {
			return nil, errAway
		}
	}
	return b.Pool.Query(ctx, sql, args...)
}

func notes(t *testing.T, w *testworld.World, order int64, n int) {
	t.Helper()
	_, err := w.House.Pool.Exec(t.Context(), strings.Replace(insertNote, "VALUES ($1, now(), 'system', 0, 'test', $2)",
		"SELECT $1, now(), 'system', 0, 'test', $2 FROM generate_series(1, $3)", 1), order, "many", n)
	testworld.Must(t, err)
}

// What was read before the database went away is handed on, and the rest comes
// when it is back: each line once.
func TestAnOutageBetweenTwoReadings(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	db := &breaking{Pool: w.House.Pool, after: 1000}
	f, err := live.NewFeed(t.Context(), db)
	testworld.Must(t, err)
	notes(t, w, int64(o.ID), 1500)
	db.after = 1
	before, lost, err := live.Read(f, t.Context())
	if !errors.Is(err, errAway) || lost {
		t.Errorf("lost %v, %v", lost, err)
	}
	after, lost, err := live.Read(f, t.Context())
	testworld.Must(t, err)
	heard := map[int64]int{}
	for _, c := range append(before, after...) {
		heard[c.ID]++
	}
	if len(heard) != 1500 || len(before)+len(after) != 1500 || lost {
		t.Errorf("%d lines, %d before the outage and %d after it; lost %v", len(heard), len(before), len(after), lost)
	}
}

// More than any page would take in is not gathered in memory: it says so
// instead, and goes on behind it.
func TestAFloodIsNotGathered(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	f, err := live.NewFeed(t.Context(), w.House.Pool)
	testworld.Must(t, err)
	notes(t, w, int64(o.ID), 12_500)
	changes, lost, err := live.Read(f, t.Context())
	testworld.Must(t, err)
	if !lost || len(changes) > 6000 {
		t.Errorf("%d lines, lost %v", len(changes), lost)
	}
	notes(t, w, int64(o.ID), 2)
	if changes, lost, err = live.Read(f, t.Context()); err != nil || lost || len(changes) != 2 {
		t.Errorf("then %d lines, lost %v, %v", len(changes), lost, err)
	}
}
