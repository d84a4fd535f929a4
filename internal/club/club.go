// Package club keeps account of what regular customers have done lately, and
// which tier of the club that earns them. What the tiers are, and how far
// back the club looks, is in the tariff.
package club

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/club/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// Standing is where a customer stands in the club, as it was last counted.
type Standing struct {
	Tier   string      // the key of the tier; empty: none yet
	Orders int         // completed within the club's period
	Fees   money.Rials // paid for our work on them, discounts taken off
}

// Ledger is the room's door.
type Ledger struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	pricing *pricing.Pricing
}

// New returns the club's ledger kept in pool, its tiers those of the tariff.
func New(pool *pgxpool.Pool, c clock.Clock, prices *pricing.Pricing) *Ledger {
	return &Ledger{pool: pool, clock: c, pricing: prices}
}

// DB is the pool, or a transaction of the caller's.
type DB = sqlq.DBTX

// Standing returns where a customer stands: nowhere, for one who has not
// completed an order or is not known (0).
func (l *Ledger) Standing(ctx context.Context, q DB, customerID int64) (Standing, error) {
	row, err := sqlq.New(q).StandingOf(ctx, customerID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Standing{}, nil
	}
	if err != nil {
		return Standing{}, fmt.Errorf("standing of customer %d: %w", customerID, err)
	}
	return Standing{Tier: row.Tier, Orders: int(row.Orders), Fees: money.Rials(row.FeesRials)}, nil
}

// Step is the way to the next tier: so many more orders, or so much more in
// fees. 0 means: not that way.
type Step struct {
	Tier   pricing.Tier
	Orders int
	Fees   money.Rials
}

// Missing returns what is missing to the next tier; ok is false at the top.
func Missing(c pricing.Club, s Standing) (step Step, ok bool) {
	reached, _ := c.Reached(s.Orders, s.Fees)
	for i := len(c.Tiers) - 1; i >= 0 && c.Tiers[i].Key != reached.Key; i-- {
		tier := c.Tiers[i]
		step, ok = Step{Tier: tier}, true
		if tier.Orders > 0 {
			step.Orders = tier.Orders - s.Orders
		}
		if tier.FeesRials > 0 {
			step.Fees = tier.FeesRials - s.Fees
		}
	}
	return step, ok
}

// since is the instant after which orders count: one completed exactly a
// period ago counts no more.
func since(c pricing.Club, now time.Time) time.Time {
	return now.Add(-time.Duration(c.PeriodDays) * 24 * time.Hour)
}
