package pricing

import (
	"context"
	"encoding/json"
	"fmt"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// Quote returns a frozen quote, expired or not. q is the pool, or the
// transaction that the caller is in. Fault: NotFound.
func (p *Pricing) Quote(ctx context.Context, q sqlq.DBTX, id QuoteID) (Quote, error) {
	quotes, err := p.Quotes(ctx, q, []QuoteID{id})
	return quotes[id], err
}

// Quotes returns frozen quotes, expired or not, in one query. Fault: NotFound
// when one of them does not exist.
func (p *Pricing) Quotes(ctx context.Context, q sqlq.DBTX, ids []QuoteID) (map[QuoteID]Quote, error) {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	rows, err := sqlq.New(q).ReadQuotes(ctx, plain)
	if err != nil {
		return nil, fmt.Errorf("read the quotes %v: %w", ids, err)
	}
	quotes := make(map[QuoteID]Quote, len(rows))
	for _, row := range rows {
		quote, err := quoteFrom(row)
		if err != nil {
			return nil, fmt.Errorf("read the quote %d: %w", row.ID, err)
		}
		quotes[quote.ID] = quote
	}
	for _, id := range ids {
		if _, ok := quotes[id]; !ok {
			return nil, fault.New(fault.NotFound, "pricing.error.no_quote")
		}
	}
	return quotes, nil
}

func quoteFrom(row sqlq.Quote) (Quote, error) {
	quote := Quote{
		ID: QuoteID(row.ID), ServiceVersionID: catalog.VersionID(row.ServiceVersionID),
		Amount: money.Foreign{Amount: row.Amount, Currency: money.Currency(row.Currency)},
		RateID: RateID(row.RateID), RateRials: money.Rials(row.RateRials),
		TotalRials: money.Rials(row.TotalRials), QuotedAt: row.QuotedAt, ExpiresAt: row.ExpiresAt,
	}
	if row.TariffID != nil {
		quote.TariffID = TariffID(*row.TariffID)
	}
	if err := json.Unmarshal(row.Lines, &quote.Lines); err != nil {
		return Quote{}, err
	}
	return quote, json.Unmarshal(row.Inputs, &quote.Inputs)
}
