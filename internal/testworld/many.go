package testworld

import (
	"context"
	_ "embed"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/sample"
)

// Crowd says how many orders of each kind Many makes.
type Crowd struct {
	Paid, InProgress, Waiting int // open, as they stand now: some late, some on hold before
	Done                      int // within the last ten months; one in nine was late
}

// Open is a crowd of n open orders: most in the queue, a third being worked
// on, a tenth waiting for their customers.
func Open(n int) Crowd {
	return Crowd{Paid: n - n*3/10 - n/10, InProgress: n * 3 / 10, Waiting: n / 10}
}

func (c Crowd) size() int { return c.Paid + c.InProgress + c.Waiting + c.Done }

//go:embed many.sql
var many string

// Many fills the database with orders, 100,000 in seconds and a million in
// minutes. They lead the lives that the rooms' verbs would give them, with
// clocks and holds, claims, purchases and receipts, payments, messages and a
// history; a sealed login alone they have not. One customer has four of them,
// and they differ in age, lateness and staff. The states lie mixed. One order
// of each sample service comes on top, which awaits its payment.
//
// It is for tests of speed and of large numbers, on a database of their own:
// nobody else may write meanwhile.
func (w *World) Many(t testing.TB, c Crowd) {
	t.Helper()
	pool, ctx := w.House.Pool, t.Context()
	var slugs []int64
	for _, slug := range sample.Slugs {
		slugs = append(slugs, int64(w.Placed(t, slug).Orders[0].ID))
	}
	stories, err := json.Marshal(w.lives(t, c, slugs))
	Must(t, err)
	Must(t, db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
		// The rows fit together by how they are made: checking each would take longer than making them.
		if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE TEMP TABLE stories ON COMMIT DROP AS SELECT $1::jsonb AS told", stories); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE TEMP TABLE crowd ON COMMIT DROP AS SELECT $1::int AS size, $2::bigint AS spread, $3::int[] AS states",
			c.size(), coprime(c.size()), []int{c.Paid, c.InProgress, c.Waiting, c.Done}); err != nil {
			return err
		}
		for statement := range strings.SplitSeq(many, ";\n") {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err = pool.Exec(ctx, "VACUUM ANALYZE visitors, customers, identity_cases, checkouts, payment_attempts, quotes, orders, order_viewers, "+
		"order_clocks, clock_holds, order_events, claims, purchases, receipts, messages")
	Must(t, err)
}

// coprime returns a number near the golden ratio of n that has no divisor in
// common with it: its multiples go round all of n once, in leaps.
func coprime(n int) int {
	for m := n*618/1000 + 1; ; m++ {
		a, b := n, m
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 || n == 0 {
			return m
		}
	}
}

// life is what happened to an order, as SQL reads it.
type life struct {
	State    int   `json:"state"` // index into the crowd
	Like     int64 `json:"like"`  // the placed order that it takes after
	Member   int64 `json:"member"`
	Calendar int64 `json:"calendar"`

	Placed    time.Time  `json:"placed"`
	Started   time.Time  `json:"started"`
	Claimed   *time.Time `json:"claimed"`
	Since     time.Time  `json:"since"` // in this state
	HeldFrom  *time.Time `json:"held_from"`
	HeldTo    *time.Time `json:"held_to"`
	Running   *time.Time `json:"running"`
	Paused    *time.Time `json:"paused"`
	Stopped   *time.Time `json:"stopped"`
	Used      int64      `json:"used"` // seconds
	Due       time.Time  `json:"due"`
	FirstDue  time.Time  `json:"first_due"`
	Purchased *time.Time `json:"purchased"`

	Events []event `json:"events"`
}

// event is a line of its history.
type event struct {
	At     time.Time      `json:"at"`
	By     string         `json:"by"` // customer, staff (its member) or reviewer
	Verb   string         `json:"verb"`
	From   string         `json:"from,omitempty"`
	To     string         `json:"to,omitempty"`
	Detail map[string]any `json:"detail,omitempty"`
}
