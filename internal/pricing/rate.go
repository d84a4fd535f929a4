package pricing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// RateID identifies one rate, as it was set once.
type RateID int64

// Rate is what the company sells one unit of a currency for, from SetAt
// until the next rate of that currency.
type Rate struct {
	ID        RateID
	Currency  money.Currency
	SellRials money.Rials
	SetAt     time.Time
	SetBy     int64 // the staff member; 0: the command line, or a sample rate
}

// SetRate sets the sell rate of a currency, from now on, on the record.
// Faults: Invalid with the field currency (money.error.currency) or
// sell_rials (pricing.error.rate).
func (p *Pricing) SetRate(ctx context.Context, actor audit.Actor, currency money.Currency, sell money.Rials) (Rate, error) {
	var wrong fault.Fields
	if !currency.Known() {
		wrong.Add("currency", "money.error.currency")
	}
	if sell <= 0 || sell.Check() != nil {
		wrong.Add("sell_rials", "pricing.error.rate")
	}
	if err := wrong.Err(); err != nil {
		return Rate{}, err
	}
	rate := Rate{Currency: currency, SellRials: sell, SetAt: p.clock.Now()}
	var setBy *int64
	if actor.Kind == audit.Staff {
		rate.SetBy, setBy = actor.ID, &actor.ID
	}
	err := db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		id, err := sqlq.New(tx).InsertRate(ctx, sqlq.InsertRateParams{
			Currency: string(currency), SellRials: int64(sell), SetAt: rate.SetAt, SetBy: setBy,
		})
		if err != nil {
			return fmt.Errorf("set the rate of %s: %w", currency, err)
		}
		rate.ID = RateID(id)
		return audit.Record(ctx, tx, audit.Entry{
			At: rate.SetAt, Actor: actor, Verb: "rate.set", Subject: fmt.Sprintf("rate:%d", id),
			Detail: map[string]any{"currency": currency, "sell_rials": sell},
		})
	})
	if err != nil {
		return Rate{}, err
	}
	return rate, nil
}

// Rates returns the rates that hold now, one for each currency that has one.
func (p *Pricing) Rates(ctx context.Context) ([]Rate, error) {
	rows, err := sqlq.New(p.pool).NewestRates(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rates: %w", err)
	}
	rates := make([]Rate, len(rows))
	for i, row := range rows {
		rates[i] = rateFrom(row)
	}
	return rates, nil
}

// newest returns the rate of a currency. Fault: Unavailable
// (pricing.error.no_rate).
func newest(ctx context.Context, q sqlq.DBTX, currency money.Currency) (Rate, error) {
	row, err := sqlq.New(q).NewestRate(ctx, string(currency))
	if errors.Is(err, pgx.ErrNoRows) {
		return Rate{}, fault.New(fault.Unavailable, "pricing.error.no_rate", "currency", string(currency))
	}
	if err != nil {
		return Rate{}, fmt.Errorf("read the rate of %s: %w", currency, err)
	}
	return rateFrom(row), nil
}

func rateFrom(row sqlq.ExchangeRate) Rate {
	rate := Rate{
		ID: RateID(row.ID), Currency: money.Currency(row.Currency),
		SellRials: money.Rials(row.SellRials), SetAt: row.SetAt,
	}
	if row.SetBy != nil {
		rate.SetBy = *row.SetBy
	}
	return rate
}
