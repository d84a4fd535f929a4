package money_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
)

func TestParseAmount(t *testing.T) {
	for _, c := range []struct {
		text     string
		currency money.Currency
		want     string
	}{
		{"120", money.USD, "120"},
		{"120.5", money.USD, "120.50"},
		{"۱۲۰٫۵۰", money.USD, "120.50"},
		{"١٢٠٫٥", money.USD, "120.5"},
		{"1,234.56", money.USD, "1234.56"},
		{"۱٬۲۳۴٬۵۶۷", money.EUR, "1234567"},
		{"۱،۲۳۴", money.EUR, "1234"},
		{"1 234 567.89", money.EUR, "1234567.89"},
		{"1\u00A0234", money.EUR, "1234"},
		{" 75 ", money.GBP, "75"},
		{"\u200F۷۵\u200C", money.GBP, "75"},
		{"007", money.GBP, "7"},
		{"0.01", money.USD, "0.01"},
		{"0.125", "OMR", "0.125"},
		{"5000", "JPY", "5000"},
		{"999,999,999.99", money.USD, "999999999.99"},
	} {
		got, err := money.ParseAmount(c.text, c.currency)
		if err != nil || got.Currency != c.currency || !got.Amount.Equal(decimal.RequireFromString(c.want)) {
			t.Errorf("ParseAmount(%q, %s) = %v, %v", c.text, c.currency, got, err)
		}
	}
}

func TestParseAmountRefuses(t *testing.T) {
	for _, c := range []struct {
		text     string
		currency money.Currency
		key      string
	}{
		{"", money.USD, "empty"},
		{" \u200C\u200F ", money.USD, "empty"},
		{"ten", money.USD, "letters"},
		{"120 USD", money.USD, "letters"},
		{"۱۲۰ دلار", money.USD, "letters"},
		{"1e5", money.USD, "letters"},
		{"0x10", money.USD, "letters"},
		{"NaN", money.USD, "letters"},
		{"-5", money.USD, "negative"},
		{"−۵", money.USD, "negative"},
		{"+5", money.USD, "not_a_number"},
		{"$5", money.USD, "not_a_number"},
		{"5-", money.USD, "not_a_number"},
		{"1,5", money.USD, "not_a_number"},
		{"1,23", money.USD, "not_a_number"},
		{"1.234,56", money.USD, "not_a_number"},
		{"12,34,567", money.USD, "not_a_number"},
		{"1234,567", money.USD, "not_a_number"},
		{",123", money.USD, "not_a_number"},
		{"1..2", money.USD, "not_a_number"},
		{".5", money.USD, "not_a_number"},
		{"5.", money.USD, "not_a_number"},
		{"1/2", money.USD, "not_a_number"},
		{"1 2", money.USD, "not_a_number"},
		{"1.234", money.USD, "decimals"},
		{"1.5", "JPY", "decimals"},
		{"1.2345", "OMR", "decimals"},
		{"1000000000", money.USD, "too_large"},
		{"999999999999999999999999999999", money.USD, "too_large"},
		{"0", money.USD, "zero"},
		{"۰٫۰۰", money.USD, "zero"},
		{"5", "XXX", "currency"},
	} {
		got, err := money.ParseAmount(c.text, c.currency)
		if !fault.Is(err, fault.Invalid) || fault.Of(err).Key != "money.error."+c.key {
			t.Errorf("ParseAmount(%q, %s) = %v, %v, want money.error.%s", c.text, c.currency, got, err, c.key)
		}
	}
}

func TestParseToman(t *testing.T) {
	for text, want := range map[string]money.Rials{
		"0": 0, "1": 10, "۱٬۲۳۴٬۰۰۰": 12_340_000, "99,999,999,999,999": 999_999_999_999_990,
	} {
		if got, err := money.ParseToman(text); err != nil || got != want {
			t.Errorf("ParseToman(%q) = %d, %v", text, got, err)
		}
	}
	for text, key := range map[string]string{
		"": "empty", "1.5": "decimals", "-1": "negative", "100000000000000": "too_large", "یک": "letters",
	} {
		if _, err := money.ParseToman(text); fault.Of(err) == nil || fault.Of(err).Key != "money.error."+key {
			t.Errorf("ParseToman(%q): %v, want money.error.%s", text, err, key)
		}
	}
}

func TestAmountsAreReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
		minor := currency.MinorDigits()
		want := decimal.New(rapid.Int64Range(1, 999_999_999).Draw(t, "minor units"), -minor)
		text := want.StringFixed(minor)
		for _, form := range []string{text, iran.PersianDigits(text), " " + text + "\u200F"} {
			got, err := money.ParseAmount(form, currency)
			if err != nil || !got.Amount.Equal(want) {
				t.Fatalf("%q was read as %v, %v", form, got, err)
			}
		}
	})
}

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"120.50", "۱٬۲۳۴٫۵", "1e9", "-1", "", "\xff", "1,234,567.8", "00000000000000000000000000000001", "٠٫٠١"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, currency := range []money.Currency{money.USD, "JPY", "KWD"} {
			got, err := money.ParseAmount(text, currency)
			if err != nil {
				if !fault.Is(err, fault.Invalid) {
					t.Fatalf("%q: %v is no fault", text, err)
				}
				continue
			}
			if !got.Amount.IsPositive() || got.Amount.GreaterThanOrEqual(decimal.New(1, 9)) ||
				!got.Amount.Equal(got.Amount.Truncate(currency.MinorDigits())) {
				t.Fatalf("%q was read as %v", text, got)
			}
			again, err := money.ParseAmount(got.Amount.StringFixed(currency.MinorDigits()), currency)
			if err != nil || !again.Equal(got) {
				t.Fatalf("%v was read back as %v, %v", got, again, err)
			}
		}
		if toman, err := money.ParseToman(text); err == nil && (toman < 0 || toman.Check() != nil) {
			t.Fatalf("%q was read as %d rials", text, toman)
		}
	})
}
