package pricing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// QuoteID identifies a frozen quote.
type QuoteID int64

// Quote is a price with everything that made it. The fee's terms are those
// of the service version.
type Quote struct {
	ID               QuoteID // 0: a preview, not frozen
	ServiceVersionID catalog.VersionID
	Amount           money.Foreign
	RateID           RateID
	RateRials        money.Rials // for one unit of the currency
	Lines            Lines
	TotalRials       money.Rials
	QuotedAt         time.Time
	ExpiresAt        time.Time
}

// Expired reports whether the price no longer holds.
func (q Quote) Expired(now time.Time) bool { return !now.Before(q.ExpiresAt) }

// Preview works out what an order would cost now, and keeps nothing.
// Faults: those of catalog.Definition.CheckAmount; Unavailable
// (pricing.error.no_rate); Invalid (money.error.too_large).
func (p *Pricing) Preview(ctx context.Context, service catalog.Service, amount money.Foreign, _ Circumstances) (Quote, error) {
	return p.price(ctx, p.pool, p.clock.Now(), service, amount)
}

// Freeze works out the price and keeps it until it expires. Faults are those
// of Preview.
func (p *Pricing) Freeze(ctx context.Context, tx pgx.Tx, now time.Time, service catalog.Service, amount money.Foreign, _ Circumstances) (Quote, error) {
	quote, err := p.price(ctx, tx, now, service, amount)
	if err != nil {
		return Quote{}, err
	}
	lines, err := json.Marshal(quote.Lines)
	if err != nil {
		return Quote{}, fmt.Errorf("freeze a quote: %w", err)
	}
	id, err := sqlq.New(tx).InsertQuote(ctx, sqlq.InsertQuoteParams{
		ServiceVersionID: int64(quote.ServiceVersionID), Amount: amount.Amount, Currency: string(amount.Currency),
		RateID: int64(quote.RateID), RateRials: int64(quote.RateRials), Lines: lines,
		TotalRials: int64(quote.TotalRials), QuotedAt: quote.QuotedAt, ExpiresAt: quote.ExpiresAt,
	})
	if err != nil {
		return Quote{}, fmt.Errorf("freeze a quote: %w", err)
	}
	quote.ID = QuoteID(id)
	return quote, nil
}

// Quote returns a frozen quote, expired or not. q is the pool, or the
// transaction that the caller is in. Fault: NotFound.
func (p *Pricing) Quote(ctx context.Context, q sqlq.DBTX, id QuoteID) (Quote, error) {
	row, err := sqlq.New(q).ReadQuote(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return Quote{}, fault.New(fault.NotFound, "pricing.error.no_quote")
	}
	if err != nil {
		return Quote{}, fmt.Errorf("read the quote %d: %w", id, err)
	}
	quote := Quote{
		ID: id, ServiceVersionID: catalog.VersionID(row.ServiceVersionID),
		Amount: money.Foreign{Amount: row.Amount, Currency: money.Currency(row.Currency)},
		RateID: RateID(row.RateID), RateRials: money.Rials(row.RateRials),
		TotalRials: money.Rials(row.TotalRials), QuotedAt: row.QuotedAt, ExpiresAt: row.ExpiresAt,
	}
	if err := json.Unmarshal(row.Lines, &quote.Lines); err != nil {
		return Quote{}, fmt.Errorf("read the quote %d: %w", id, err)
	}
	return quote, nil
}

func (p *Pricing) price(ctx context.Context, q sqlq.DBTX, now time.Time, service catalog.Service, amount money.Foreign) (Quote, error) {
	if err := service.Definition.CheckAmount(amount); err != nil {
		return Quote{}, err
	}
	rate, err := newest(ctx, q, amount.Currency)
	if err != nil {
		return Quote{}, err
	}
	lines, err := Compute(service.Definition.Fee, service.Definition.Costs, amount, rate.SellRials)
	if err != nil {
		return Quote{}, err
	}
	return Quote{
		ServiceVersionID: service.VersionID, Amount: amount, RateID: rate.ID, RateRials: rate.SellRials,
		Lines: lines, TotalRials: lines.Total(), QuotedAt: now, ExpiresAt: now.Add(p.terms.QuoteLife),
	}, nil
}
