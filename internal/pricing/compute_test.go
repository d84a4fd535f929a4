package pricing_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// handTariff is the tariff of the prices that were worked out by hand.
func handTariff(t testing.TB) pricing.Tariff {
	t.Helper()
	data, err := os.ReadFile("testdata/tariff.json")
	if err != nil {
		t.Fatal(err)
	}
	tariff, err := pricing.DecodeTariff(data)
	if err != nil {
		t.Fatal(err)
	}
	return tariff
}

func TestPricesAreThoseWorkedOutByHand(t *testing.T) {
	file, err := os.Open("testdata/prices.md")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	tariff := handTariff(t)
	rows, reached := 0, map[int]bool{}
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		row := cells(scanner.Text())
		if len(row) == 0 || row[0] == "what" || strings.HasPrefix(row[0], "---") {
			continue
		}
		rows++
		if len(row) != 16 {
			t.Errorf("%d cells in %q", len(row), scanner.Text())
			continue
		}
		in, lines := priced(t, tariff, row)
		reached[in.Rule] = true
		if diff := cmp.Diff(linesOf(t, row[7:14]), lines, cmpopts.IgnoreFields(pricing.Line{}, "Name")); diff != "" {
			t.Errorf("%s: %s", row[0], diff)
		}
		if lines.Total() != rials(t, row[14]) {
			t.Errorf("%s: total %d", row[0], lines.Total())
		}
	}
	if rows < 50 || len(reached) != len(tariff.Fees) {
		t.Errorf("%d rows, by %d of %d rules", rows, len(reached), len(tariff.Fees))
	}
}

// priced works out a row: what, service (family), amount, rate, orders, tier, code.
func priced(t *testing.T, tariff pricing.Tariff, row []string) (pricing.Inputs, pricing.Lines) {
	t.Helper()
	slug, family, _ := strings.Cut(strings.TrimSuffix(row[1], ")"), " (")
	d := catalog.Definition{Slug: slug, Family: catalog.Family(family)}
	number, currency, _ := strings.Cut(row[2], " ")
	amount := money.Foreign{Amount: decimal.RequireFromString(number), Currency: money.Currency(currency)}
	orders, err := strconv.Atoi(row[4])
	if err != nil {
		t.Fatal(err)
	}
	c := pricing.Circumstances{Orders: orders, Tier: row[5]}
	if name, off, ok := strings.Cut(row[6], " "); ok {
		c.Code = &pricing.CodeTerms{Code: name}
		if percent, ok := strings.CutSuffix(off, "%"); ok {
			c.Code.Percent = decimal.RequireFromString(percent)
		} else {
			c.Code.OffRials = rials(t, off)
		}
	}
	in, err := tariff.Inputs(d, amount, rials(t, row[3]), c)
	if err != nil {
		t.Fatalf("%s: %v", row[0], err)
	}
	lines, err := pricing.Compute(in, amount, rials(t, row[3]))
	if err != nil {
		t.Fatalf("%s: %v", row[0], err)
	}
	return in, lines
}

// cells are those of a table's row; nothing when the text is none.
func cells(text string) []string {
	inner, ok := strings.CutPrefix(text, "|")
	if !ok {
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(inner, "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// linesOf reads the cells from currency to rounding.
func linesOf(t *testing.T, row []string) pricing.Lines {
	t.Helper()
	var lines pricing.Lines
	for i, kind := range []pricing.Kind{
		pricing.Currency, pricing.Fee, pricing.Cost,
		pricing.DiscountBulk, pricing.DiscountClub, pricing.DiscountCode, pricing.Rounding,
	} {
		for part := range strings.SplitSeq(row[i], "+") {
			if part != "" && part != "0" {
				lines = append(lines, pricing.Line{Kind: kind, Rials: rials(t, part)})
			}
		}
	}
	return lines
}

func rials(t testing.TB, s string) money.Rials {
	t.Helper()
	n, err := strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return money.Rials(n)
}

func TestComputeRefusesWhatIsOutOfRange(t *testing.T) {
	one := money.Foreign{Amount: decimal.New(1, 0), Currency: money.USD}
	for name, c := range map[string]struct {
		in     pricing.Inputs
		amount money.Foreign
		rate   money.Rials
	}{
		"the currency": {pricing.Inputs{}, money.Foreign{Amount: decimal.New(999_999_999, 0), Currency: money.USD}, 10_000_000_000},
		"the fee":      {pricing.Inputs{Step: pricing.FeeStep{FixedRials: money.Max, Percent: decimal.New(100, 0)}}, one, 10},
		"the sum":      {pricing.Inputs{MinRials: money.Max}, one, 10},
		"with costs":   {pricing.Inputs{Costs: []pricing.CostRule{{Rials: money.Max}}}, one, 10},
	} {
		if _, err := pricing.Compute(c.in, c.amount, c.rate); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLinesHaveNames(t *testing.T) {
	name := i18n.Text{FA: "نام", EN: "Name"}
	for _, lang := range i18n.Langs() {
		for _, kind := range []pricing.Kind{
			pricing.Currency, pricing.Fee, pricing.Cost,
			pricing.DiscountBulk, pricing.DiscountClub, pricing.DiscountCode, pricing.Rounding,
		} {
			label := pricing.Line{Kind: kind, Name: name}.Label(lang)
			if label == "" || strings.HasPrefix(label, "pricing.") || strings.Contains(label, "{") {
				t.Errorf("%s in %s: %q", kind, lang, label)
			}
			named := kind == pricing.Cost || kind == pricing.DiscountClub || kind == pricing.DiscountCode
			if strings.Contains(label, name.In(lang)) != named {
				t.Errorf("%s in %s: %q", kind, lang, label)
			}
		}
	}
}

func TestTheHighestTierReachedCounts(t *testing.T) {
	club := handTariff(t).Club
	for _, c := range []struct {
		orders int
		fees   money.Rials
		want   string
	}{
		{0, 0, ""}, {4, 49_999_990, ""}, {5, 0, "silver"}, {0, 50_000_000, "silver"}, {14, 599_999_990, "silver"},
		{15, 0, "gold"}, {1000, 0, "gold"}, {0, 600_000_000, "platinum"}, {1000, 600_000_000, "platinum"},
	} {
		tier, ok := club.Reached(c.orders, c.fees)
		if tier.Key != c.want || ok != (c.want != "") {
			t.Errorf("%d orders and %d rials reach %q", c.orders, c.fees, tier.Key)
		}
	}
}
