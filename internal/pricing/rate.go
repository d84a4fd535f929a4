package pricing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// RateID identifies one rate, as it was set once.
type RateID int64

// Source says where a rate came from.
type Source string

// The sources of rates.
const (
	DeskRate    Source = "desk"
	CommandRate Source = "command" // the command line
	FeedRate    Source = "feed"    // read from an address, by itself
	SampleRate  Source = "sample"  // the demo's
)

// Rate is what the company sells and buys one unit of a currency for, from
// SetAt until the next rate of that currency.
type Rate struct {
	ID         RateID
	Currency   money.Currency
	BuyRials   money.Rials // 0: not told
	SellRials  money.Rials
	Source     Source
	SetAt      time.Time
	SetBy      int64         // the staff member; 0: nobody at the desk
	ApprovedBy int64         // the second person, where the rate jumped; 0: none was needed
	MaxAge     time.Duration // how old it may be, by the terms when it was read; 0 in a history
}

// Stale reports whether the rate is too old for new quotes. Those given hold.
func (r Rate) Stale(now time.Time) bool { return r.Age(now) > r.MaxAge }

// StaleSoon reports whether the rate is in the last tenth of its time.
func (r Rate) StaleSoon(now time.Time) bool {
	return !r.Stale(now) && r.Age(now) >= r.MaxAge-r.MaxAge/10
}

// Age is how long the rate has held.
func (r Rate) Age(now time.Time) time.Duration { return now.Sub(r.SetAt) }

// StaleAt is the last instant at which the rate makes quotes.
func (r Rate) StaleAt() time.Time { return r.SetAt.Add(r.MaxAge) }

// Rates returns the rates that new quotes are made at now, in the order in
// which currencies are offered. Those that are stale are not among them.
func (p *Pricing) Rates(ctx context.Context) ([]Rate, error) {
	rates, err := p.NewestRates(ctx)
	if err != nil {
		return nil, err
	}
	now := p.clock.Now()
	fresh := rates[:0]
	for _, rate := range rates {
		if !rate.Stale(now) {
			fresh = append(fresh, rate)
		}
	}
	return fresh, nil
}

// NewestRates returns the newest rate of each currency that has one, stale or
// not, in the order in which currencies are offered.
func (p *Pricing) NewestRates(ctx context.Context) ([]Rate, error) {
	return newestRates(ctx, p.pool)
}

func newestRates(ctx context.Context, q sqlq.DBTX) ([]Rate, error) {
	terms, err := rateTerms(ctx, q)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, currency := range money.Currencies() {
		codes = append(codes, string(currency))
	}
	rows, err := sqlq.New(q).NewestRates(ctx, codes)
	if err != nil {
		return nil, fmt.Errorf("read the rates: %w", err)
	}
	rates := make([]Rate, len(rows))
	for i, row := range rows {
		rates[i] = rateFrom(row.ExchangeRate)
		rates[i].MaxAge = terms.MaxAge
	}
	return rates, nil
}

// fresh returns the rate that quotes in a currency are made at. Faults:
// Unavailable (pricing.error.no_rate, pricing.error.stale_rate).
func fresh(ctx context.Context, q sqlq.DBTX, now time.Time, currency money.Currency) (Rate, error) {
	row, err := sqlq.New(q).NewestRate(ctx, string(currency))
	if errors.Is(err, pgx.ErrNoRows) {
		return Rate{}, fault.New(fault.Unavailable, "pricing.error.no_rate", "currency", string(currency))
	}
	if err != nil {
		return Rate{}, fmt.Errorf("read the rate of %s: %w", currency, err)
	}
	rate := rateFrom(row.ExchangeRate)
	rate.MaxAge = maxAge(row.MaxAgeMinutes)
	if rate.Stale(now) {
		return Rate{}, fault.New(fault.Unavailable, "pricing.error.stale_rate", "currency", string(currency))
	}
	return rate, nil
}

func rateFrom(row sqlq.ExchangeRate) Rate {
	return Rate{
		ID: RateID(row.ID), Currency: money.Currency(row.Currency), Source: Source(row.Source), SetAt: row.SetAt,
		BuyRials: money.Rials(orZero(row.BuyRials)), SellRials: money.Rials(row.SellRials),
		SetBy: orZero(row.SetBy), ApprovedBy: orZero(row.ApprovedBy),
	}
}

// orZero and orNull are between a number that is 0 where there is none, and
// a column that is NULL then.
func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func orNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
