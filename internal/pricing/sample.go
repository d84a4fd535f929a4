package pricing

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/money"
)

//go:embed samplerates.json
var sampleRates []byte

// samplePart is how much of its time a sample rate holds before it is set again.
const samplePart = 4

// LoadSampleRates gives each currency of the demo a plausible rate, unless it
// has one. A sample rate that has grown old is set again; any other is left to
// those who set it.
func (p *Pricing) LoadSampleRates(ctx context.Context) error {
	var samples map[money.Currency]money.Rials
	if err := json.Unmarshal(sampleRates, &samples); err != nil {
		return fmt.Errorf("read the sample rates: %w", err)
	}
	return db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := p.clock.Now()
		rates, err := newestRates(ctx, tx)
		if err != nil {
			return err
		}
		for _, rate := range rates {
			if rate.Source != SampleRate || rate.Age(now) <= rate.MaxAge/samplePart {
				delete(samples, rate.Currency)
			}
		}
		for _, currency := range money.Currencies() {
			sell, ok := samples[currency]
			if !ok {
				continue
			}
			buy, err := sell.PercentDown(samplePercent)
			if err != nil {
				return err
			}
			rate := Rate{Currency: currency, BuyRials: buy, SellRials: sell, Source: SampleRate, SetAt: now}
			if _, err := insertRate(ctx, tx, audit.Machine, "rate.set", rate); err != nil {
				return err
			}
		}
		return nil
	})
}

// samplePercent of what a sample currency is sold for is what it is bought for.
var samplePercent = decimal.New(98, 0)
