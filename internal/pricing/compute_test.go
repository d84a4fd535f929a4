package pricing_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

func TestComputeAgreesWithTheHandWorkedPrices(t *testing.T) {
	file, err := os.Open("testdata/prices.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := 0
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		row := scanner.Text()
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}
		rows++
		given, want, ok := strings.Cut(row, "||")
		if !ok {
			t.Fatalf("no || in %q", row)
		}
		in, out := cells(given), cells(want)
		amount, currency, _ := strings.Cut(in[0], " ")
		fee := catalog.Fee{FixedRials: rials(t, in[2]), Percent: decimal.RequireFromString(in[3]), MinRials: rials(t, in[4])}
		lines, err := pricing.Compute(fee, costs(t, in[5]),
			money.Foreign{Amount: decimal.RequireFromString(amount), Currency: money.Currency(currency)}, rials(t, in[1]))
		if err != nil {
			t.Errorf("%s: %v", in[0], err)
			continue
		}
		var expected pricing.Lines
		for _, line := range append(append(pricing.Lines{
			{Kind: pricing.Currency, Rials: rials(t, out[0])},
			{Kind: pricing.Fee, Rials: rials(t, out[1])},
		}, costLines(t, out[2])...), pricing.Line{Kind: pricing.Rounding, Rials: rials(t, out[3])}) {
			if line.Rials != 0 {
				expected = append(expected, line)
			}
		}
		if diff := cmp.Diff(expected, lines); diff != "" {
			t.Errorf("%s: %s", row, diff)
		}
		if lines.Total() != rials(t, out[4]) {
			t.Errorf("%s: total %d", row, lines.Total())
		}
	}
	if rows < 12 {
		t.Errorf("only %d rows were read", rows)
	}
}

func cells(s string) []string {
	parts := strings.Split(s, "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func rials(t testing.TB, s string) money.Rials {
	t.Helper()
	n, err := strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return money.Rials(n)
}

func costs(t testing.TB, cell string) []catalog.Cost {
	t.Helper()
	var list []catalog.Cost
	for _, line := range costLines(t, cell) {
		list = append(list, catalog.Cost{Rials: line.Rials})
	}
	return list
}

func costLines(t testing.TB, cell string) pricing.Lines {
	t.Helper()
	var lines pricing.Lines
	for part := range strings.SplitSeq(cell, "+") {
		if part != "" {
			lines = append(lines, pricing.Line{Kind: pricing.Cost, Rials: rials(t, part)})
		}
	}
	return lines
}

// terms are a fee, costs, an amount and a rate as they may be.
type terms struct {
	fee    catalog.Fee
	costs  []catalog.Cost
	amount money.Foreign
	rate   money.Rials
}

func anyTerms(t *rapid.T) terms {
	toman := func(name string, most int64) money.Rials {
		return money.FromToman(rapid.Int64Range(0, most).Draw(t, name))
	}
	currency := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
	drawn := terms{
		fee: catalog.Fee{
			FixedRials: toman("fixed", 10_000_000), MinRials: toman("min", 10_000_000),
			Percent: decimal.New(rapid.Int64Range(0, 10_000).Draw(t, "percent"), -2),
		},
		amount: money.Foreign{
			Amount:   decimal.New(rapid.Int64Range(1, 10_000_000).Draw(t, "amount"), -currency.MinorDigits()),
			Currency: currency,
		},
		rate: toman("rate", 1_000_000) + 10,
	}
	for range rapid.IntRange(0, 3).Draw(t, "costs") {
		drawn.costs = append(drawn.costs, catalog.Cost{Rials: toman("cost", 1_000_000) + 10})
	}
	return drawn
}

func (d terms) compute(t *rapid.T) pricing.Lines {
	lines, err := pricing.Compute(d.fee, d.costs, d.amount, d.rate)
	if err != nil {
		t.Fatalf("%+v: %v", d, err)
	}
	return lines
}

func TestAPriceAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyTerms(t)
		lines := d.compute(t)
		of := map[pricing.Kind]money.Rials{}
		var sum money.Rials
		for _, line := range lines {
			if line.Rials <= 0 || !line.Rials.IsWholeToman() {
				t.Fatalf("a line of %d rials", line.Rials)
			}
			of[line.Kind] += line.Rials
			sum += line.Rials
		}
		if sum != lines.Total() || sum%10_000 != 0 {
			t.Fatalf("the lines add up to %d, the total is %d", sum, lines.Total())
		}
		if of[pricing.Rounding] >= 10_000 {
			t.Fatalf("rounded by %d", of[pricing.Rounding])
		}
		if of[pricing.Fee] < d.fee.MinRials {
			t.Fatalf("a fee of %d below its minimum %d", of[pricing.Fee], d.fee.MinRials)
		}
		exact := d.amount.Amount.Mul(decimal.NewFromInt(int64(d.rate)))
		over := decimal.NewFromInt(int64(of[pricing.Currency])).Sub(exact)
		if over.IsNegative() || over.GreaterThanOrEqual(decimal.NewFromInt(10)) {
			t.Fatalf("the currency costs %s, and is sold for %d", exact, of[pricing.Currency])
		}
	})
}

func TestMoreNeverCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyTerms(t)
		dearer := d
		dearer.amount.Amount = d.amount.Amount.Add(decimal.New(rapid.Int64Range(0, 10_000).Draw(t, "more"), -2))
		dearer.rate = d.rate + money.FromToman(rapid.Int64Range(0, 1000).Draw(t, "dearer"))
		if dearer.compute(t).Total() < d.compute(t).Total() {
			t.Fatalf("%v costs less than %v", dearer, d)
		}
	})
}

func TestComputeRefusesWhatIsOutOfRange(t *testing.T) {
	amount := money.Foreign{Amount: decimal.New(999_999_999, 0), Currency: money.USD}
	if _, err := pricing.Compute(catalog.Fee{}, nil, amount, 10_000_000_000); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
	fee := catalog.Fee{FixedRials: money.Max}
	if _, err := pricing.Compute(fee, nil, money.Foreign{Amount: decimal.New(1, 0), Currency: money.USD}, 10); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestLinesHaveNames(t *testing.T) {
	bank := i18n.Text{FA: "بانک", EN: "Bank"}
	for _, lang := range i18n.Langs() {
		for _, line := range []pricing.Line{
			{Kind: pricing.Currency}, {Kind: pricing.Fee}, {Kind: pricing.Cost, Name: bank}, {Kind: pricing.Rounding},
		} {
			label := line.Label(lang)
			if label == "" || strings.HasPrefix(label, "pricing.") {
				t.Errorf("%s in %s: %q", line.Kind, lang, label)
			}
		}
	}
}
