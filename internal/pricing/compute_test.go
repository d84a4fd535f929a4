package pricing_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

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
		terms := pricing.Inputs{
			Step:     pricing.FeeStep{FixedRials: rials(t, in[2]), Percent: decimal.RequireFromString(in[3])},
			MinRials: rials(t, in[4]), Costs: costs(t, in[5]),
		}
		lines, err := pricing.Compute(terms,
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

func costs(t testing.TB, cell string) []pricing.CostRule {
	t.Helper()
	var list []pricing.CostRule
	for _, line := range costLines(t, cell) {
		list = append(list, pricing.CostRule{Rials: line.Rials})
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
