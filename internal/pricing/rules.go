package pricing

import (
	"slices"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
)

// rules find the fee rule of an order without looking at all of them: for
// each subject the places of the rules that speak of it, the first first.
type rules map[subject][]int

// subject is what a rule is about: one service, one family, or, empty,
// everything.
type subject struct {
	slug   string
	family catalog.Family
}

func rulesOf(fees []FeeRule) rules {
	found := rules{}
	for i, fee := range fees {
		for _, s := range fee.subjects() {
			found[s] = append(found[s], i)
		}
	}
	return found
}

func (f FeeRule) subjects() []subject {
	if len(f.Services) == 0 && len(f.Families) == 0 {
		return []subject{{}}
	}
	subjects := make([]subject, 0, len(f.Services)+len(f.Families))
	for _, slug := range f.Services {
		subjects = append(subjects, subject{slug: slug})
	}
	for _, family := range f.Families {
		subjects = append(subjects, subject{family: family})
	}
	return subjects
}

// takes reports whether the rule is for orders in that currency.
func (f FeeRule) takes(currency money.Currency) bool {
	return len(f.Currencies) == 0 || slices.Contains(f.Currencies, currency)
}

// rule returns the place of the first fee rule that fits; ok is false when
// none does.
func (t Tariff) rule(d catalog.Definition, currency money.Currency) (place int, ok bool) {
	found := t.rules
	if found == nil { // not decoded
		found = rulesOf(t.Fees)
	}
	place = len(t.Fees)
	for _, s := range []subject{{slug: d.Slug}, {family: d.Family}, {}} {
		for _, i := range found[s] {
			if t.Fees[i].takes(currency) {
				place = min(place, i)
				break
			}
		}
	}
	return place, place < len(t.Fees)
}
