package pricing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// wrongs gathers what is wrong with a tariff, by path.
type wrongs struct{ fault.Fields }

// validate returns an Invalid fault that lists everything wrong with t.
func (t Tariff) validate() error {
	w := new(wrongs)
	for i, fee := range t.Fees {
		w.fee(fmt.Sprintf("/fees/%d", i), fee)
	}
	w.order(t.Fees)
	w.bulk(t.Bulk)
	w.club(t.Club)
	return w.Err()
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (w *wrongs) fee(path string, fee FeeRule) {
	if len(fee.Services) > 0 && len(fee.Families) > 0 {
		w.Add(path+"/families", "pricing.tariff.either")
	}
	for i, service := range fee.Services {
		w.check(slug.MatchString(service), fmt.Sprintf("%s/services/%d", path, i), "pricing.tariff.slug")
	}
	for i, family := range fee.Families {
		w.check(slices.Contains(catalog.Families, family), fmt.Sprintf("%s/families/%d", path, i), "pricing.tariff.unknown_value")
	}
	for i, currency := range fee.Currencies {
		at := fmt.Sprintf("%s/currencies/%d", path, i)
		w.check(currency.Known(), at, "pricing.tariff.unknown_value")
		w.check(!slices.Contains(fee.Currencies[:i], currency), at, "pricing.tariff.duplicate")
	}
	w.steps(path+"/steps", fee.Steps)
	w.rials(path+"/min_rials", fee.MinRials)
	for i, cost := range fee.Costs {
		w.cost(fmt.Sprintf("%s/costs/%d", path, i), cost)
	}
}

// steps begin at nothing and ascend: each amount has one.
func (w *wrongs) steps(path string, steps []FeeStep) {
	if len(steps) == 0 {
		w.Add(path, "pricing.tariff.missing")
		return
	}
	w.check(steps[0].FromRials == 0, path+"/0/from_rials", "pricing.tariff.first_step")
	for i, step := range steps {
		at := fmt.Sprintf("%s/%d", path, i)
		w.rials(at+"/from_rials", step.FromRials)
		w.rials(at+"/fixed_rials", step.FixedRials)
		w.percent(at+"/percent", step.Percent)
		w.check(i == 0 || step.FromRials > steps[i-1].FromRials, at+"/from_rials", "pricing.tariff.ascending")
	}
}

func (w *wrongs) cost(path string, cost CostRule) {
	w.bilingual(path+"/name", cost.Name)
	w.rials(path+"/rials", cost.Rials)
	w.percent(path+"/percent", cost.Percent)
	w.check((cost.Rials == 0) != cost.Percent.IsZero(), path, "pricing.tariff.cost")
}

// order demands that each rule can be the first that fits, and that one fits
// every order.
func (w *wrongs) order(fees []FeeRule) {
	if len(fees) == 0 {
		w.Add("/fees", "pricing.tariff.missing")
		return
	}
	last := fees[len(fees)-1]
	w.check(len(last.Services)+len(last.Families)+len(last.Currencies) == 0,
		fmt.Sprintf("/fees/%d", len(fees)-1), "pricing.tariff.last_rule")
	seen := coverage{}
	for i, fee := range fees {
		named := map[subject]bool{}
		for j, s := range fee.subjects() {
			if named[s] {
				w.Add(fee.path(i, j), "pricing.tariff.duplicate")
			} else if seen.covers(s, fee.Currencies) {
				w.Add(fee.path(i, j), "pricing.tariff.covered")
			}
			named[s] = true
		}
		seen.add(fee)
	}
}

// path is where the rule, in its place, names its nth subject.
func (f FeeRule) path(place, n int) string {
	switch {
	case n < len(f.Services):
		return fmt.Sprintf("/fees/%d/services/%d", place, n)
	case n < len(f.Services)+len(f.Families):
		return fmt.Sprintf("/fees/%d/families/%d", place, n-len(f.Services))
	}
	return fmt.Sprintf("/fees/%d", place)
}

// coverage is what the rules so far take, subject by subject; "" stands for
// all currencies.
type coverage map[subject]map[money.Currency]bool

func (c coverage) add(fee FeeRule) {
	for _, s := range fee.subjects() {
		if c[s] == nil {
			c[s] = map[money.Currency]bool{}
		}
		c[s][""] = c[s][""] || len(fee.Currencies) == 0
		for _, currency := range fee.Currencies {
			c[s][currency] = true
		}
	}
}

// covers reports whether nothing of it would reach a later rule.
func (c coverage) covers(s subject, currencies []money.Currency) bool {
	if len(currencies) == 0 {
		currencies = money.Currencies()
	}
	for _, currency := range currencies {
		if !c[s][currency] && !c[s][""] && !c[subject{}][currency] && !c[subject{}][""] {
			return false
		}
	}
	return true
}

func (w *wrongs) bulk(steps []BulkStep) {
	for i, step := range steps {
		at := fmt.Sprintf("/bulk/%d", i)
		w.check(step.From >= 2, at+"/from", "pricing.tariff.bulk_from")
		w.percent(at+"/percent", step.Percent)
		if i > 0 {
			w.check(step.From > steps[i-1].From, at+"/from", "pricing.tariff.ascending")
			w.check(!step.Percent.LessThan(steps[i-1].Percent), at+"/percent", "pricing.tariff.gives_less")
		}
	}
}

const maxPeriodDays = 10 * 366

func (w *wrongs) club(club Club) {
	if len(club.Tiers) > 0 || club.PeriodDays != 0 {
		w.check(club.PeriodDays >= 1 && club.PeriodDays <= maxPeriodDays, "/club/period_days", "pricing.tariff.range")
	}
	var below Tier // the most that the tiers so far ask and give
	keys := map[string]bool{}
	for i, tier := range club.Tiers {
		at := fmt.Sprintf("/club/tiers/%d", i)
		w.check(slug.MatchString(tier.Key), at+"/key", "pricing.tariff.slug")
		w.check(!keys[tier.Key], at+"/key", "pricing.tariff.duplicate")
		keys[tier.Key] = true
		w.bilingual(at+"/name", tier.Name)
		w.check(tier.Orders >= 0, at+"/orders", "pricing.tariff.range")
		w.rials(at+"/fees_rials", tier.FeesRials)
		w.percent(at+"/percent", tier.Percent)
		w.check(tier.Orders != 0 || tier.FeesRials != 0, at, "pricing.tariff.tier_reached")
		w.check(tier.Orders <= 0 || tier.Orders > below.Orders, at+"/orders", "pricing.tariff.ascending")
		w.check(tier.FeesRials <= 0 || tier.FeesRials > below.FeesRials, at+"/fees_rials", "pricing.tariff.ascending")
		w.check(!tier.Percent.LessThan(below.Percent), at+"/percent", "pricing.tariff.gives_less")
		below.Orders = max(below.Orders, tier.Orders)
		below.FeesRials = max(below.FeesRials, tier.FeesRials)
		below.Percent = tier.Percent
	}
}

// check notes what is wrong at path unless it is right.
func (w *wrongs) check(right bool, path, key string) {
	if !right {
		w.Add(path, key)
	}
}

func (w *wrongs) rials(path string, r money.Rials) {
	w.check(r >= 0 && r.Check() == nil, path, "pricing.tariff.rials")
}

var hundred = decimal.New(1, 2)

// percent is 0 to 100 with four decimals at most. The exponent is looked at
// first: comparing with 1e999999999 would write all its zeros.
func (w *wrongs) percent(path string, p decimal.Decimal) {
	w.check(p.Exponent() >= -4 && p.Exponent() <= 2 && p.NumDigits() <= 20 &&
		!p.IsNegative() && p.LessThanOrEqual(hundred), path, "pricing.tariff.percent")
}

// bilingual demands a text in both languages.
func (w *wrongs) bilingual(path string, text i18n.Text) {
	w.check(strings.TrimSpace(text.FA) != "", path+"/fa", "pricing.tariff.missing")
	w.check(strings.TrimSpace(text.EN) != "", path+"/en", "pricing.tariff.missing")
}
