package pricing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// Freeze works out the price and keeps it until it expires. Faults are those
// of Preview.
func (p *Pricing) Freeze(ctx context.Context, tx pgx.Tx, now time.Time, service catalog.Service, amount money.Foreign, c Circumstances) (Quote, error) {
	quotes, err := p.FreezeAll(ctx, tx, now, service, []money.Foreign{amount}, c)
	if err != nil {
		return Quote{}, err
	}
	return quotes[0], nil
}

// FreezeAll is Freeze for many orders of one service; the quotes come in the
// order of the amounts. Faults are those of Preview.
func (p *Pricing) FreezeAll(ctx context.Context, tx pgx.Tx, now time.Time, service catalog.Service, amounts []money.Foreign, c Circumstances) ([]Quote, error) {
	tariff, err := p.current(ctx, tx)
	if err != nil {
		return nil, err
	}
	terms := p.under(tariff, tx, now)
	quotes := make([]Quote, len(amounts))
	for i, amount := range amounts {
		if quotes[i], err = terms.price(ctx, service, amount, c); err != nil {
			return nil, err
		}
	}
	return quotes, keep(ctx, tx, quotes)
}

// Adjust is the quote under other circumstances: the same rate, tariff and
// times. It is the quote itself where that changes no line, and where nothing
// can be adjusted: one that has expired, and an old one without inputs.
// Fault: Invalid (money.error.too_large).
func (p *Pricing) Adjust(ctx context.Context, tx pgx.Tx, now time.Time, quote Quote, service catalog.Service, c Circumstances) (Quote, error) {
	if quote.TariffID == 0 || quote.Expired(now) {
		return quote, nil
	}
	tariff, err := p.version(ctx, tx, quote.TariffID)
	if err != nil {
		return Quote{}, err
	}
	adjusted, err := quote.under(tariff.Tariff, service, c)
	if err != nil {
		return Quote{}, err
	}
	if slices.Equal(adjusted.Lines, quote.Lines) {
		return quote, nil
	}
	quotes := []Quote{adjusted}
	err = keep(ctx, tx, quotes)
	return quotes[0], err
}

// keep freezes the quotes, and gives them their IDs.
func keep(ctx context.Context, tx pgx.Tx, quotes []Quote) error {
	if len(quotes) == 0 {
		return nil
	}
	first := quotes[0]
	rows := sqlq.InsertQuotesParams{
		ServiceVersionID: int64(first.ServiceVersionID), TariffID: int64(first.TariffID),
		QuotedAt: first.QuotedAt, ExpiresAt: first.ExpiresAt,
	}
	for _, quote := range quotes {
		lines, err := json.Marshal(quote.Lines)
		if err != nil {
			return fmt.Errorf("freeze a quote: %w", err)
		}
		inputs, err := json.Marshal(quote.Inputs)
		if err != nil {
			return fmt.Errorf("freeze a quote: %w", err)
		}
		rows.Amounts = append(rows.Amounts, quote.Amount.Amount.String())
		rows.Currencies = append(rows.Currencies, string(quote.Amount.Currency))
		rows.RateIds = append(rows.RateIds, int64(quote.RateID))
		rows.RatesRials = append(rows.RatesRials, int64(quote.RateRials))
		rows.Lines = append(rows.Lines, string(lines))
		rows.Inputs = append(rows.Inputs, string(inputs))
		rows.TotalsRials = append(rows.TotalsRials, int64(quote.TotalRials))
	}
	ids, err := sqlq.New(tx).InsertQuotes(ctx, rows)
	if err != nil {
		return fmt.Errorf("freeze %d quotes: %w", len(quotes), err)
	}
	slices.Sort(ids) // they are given in the order of the rows
	for i, id := range ids {
		quotes[i].ID = QuoteID(id)
	}
	return nil
}
