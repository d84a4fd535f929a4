package pricing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// RateTerms are what finance decides about all rates.
type RateTerms struct {
	MaxAge      time.Duration   // how old a rate may be for new quotes, nights and holidays included; 24 hours unless set
	JumpPercent decimal.Decimal // how far a rate may move without a second person; 10 unless set
	SetAt       time.Time       // zero: never
	SetBy       int64           // the staff member; 0: the program
}

// The bounds of the terms. A rate of a year ago is no rate.
const (
	MinMaxAge = 10 * time.Minute
	MaxMaxAge = 366 * 24 * time.Hour

	defaultMaxAge = 24 * time.Hour
)

var (
	defaultJump = decimal.New(10, 0)
	maxJump     = decimal.New(100, 0)
)

// RateTerms returns the terms that hold now.
func (p *Pricing) RateTerms(ctx context.Context) (RateTerms, error) { return rateTerms(ctx, p.pool) }

// SetRateTerms sets the terms from now on, on the record. Faults: Invalid
// with the fields max_age (pricing.error.max_age) and jump_percent
// (pricing.error.jump_percent).
func (p *Pricing) SetRateTerms(ctx context.Context, actor audit.Actor, age time.Duration, jump decimal.Decimal) error {
	var wrong fault.Fields
	if age < MinMaxAge || age > MaxMaxAge || age%time.Minute != 0 {
		wrong.Add("max_age", "pricing.error.max_age", "least", MinMaxAge, "most", MaxMaxAge)
	}
	if !jump.IsPositive() || jump.GreaterThan(maxJump) || !jump.Equal(jump.Round(2)) {
		wrong.Add("jump_percent", "pricing.error.jump_percent")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := p.clock.Now()
		err := sqlq.New(tx).InsertRateTerms(ctx, sqlq.InsertRateTermsParams{
			MaxAgeMinutes: int32(age / time.Minute), JumpPercent: jump, SetAt: now, SetBy: member(actor),
		})
		if err != nil {
			return fmt.Errorf("set the terms of rates: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: actor, Verb: "rate_terms.set", Subject: "rate_terms",
			Detail: map[string]any{"max_age_minutes": int(age / time.Minute), "jump_percent": jump},
		})
	})
}

func rateTerms(ctx context.Context, q sqlq.DBTX) (RateTerms, error) {
	row, err := sqlq.New(q).NewestRateTerms(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return RateTerms{MaxAge: defaultMaxAge, JumpPercent: defaultJump}, nil
	}
	if err != nil {
		return RateTerms{}, fmt.Errorf("read the terms of rates: %w", err)
	}
	return RateTerms{
		MaxAge: maxAge(row.MaxAgeMinutes), JumpPercent: row.JumpPercent, SetAt: row.SetAt, SetBy: orZero(row.SetBy),
	}, nil
}

// maxAge takes 0 for terms that nobody has set.
func maxAge(minutes int32) time.Duration {
	if minutes == 0 {
		return defaultMaxAge
	}
	return time.Duration(minutes) * time.Minute
}

// jumps reports whether a rate moves further than one person may let it.
func (t RateTerms) jumps(from Rate, to Offer) bool {
	return t.far(from.SellRials, to.SellRials) || t.far(from.BuyRials, to.BuyRials)
}

func (t RateTerms) far(from, to money.Rials) bool {
	return from != 0 && to != 0 && Move(from, to).Abs().GreaterThan(t.JumpPercent)
}

// Move is how far it is from one rate to another, in percent of the first.
func Move(from, to money.Rials) decimal.Decimal {
	return decimal.New(int64(to-from)*100, 0).Div(decimal.New(int64(from), 0))
}
