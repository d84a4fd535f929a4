// Package pricing says what an order costs in tomans: exchange rates, the
// tariff of fees, costs and discounts, and the quote that freezes them for a
// while.
package pricing

import (
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
)

// Terms are what the company decides about quotes.
type Terms struct {
	QuoteLife time.Duration // how long a quote holds; 30 minutes unless given
}

const defaultQuoteLife = 30 * time.Minute

// Pricing holds the exchange rates, the tariff and the quotes.
type Pricing struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	terms Terms

	tariffs sync.Map // TariffID → TariffVersion; versions never change, and are as many as edits
}

// New returns the pricing kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, terms Terms) *Pricing {
	if terms.QuoteLife <= 0 {
		terms.QuoteLife = defaultQuoteLife
	}
	return &Pricing{pool: pool, clock: c, terms: terms}
}
