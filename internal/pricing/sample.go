package pricing

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

//go:embed samplerates.json
var sampleRates []byte

// LoadSampleRates gives each currency of the demo a plausible rate, unless
// it has one.
func (p *Pricing) LoadSampleRates(ctx context.Context) error {
	var rates map[money.Currency]money.Rials
	if err := json.Unmarshal(sampleRates, &rates); err != nil {
		return fmt.Errorf("read the sample rates: %w", err)
	}
	for currency, sell := range rates {
		if err := sqlq.New(p.pool).InsertSampleRate(ctx, string(currency), int64(sell), p.clock.Now()); err != nil {
			return fmt.Errorf("load the sample rate of %s: %w", currency, err)
		}
	}
	return nil
}
