package money_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"pishkhan/internal/fault"
	"pishkhan/internal/money"
)

func TestRoundUpToThousandToman(t *testing.T) {
	for in, want := range map[money.Rials]money.Rials{
		0: 0, 10: 10_000, 9_990: 10_000, 10_000: 10_000, 10_010: 20_000,
		12_345_670: 12_350_000, -10: 0, -10_000: -10_000, -10_010: -10_000,
		money.Max: money.Max, money.Max - 10: money.Max,
	} {
		if got := money.RoundUpToThousandToman(in); got != want {
			t.Errorf("RoundUpToThousandToman(%d) = %d, want %d", in, got, want)
		}
	}
}

func TestRoundingNeverLowersAndAddsLessThanAThousandToman(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRials().Draw(t, "rials")
		up := money.RoundUpToThousandToman(r)
		if up < r || up-r >= 10_000 || up%10_000 != 0 {
			t.Fatalf("%d was rounded to %d", r, up)
		}
	})
}

func TestTomans(t *testing.T) {
	if got := money.FromToman(1_234); got != 12_340 || got.Toman() != 1_234 {
		t.Errorf("FromToman(1234) = %d rials, %d tomans", got, got.Toman())
	}
	for r, ok := range map[money.Rials]bool{0: true, 10: true, 15: false, -20: true, -1: false, money.Max: true, money.Max + 10: false} {
		if err := r.Check(); (err == nil) != ok {
			t.Errorf("Check of %d rials: %v", r, err)
		}
	}
}

func TestArithmeticRefusesWhatIsBeyondTheRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		x, y := decimal.NewFromInt(a), decimal.NewFromInt(b)
		sum, err := money.Rials(a).Add(money.Rials(b))
		sameOrRefused(t, sum, err, x.Add(y))
		difference, err := money.Rials(a).Sub(money.Rials(b))
		sameOrRefused(t, difference, err, x.Sub(y))
		product, err := money.Rials(a).Times(b)
		sameOrRefused(t, product, err, x.Mul(y))
	})
}

func sameOrRefused(t *rapid.T, got money.Rials, err error, exact decimal.Decimal) {
	t.Helper()
	if exact.Abs().GreaterThan(decimal.NewFromInt(int64(money.Max))) {
		if fault.Of(err) == nil || fault.Of(err).Key != "money.error.too_large" {
			t.Fatalf("%s is beyond the range, got %d, %v", exact, got, err)
		}
		return
	}
	if err != nil || !decimal.NewFromInt(int64(got)).Equal(exact) {
		t.Fatalf("got %d, %v, want %s", got, err, exact)
	}
}

func TestSum(t *testing.T) {
	if got, err := money.Sum(10, 20, -5); err != nil || got != 25 {
		t.Errorf("Sum = %d, %v", got, err)
	}
	if _, err := money.Sum(money.Max, 10); !fault.Is(err, fault.Invalid) {
		t.Errorf("Sum beyond Max: %v", err)
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		of       money.Rials
		percent  string
		up, down money.Rials
	}{
		{10_000, "2.5", 250, 250},
		{10_010, "2.5", 260, 250},
		{1_000, "0", 0, 0},
		{10, "1", 10, 0},
		{12_340, "100", 12_340, 12_340},
		{999_990, "33.33", 333_300, 333_290},
	} {
		percent := decimal.RequireFromString(c.percent)
		up, _ := c.of.PercentUp(percent)
		down, _ := c.of.PercentDown(percent)
		if up != c.up || down != c.down {
			t.Errorf("%s %% of %d: up %d, down %d; want %d, %d", c.percent, c.of, up, down, c.up, c.down)
		}
	}
	if _, err := money.Max.PercentUp(decimal.NewFromInt(101)); !fault.Is(err, fault.Invalid) {
		t.Errorf("101 %% of Max: %v", err)
	}
}

func TestInRialsRoundsUpToWholeTomans(t *testing.T) {
	for _, c := range []struct {
		amount string
		rate   money.Rials
		want   money.Rials
	}{
		{"1", 1_000_000, 1_000_000},
		{"0.01", 1_000_000, 10_000},
		{"0.01", 999_990, 10_000},
		{"120.50", 1_023_450, 123_325_730},
		{"0.001", 10, 10},
	} {
		f := money.Foreign{Amount: decimal.RequireFromString(c.amount), Currency: money.USD}
		if got, err := f.InRials(c.rate); err != nil || got != c.want {
			t.Errorf("%s at %d = %d, %v, want %d", c.amount, c.rate, got, err, c.want)
		}
	}
	huge := money.Foreign{Amount: decimal.NewFromInt(999_999_999), Currency: money.USD}
	if _, err := huge.InRials(math.MaxInt64 / 10 * 10); !fault.Is(err, fault.Invalid) {
		t.Errorf("an amount beyond the range: %v", err)
	}
}

func TestInRialsNeverSellsBelowTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := money.Foreign{
			Amount:   decimal.New(rapid.Int64Range(1, 99_999_999).Draw(t, "cents"), -2),
			Currency: money.EUR,
		}
		rate := money.Rials(rapid.Int64Range(1, 5_000_000).Draw(t, "rate")) * 10
		got, err := f.InRials(rate)
		exact := f.Amount.Mul(decimal.NewFromInt(int64(rate)))
		over := decimal.NewFromInt(int64(got)).Sub(exact)
		if err != nil || !got.IsWholeToman() || over.IsNegative() || over.GreaterThanOrEqual(decimal.NewFromInt(10)) {
			t.Fatalf("%s at %d: %d, %v; %s over the exact price", f, rate, got, err, over)
		}
	})
}

func TestForeignJSONKeepsEveryDigit(t *testing.T) {
	f := money.Foreign{Amount: decimal.RequireFromString("120.50"), Currency: money.USD}
	text, err := json.Marshal(f)
	if err != nil || string(text) != `{"amount":"120.50","currency":"USD"}` && string(text) != `{"amount":"120.5","currency":"USD"}` {
		t.Fatalf("%s, %v", text, err)
	}
	var back money.Foreign
	if err := json.Unmarshal(text, &back); err != nil || !back.Equal(f) {
		t.Fatalf("%v, %v", back, err)
	}
	if f.String() != "120.50 USD" {
		t.Errorf("String() = %q", f)
	}
}

func TestCurrencies(t *testing.T) {
	seen := map[money.Currency]bool{}
	for _, c := range money.Currencies() {
		if seen[c] || len(c) != 3 {
			t.Errorf("%q is listed twice, or is no ISO code", c)
		}
		seen[c] = true
		if got, err := money.ParseCurrency(" " + string(c) + " "); err != nil || got != c {
			t.Errorf("ParseCurrency(%s) = %s, %v", c, got, err)
		}
	}
	for c, digits := range map[money.Currency]int32{"USD": 2, "JPY": 0, "KRW": 0, "OMR": 3} {
		if got := c.MinorDigits(); got != digits {
			t.Errorf("%s has %d minor digits, want %d", c, got, digits)
		}
	}
	if got, err := money.ParseCurrency("usd"); err != nil || got != money.USD {
		t.Errorf("ParseCurrency(usd) = %s, %v", got, err)
	}
	for _, code := range []string{"", "IRR", "XXX", "US", "USDT"} {
		if _, err := money.ParseCurrency(code); !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseCurrency(%q): %v", code, err)
		}
	}
}

func anyRials() *rapid.Generator[money.Rials] {
	return rapid.Custom(func(t *rapid.T) money.Rials {
		return money.Rials(rapid.Int64Range(-int64(money.Max), int64(money.Max)).Draw(t, "rials"))
	})
}
