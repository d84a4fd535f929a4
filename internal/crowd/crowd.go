// Package crowd fills a throw-away database with orders, as many as a busy
// year would leave: for tests of large numbers, and to measure the product.
// Nothing that customers use may ever hold a crowd.
package crowd

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/house"
	"pishkhan/internal/orders"
)

// Size says how many orders of each kind Fill makes.
type Size struct {
	Paid, InProgress, Waiting int // open, as they stand now: some late, some on hold before
	Done                      int // within the last ten months; one in nine was late
}

// Open is a crowd of n open orders: most in the queue, a third being worked
// on, a tenth waiting for their customers.
func Open(n int) Size {
	return Size{Paid: n - n*3/10 - n/10, InProgress: n * 3 / 10, Waiting: n / 10}
}

func (s Size) all() int { return s.Paid + s.InProgress + s.Waiting + s.Done }

//go:embed crowd.sql
var script string

// Plan is what a crowd is made from.
type Plan struct {
	Size    Size
	Now     time.Time
	Like    []orders.ID // orders of the services that it takes after
	Members []int64     // the staff that works on it
}

// Fill makes a crowd, of 100,000 in seconds and of a million in minutes. Its
// orders lead the lives that the rooms' verbs would give them, with clocks and
// holds, claims, purchases and receipts, payments, messages and a history; a
// sealed login alone they have not. One customer has four of them, and they
// differ in age, lateness and staff. The states lie mixed.
//
// A database takes one crowd, and nobody else may write meanwhile.
func Fill(ctx context.Context, h *house.House, p Plan) error {
	lives, err := lives(ctx, h, p)
	if err != nil {
		return err
	}
	stories, err := json.Marshal(lives)
	if err != nil {
		return err
	}
	err = db.InTx(ctx, h.Pool, func(ctx context.Context, tx pgx.Tx) error {
		// The rows fit together by how they are made: checking each would take longer than making them.
		if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE TEMP TABLE stories ON COMMIT DROP AS SELECT $1::jsonb AS told", stories); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE TEMP TABLE crowd ON COMMIT DROP AS SELECT $1::int AS size, $2::bigint AS spread, $3::int[] AS states",
			p.Size.all(), coprime(p.Size.all()), []int{p.Size.Paid, p.Size.InProgress, p.Size.Waiting, p.Size.Done}); err != nil {
			return err
		}
		for statement := range strings.SplitSeq(script, ";\n") {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("fill with %d orders: %w", p.Size.all(), err)
	}
	return tidy(ctx, h)
}

// tidy brings the statistics up to date, as a database is that has run for a
// while. It has the time that it takes.
func tidy(ctx context.Context, h *house.House) error {
	conn, err := h.Pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for _, statement := range []string{
		"SET statement_timeout = 0",
		"VACUUM ANALYZE visitors, customers, identity_cases, checkouts, payment_attempts, quotes, orders, order_viewers, " +
			"order_clocks, clock_holds, order_events, claims, purchases, receipts, messages",
		"RESET statement_timeout",
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("tidy up after the crowd: %w", err)
		}
	}
	return nil
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
