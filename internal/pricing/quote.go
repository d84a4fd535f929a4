package pricing

import (
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
)

// QuoteID identifies a frozen quote.
type QuoteID int64

// Quote is a price with everything that made it.
type Quote struct {
	ID               QuoteID // 0: a preview, not frozen
	ServiceVersionID catalog.VersionID
	Amount           money.Foreign
	RateID           RateID
	RateRials        money.Rials // for one unit of the currency
	TariffID         TariffID    // 0: an old quote, by terms of the service's version; or a price under a draft
	Inputs           Inputs      // nothing in an old quote
	Lines            Lines
	TotalRials       money.Rials
	QuotedAt         time.Time
	ExpiresAt        time.Time
}

// Expired reports whether the price no longer holds.
func (q Quote) Expired(now time.Time) bool { return !now.Before(q.ExpiresAt) }

// Fees is what the company earns: the fee less what was taken off it.
func (q Quote) Fees() money.Rials { return q.Lines.Fees() }
