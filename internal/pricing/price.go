package pricing

import (
	"context"
	"time"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// Preview works out what an order would cost now, and keeps nothing.
// Faults: those of catalog.Definition.CheckAmount; Unavailable
// (pricing.error.no_rate, pricing.error.stale_rate, pricing.error.no_tariff);
// Invalid (money.error.too_large).
func (p *Pricing) Preview(ctx context.Context, service catalog.Service, amount money.Foreign, c Circumstances) (Quote, error) {
	tariff, err := p.current(ctx, p.pool)
	if err != nil {
		return Quote{}, err
	}
	return p.under(tariff, p.pool, p.clock.Now()).price(ctx, service, amount, c)
}

// PriceUnder works out what an order would cost now under a tariff that need
// not be published, and keeps nothing. Faults are those of Preview.
func (p *Pricing) PriceUnder(ctx context.Context, tariff Tariff, service catalog.Service, amount money.Foreign, c Circumstances) (Quote, error) {
	return p.under(TariffVersion{Tariff: tariff}, p.pool, p.clock.Now()).price(ctx, service, amount, c)
}

// terms are what prices are made by at one moment: a tariff, and the rates
// as they are needed.
type terms struct {
	tariff TariffVersion
	now    time.Time
	life   time.Duration
	q      sqlq.DBTX
	rates  map[money.Currency]Rate // those read already
}

func (p *Pricing) under(tariff TariffVersion, q sqlq.DBTX, now time.Time) terms {
	return terms{tariff: tariff, now: now, life: p.terms.QuoteLife, q: q, rates: map[money.Currency]Rate{}}
}

func (t terms) price(ctx context.Context, service catalog.Service, amount money.Foreign, c Circumstances) (Quote, error) {
	if err := service.Definition.CheckAmount(amount); err != nil {
		return Quote{}, err
	}
	rate, err := t.rate(ctx, amount.Currency)
	if err != nil {
		return Quote{}, err
	}
	quote := Quote{
		ServiceVersionID: service.VersionID, Amount: amount, RateID: rate.ID, RateRials: rate.SellRials,
		TariffID: t.tariff.ID, QuotedAt: t.now, ExpiresAt: t.now.Add(t.life),
	}
	return quote.under(t.tariff.Tariff, service, c)
}

func (t terms) rate(ctx context.Context, currency money.Currency) (Rate, error) {
	if rate, ok := t.rates[currency]; ok {
		return rate, nil
	}
	rate, err := fresh(ctx, t.q, t.now, currency)
	if err != nil {
		return Rate{}, err
	}
	t.rates[currency] = rate
	return rate, nil
}

// under is the quote at its own rate and times, as a tariff and the
// circumstances make it.
func (q Quote) under(tariff Tariff, service catalog.Service, c Circumstances) (Quote, error) {
	var err error
	if q.Inputs, err = tariff.Inputs(service.Definition, q.Amount, q.RateRials, c); err != nil {
		return Quote{}, err
	}
	if q.Lines, err = Compute(q.Inputs, q.Amount, q.RateRials); err != nil {
		return Quote{}, err
	}
	q.TotalRials = q.Lines.Total()
	return q, nil
}
