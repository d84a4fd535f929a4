package pricing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// RateHistory returns the rates of a currency with an ID below before, the
// newest first, at most limit.
func (p *Pricing) RateHistory(ctx context.Context, currency money.Currency, before RateID, limit int) ([]Rate, error) {
	rows, err := sqlq.New(p.pool).RateHistory(ctx, string(currency), int64(before), int32(limit))
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", currency, err)
	}
	rates := make([]Rate, len(rows))
	for i, row := range rows {
		rates[i] = rateFrom(row)
	}
	return rates, nil
}

// RatePoint is one point in the course of a rate: the last rate of a stretch
// of time, and the lowest and highest that it was sold for in it.
type RatePoint struct {
	At        time.Time // when the last rate was set
	SellRials money.Rials
	BuyRials  money.Rials // 0: not told
	Low, High money.Rials
}

// RateCourse returns how a rate went since an instant, in stretches of so
// long that begin at midnight in Tehran: first the rate that held then, where
// there was one.
func (p *Pricing) RateCourse(ctx context.Context, currency money.Currency, since time.Time, stretch time.Duration) ([]RatePoint, error) {
	q := sqlq.New(p.pool)
	var points []RatePoint
	held, err := q.RateBefore(ctx, string(currency), since)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("read the course of %s: %w", currency, err)
	}
	if err == nil {
		rate := rateFrom(held)
		points = append(points, RatePoint{
			At: since, SellRials: rate.SellRials, BuyRials: rate.BuyRials, Low: rate.SellRials, High: rate.SellRials,
		})
	}
	rows, err := q.RateCourse(ctx, sqlq.RateCourseParams{
		Currency: string(currency), Since: since, Seconds: stretch.Seconds(), Origin: time.Date(2026, 3, 21, 0, 0, 0, 0, jalali.Tehran),
	})
	if err != nil {
		return nil, fmt.Errorf("read the course of %s: %w", currency, err)
	}
	for _, row := range rows {
		points = append(points, RatePoint{
			At: row.SetAt, SellRials: money.Rials(row.SellRials), BuyRials: money.Rials(row.BuyRials),
			Low: money.Rials(row.Low), High: money.Rials(row.High),
		})
	}
	return points, nil
}
