package pricing_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

func TestPriceProperties(t *testing.T) { rapid.Check(t, priceHolds) }

func FuzzPrice(f *testing.F) { f.Fuzz(rapid.MakeFuzz(priceHolds)) }

// priceHolds is what is true of any price under any tariff.
func priceHolds(t *rapid.T) {
	d := drawOrder(t)
	in, lines := d.price(t)
	assertAddsUp(t, lines)
	of := sums(lines)
	if left := lines.Fees(); left < in.MinRials || left > of[pricing.Fee] {
		t.Fatalf("of a fee of %d with a minimum of %d is left %d", of[pricing.Fee], in.MinRials, left)
	}
	exact := d.amount.Amount.Mul(decimal.NewFromInt(int64(d.rate)))
	over := decimal.NewFromInt(int64(of[pricing.Currency])).Sub(exact)
	if over.IsNegative() || over.GreaterThanOrEqual(decimal.NewFromInt(10)) {
		t.Fatalf("the currency costs %s, and is sold for %d", exact, of[pricing.Currency])
	}
	assertRecomputes(t, d, in, lines)

	better := d
	better.c.Orders += rapid.IntRange(0, 100).Draw(t, "more orders")
	better.tier = rapid.IntRange(d.tier, len(d.tariff.Club.Tiers)).Draw(t, "higher tier")
	if better.c.Code == nil && rapid.Bool().Draw(t, "brings a code") {
		better.c.Code = drawCode(t)
	}
	_, cheaper := better.price(t)
	if cheaper.Total() > lines.Total() {
		t.Fatalf("%+v costs %d, and %+v %d", d.c, lines.Total(), better.c, cheaper.Total())
	}
	if diff := cmp.Diff(notOff(lines), notOff(cheaper)); diff != "" {
		t.Fatalf("a discount touched more than the fee: %s", diff)
	}

	dearer := d
	dearer.rate += money.FromToman(rapid.Int64Range(0, 1000).Draw(t, "dearer"))
	dearer.amount.Amount = d.amount.Amount.Add(decimal.New(rapid.Int64Range(0, 10_000).Draw(t, "more"), -2))
	after, moreLines := dearer.price(t)
	if after.Step.FromRials == in.Step.FromRials && moreLines.Total() < lines.Total() {
		t.Fatalf("%v at %d costs less than %v at %d", dearer.amount, dearer.rate, d.amount, d.rate)
	}
}

// assertAddsUp demands whole tomans, a round total, and nothing but
// discounts below nothing.
func assertAddsUp(t *rapid.T, lines pricing.Lines) {
	var sum money.Rials
	for _, line := range lines {
		off := line.Kind == pricing.DiscountBulk || line.Kind == pricing.DiscountClub || line.Kind == pricing.DiscountCode
		if line.Rials == 0 || !line.Rials.IsWholeToman() || (line.Rials < 0) != off {
			t.Fatalf("a line %s of %d rials", line.Kind, line.Rials)
		}
		sum += line.Rials
	}
	if sum != lines.Total() || sum%10_000 != 0 || sum <= 0 {
		t.Fatalf("the lines add up to %d, the total is %d", sum, lines.Total())
	}
	if rounding := sums(lines)[pricing.Rounding]; rounding >= 10_000 {
		t.Fatalf("rounded by %d", rounding)
	}
}

// assertRecomputes demands that what is kept of the inputs makes the same
// lines again.
func assertRecomputes(t *rapid.T, d order, in pricing.Inputs, lines pricing.Lines) {
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var kept pricing.Inputs
	if err := json.Unmarshal(data, &kept); err != nil {
		t.Fatal(err)
	}
	again, err := pricing.Compute(kept, d.amount, d.rate)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines, again); diff != "" {
		t.Fatalf("%s is priced otherwise: %s", data, diff)
	}
}

func sums(lines pricing.Lines) map[pricing.Kind]money.Rials {
	of := map[pricing.Kind]money.Rials{}
	for _, line := range lines {
		of[line.Kind] += line.Rials
	}
	return of
}

// notOff are the lines that no discount may change.
func notOff(lines pricing.Lines) pricing.Lines {
	var kept pricing.Lines
	for _, line := range lines {
		if line.Kind == pricing.Currency || line.Kind == pricing.Fee || line.Kind == pricing.Cost {
			kept = append(kept, line)
		}
	}
	return kept
}

// order is something to price, under a tariff.
type order struct {
	tariff  pricing.Tariff
	service catalog.Definition
	amount  money.Foreign
	rate    money.Rials
	c       pricing.Circumstances
	tier    int // of the tariff's, counted from 1; 0: none
}

func (o order) price(t *rapid.T) (pricing.Inputs, pricing.Lines) {
	if o.tier > 0 {
		o.c.Tier = o.tariff.Club.Tiers[o.tier-1].Key
	}
	in, err := o.tariff.Inputs(o.service, o.amount, o.rate, o.c)
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	lines, err := pricing.Compute(in, o.amount, o.rate)
	if err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	return in, lines
}

func drawOrder(t *rapid.T) order {
	currency := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
	o := order{
		tariff: drawTariff(t),
		service: catalog.Definition{
			Slug:   rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "service"),
			Family: rapid.SampledFrom(catalog.Families).Draw(t, "family"),
		},
		amount: money.Foreign{
			Amount:   decimal.New(rapid.Int64Range(1, 10_000_000).Draw(t, "amount"), -currency.MinorDigits()),
			Currency: currency,
		},
		rate: money.FromToman(rapid.Int64Range(1, 500_000).Draw(t, "rate")),
	}
	o.c.Orders = rapid.IntRange(0, 60).Draw(t, "orders")
	o.tier = rapid.IntRange(0, len(o.tariff.Club.Tiers)).Draw(t, "tier")
	if rapid.Bool().Draw(t, "code") {
		o.c.Code = drawCode(t)
	}
	return o
}

// drawTariff draws one that DecodeTariff takes.
func drawTariff(t *rapid.T) pricing.Tariff {
	tariff := pricing.Tariff{}
	for _, slug := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b"}), 0, 2, rapid.ID).Draw(t, "named") {
		fee := drawFee(t)
		fee.Services = []string{slug}
		fee.Currencies = rapid.SliceOfNDistinct(rapid.SampledFrom(money.Currencies()), 0, 3, rapid.ID).Draw(t, "currencies")
		tariff.Fees = append(tariff.Fees, fee)
	}
	tariff.Fees = append(tariff.Fees, drawFee(t))
	percents := ascending(t, "bulk", 0, 100, 4)
	for i, from := range ascending(t, "from", 2, 60, 4) {
		if i < len(percents) {
			tariff.Bulk = append(tariff.Bulk, pricing.BulkStep{From: int(from), Percent: decimal.New(percents[i], 0)})
		}
	}
	for i, percent := range ascending(t, "tiers", 0, 10_000, 4) {
		tariff.Club.PeriodDays = 365
		key := fmt.Sprintf("tier-%d", i)
		tariff.Club.Tiers = append(tariff.Club.Tiers, pricing.Tier{
			Key: key, Name: i18n.Text{FA: key, EN: key}, Orders: i + 1, Percent: decimal.New(percent, -2),
		})
	}
	data, err := tariff.JSON()
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := pricing.DecodeTariff(data)
	if err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return decoded
}

func drawFee(t *rapid.T) pricing.FeeRule {
	fee := pricing.FeeRule{MinRials: toman(t, "minimum", 10_000_000)}
	for _, from := range append([]int64{0}, ascending(t, "steps", 1, 1_000_000_000, 3)...) {
		fee.Steps = append(fee.Steps, pricing.FeeStep{
			FromRials: money.FromToman(from), FixedRials: toman(t, "fixed", 10_000_000), Percent: percent(t, "percent"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "costs") {
		cost := pricing.CostRule{Name: i18n.Text{FA: "بانک", EN: "Bank"}, Rials: toman(t, "cost", 1_000_000) + 10}
		if rapid.Bool().Draw(t, "by percent") {
			cost.Rials, cost.Percent = 0, percent(t, "cost percent").Add(decimal.New(1, -2))
			if cost.Percent.GreaterThan(decimal.New(100, 0)) {
				cost.Percent = decimal.New(100, 0)
			}
		}
		fee.Costs = append(fee.Costs, cost)
	}
	return fee
}

// drawCode draws terms that a campaign has, and some that it should not have.
func drawCode(t *rapid.T) *pricing.CodeTerms {
	code := &pricing.CodeTerms{CampaignID: 1, Code: "NOWRUZ"}
	if rapid.Bool().Draw(t, "share") {
		code.Percent = decimal.New(rapid.Int64Range(-1_000, 20_000).Draw(t, "code percent"), -2)
	} else {
		code.OffRials = money.Rials(rapid.Int64Range(-1_000, 1_000_000_000).Draw(t, "off"))
	}
	return code
}

func toman(t *rapid.T, name string, most int64) money.Rials {
	return money.FromToman(rapid.Int64Range(0, most).Draw(t, name))
}

func percent(t *rapid.T, name string) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 10_000).Draw(t, name), -2)
}

func ascending(t *rapid.T, name string, least, most int64, n int) []int64 {
	numbers := rapid.SliceOfNDistinct(rapid.Int64Range(least, most), 0, n, rapid.ID).Draw(t, name)
	slices.Sort(numbers)
	return numbers
}
