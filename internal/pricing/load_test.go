package pricing_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// Each service that the tariff of the program names is one that comes with
// the program, and each of its rules but the last is some service's.
func TestTheEmbeddedTariffFitsTheEmbeddedServices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	current, err := b.pricing.CurrentTariff(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	reached := map[int]bool{len(current.Tariff.Fees) - 1: true}
	for _, d := range defs {
		for _, currency := range d.Currencies() {
			one := money.Foreign{Amount: decimal.New(1, 0), Currency: currency}
			in, err := current.Tariff.Inputs(d, one, 10, pricing.Alone)
			if err != nil {
				t.Fatal(err)
			}
			reached[in.Rule] = true
		}
	}
	for i, fee := range current.Tariff.Fees {
		if !reached[i] {
			t.Errorf("no service comes to the rule %d: %+v", i, fee)
		}
		for _, slug := range fee.Services {
			if !slices.ContainsFunc(defs, func(d catalog.Definition) bool { return d.Slug == slug }) {
				t.Errorf("the tariff names %s, which is no service", slug)
			}
		}
		for _, cost := range fee.Costs {
			if strings.ContainsAny(cost.Name.FA, "يىك") {
				t.Errorf("Arabic letters in %q", cost.Name.FA)
			}
		}
	}
}
