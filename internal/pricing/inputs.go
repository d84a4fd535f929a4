package pricing

import (
	"fmt"

	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
)

// Inputs are the terms that a price was made by, beside the amount and the
// rate: what the tariff said about that order, and the circumstances. With
// them a price can be worked out again years later.
type Inputs struct {
	Rule        int             `json:"rule"` // of the tariff's fees, counted from 0
	Step        FeeStep         `json:"step"`
	MinRials    money.Rials     `json:"min_rials"`
	Costs       []CostRule      `json:"costs,omitempty"`
	Orders      int             `json:"orders"` // placed together
	BulkPercent decimal.Decimal `json:"bulk_percent,omitzero"`
	Tier        *Tier           `json:"tier,omitempty"`
	Code        *CodeTerms      `json:"code,omitempty"`
}

// Inputs finds what the tariff says about an order of so much at that rate,
// under those circumstances. A tier that the tariff does not know gives
// nothing. Fault: Invalid (money.error.too_large).
func (t Tariff) Inputs(d catalog.Definition, amount money.Foreign, rate money.Rials, c Circumstances) (Inputs, error) {
	currency, err := amount.InRials(rate)
	if err != nil {
		return Inputs{}, err
	}
	place, ok := t.rule(d, amount.Currency)
	if !ok {
		return Inputs{}, fmt.Errorf("pricing: the tariff has no fee for %s in %s", d.Slug, amount.Currency)
	}
	fee := t.Fees[place]
	in := Inputs{
		Rule: place, Step: fee.step(currency), MinRials: fee.MinRials, Costs: fee.Costs,
		Orders: c.Orders, BulkPercent: t.bulkPercent(c.Orders), Code: c.Code,
	}
	if tier, ok := t.Club.Tier(c.Tier); ok {
		in.Tier = &tier
	}
	return in, nil
}

// step returns the last step that the currency's price reaches.
func (f FeeRule) step(currency money.Rials) FeeStep {
	var reached FeeStep
	for _, step := range f.Steps {
		if currency >= step.FromRials {
			reached = step
		}
	}
	return reached
}

func (t Tariff) bulkPercent(orders int) decimal.Decimal {
	var percent decimal.Decimal
	for _, step := range t.Bulk {
		if orders >= step.From {
			percent = step.Percent
		}
	}
	return percent
}
