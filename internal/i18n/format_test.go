package i18n_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"pishkhan/internal/i18n"
	"pishkhan/internal/i18n/i18ntest"
	"pishkhan/internal/money"
)

const fa, en = i18n.FA, i18n.EN

func TestNumbers(t *testing.T) {
	for n, want := range map[int64][2]string{
		0:         {"۰", "0"},
		7:         {"۷", "7"},
		999:       {"۹۹۹", "999"},
		1_000:     {"۱٬۰۰۰", "1,000"},
		1_234_567: {"۱٬۲۳۴٬۵۶۷", "1,234,567"},
		-123_456:  {"\u200E−۱۲۳٬۴۵۶", "-123,456"},
	} {
		same(t, want, fa.Number(n), en.Number(n))
	}
	for d, want := range map[string][2]string{
		"1234.5": {"۱٬۲۳۴٫۵", "1,234.5"},
		"0.001":  {"۰٫۰۰۱", "0.001"},
		"-12":    {"\u200E−۱۲", "-12"},
	} {
		d := decimal.RequireFromString(d)
		same(t, want, fa.Decimal(d), en.Decimal(d))
	}
	same(t, [2]string{"کد A۱۲", "کد A12"}, fa.Digits("کد A12"), en.Digits("کد A12"))
}

func TestMoney(t *testing.T) {
	for r, want := range map[money.Rials][2]string{
		0:          {"۰ تومان", "0 toman"},
		12_340_000: {"۱٬۲۳۴٬۰۰۰ تومان", "1,234,000 toman"},
		12_345:     {"۱٬۲۳۴٫۵ تومان", "1,234.5 toman"},
		-50_000:    {"\u200E−۵٬۰۰۰ تومان", "-5,000 toman"},
		money.Max:  {"۹۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ تومان", "900,000,000,000,000 toman"},
	} {
		same(t, want, fa.Toman(r), en.Toman(r))
	}
	for _, c := range []struct {
		amount   string
		currency money.Currency
		want     [2]string
	}{
		{"120.5", "USD", [2]string{"\u2066۱۲۰٫۵۰ USD\u2069", "120.50 USD"}},
		{"1234567", "JPY", [2]string{"\u2066۱٬۲۳۴٬۵۶۷ JPY\u2069", "1,234,567 JPY"}},
		{"0.5000", "OMR", [2]string{"\u2066۰٫۵۰۰ OMR\u2069", "0.500 OMR"}},
		{"0.0125", "EUR", [2]string{"\u2066۰٫۰۱۲۵ EUR\u2069", "0.0125 EUR"}},
	} {
		f := money.Foreign{Amount: decimal.RequireFromString(c.amount), Currency: c.currency}
		same(t, c.want, fa.Foreign(f), en.Foreign(f))
	}
}

func TestMoneyInWords(t *testing.T) {
	for toman, want := range map[int64][2]string{
		0:         {"صفر تومان", "zero toman"},
		1:         {"یک تومان", "one toman"},
		19:        {"نوزده تومان", "nineteen toman"},
		20:        {"بیست تومان", "twenty toman"},
		21:        {"بیست و یک تومان", "twenty-one toman"},
		100:       {"یکصد تومان", "one hundred toman"},
		110:       {"یکصد و ده تومان", "one hundred ten toman"},
		1_000:     {"یک هزار تومان", "one thousand toman"},
		1_001:     {"یک هزار و یک تومان", "one thousand one toman"},
		1_234_000: {"یک میلیون و دویست و سی و چهار هزار تومان", "one million two hundred thirty-four thousand toman"},
		5_000_000_016: {
			"پنج میلیارد و شانزده تومان", "five billion sixteen toman",
		},
		900_000_000_000_000: {"نهصد تریلیون تومان", "nine hundred trillion toman"},
		-50:                 {"منفی پنجاه تومان", "minus fifty toman"},
	} {
		r := money.FromToman(toman)
		same(t, want, fa.TomanWords(r), en.TomanWords(r))
	}
	same(t, [2]string{"یک تومان و پنج ریال", "one toman and five rials"}, fa.TomanWords(15), en.TomanWords(15))
}

// Two amounts are never spoken alike.
func TestWordsTellAmountsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(-int64(money.Max), int64(money.Max))
		a, b := money.Rials(amount.Draw(t, "a")), money.Rials(amount.Draw(t, "b"))
		for _, lang := range i18n.Langs() {
			if a != b && lang.TomanWords(a) == lang.TomanWords(b) {
				t.Fatalf("%d and %d are both %q", a, b, lang.TomanWords(a))
			}
			if words := lang.TomanWords(a); strings.Contains(words, "  ") || strings.ContainsAny(words, "{}") {
				t.Fatalf("%d is spoken %q", a, words)
			}
		}
	})
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 10, 5, 10, 35, 0, 0, time.UTC)
	same(t, [2]string{"۱۴۰۵/۰۷/۱۳", "2026-10-05"}, fa.Date(at), en.Date(at))
	same(t, [2]string{"دوشنبه ۱۳ مهر ۱۴۰۵", "Monday 5 October 2026"}, fa.DayLong(at), en.DayLong(at))
	same(t, [2]string{"دوشنبه ۱۳ مهر ۱۴۰۵، ساعت ۱۴:۰۵", "Monday 5 October 2026, 14:05"}, fa.DateLong(at), en.DateLong(at))
	same(t, [2]string{"۱۴:۰۵", "14:05"}, fa.Clock(at), en.Clock(at))

	afterMidnight := time.Date(2026, 10, 5, 21, 0, 0, 0, time.UTC)
	same(t, [2]string{"۱۴۰۵/۰۷/۱۴", "2026-10-06"}, fa.Date(afterMidnight), en.Date(afterMidnight))
	same(t, [2]string{"۰۰:۳۰", "00:30"}, fa.Clock(afterMidnight), en.Clock(afterMidnight))
}

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0:                              {"کمتر از یک دقیقه", "less than a minute"},
		59 * time.Second:               {"کمتر از یک دقیقه", "less than a minute"},
		time.Minute:                    {"۱ دقیقه", "1 minute"},
		45*time.Minute + time.Second:   {"۴۵ دقیقه", "45 minutes"},
		time.Hour:                      {"۱ ساعت", "1 hour"},
		2 * time.Hour:                  {"۲ ساعت", "2 hours"},
		2*time.Hour + 5*time.Minute:    {"۲ ساعت و ۵ دقیقه", "2 hours 5 minutes"},
		-(time.Hour + time.Minute):     {"۱ ساعت و ۱ دقیقه", "1 hour 1 minute"},
		1000*time.Hour + 2*time.Minute: {"۱٬۰۰۰ ساعت و ۲ دقیقه", "1,000 hours 2 minutes"},
	} {
		same(t, want, fa.Duration(d), en.Duration(d))
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64][2]string{
		0:             {"۰ بایت", "0 bytes"},
		1:             {"۱ بایت", "1 byte"},
		1023:          {"۱٬۰۲۳ بایت", "1,023 bytes"},
		1024:          {"۱ کیلوبایت", "1 KB"},
		1536:          {"۱٫۵ کیلوبایت", "1.5 KB"},
		10 << 20:      {"۱۰ مگابایت", "10 MB"},
		5_000_000_000: {"۴٫۷ گیگابایت", "4.7 GB"},
		1 << 50:       {"۱٬۰۴۸٬۵۷۶ گیگابایت", "1,048,576 GB"},
	} {
		same(t, want, fa.Bytes(n), en.Bytes(n))
	}
}

// What is shown can be typed back: the forms on a page are read by the
// parsers behind its inputs.
func TestShownAmountsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := money.Foreign{Amount: decimal.New(rapid.Int64Range(1, 99_999_999_999).Draw(t, "cents"), -2), Currency: "USD"}
		for _, lang := range i18n.Langs() {
			got, err := money.ParseAmount(strings.Replace(lang.Foreign(f), " USD", "", 1), "USD")
			if err != nil || !got.Equal(f) {
				t.Fatalf("%s was read as %v, %v", lang.Foreign(f), got, err)
			}
		}
	})
}

func TestEveryCurrencyHasAName(t *testing.T) {
	for _, currency := range money.Currencies() {
		i18ntest.Has(t, currency.NameKey())
	}
}

func same(t *testing.T, want [2]string, persian, english string) {
	t.Helper()
	if persian != want[0] {
		t.Errorf("fa: %q, want %q", persian, want[0])
	}
	if english != want[1] {
		t.Errorf("en: %q, want %q", english, want[1])
	}
}
