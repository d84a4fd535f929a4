package i18n

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"pishkhan/internal/iran"
	"pishkhan/internal/money"
)

// Digits shows the ASCII digits of s in the language's own, and leaves the
// rest as it is. Codes, card numbers and keys stay as they are: do not give
// them to Digits.
func (l Lang) Digits(s string) string {
	if l == EN {
		return s
	}
	return iran.PersianDigits(s)
}

// Number shows an integer, thousands apart: «۱٬۲۳۴» / "1,234".
func (l Lang) Number(n int64) string { return l.plainNumber(strconv.FormatInt(n, 10)) }

// Decimal shows a decimal, thousands apart: «۱٬۲۳۴٫۵» / "1,234.5".
func (l Lang) Decimal(d decimal.Decimal) string { return l.plainNumber(d.String()) }

// Toman shows an amount: «۱٬۲۳۴٬۰۰۰ تومان» / "1,234,000 toman". Rials short of
// a toman, which no price has, show as decimals.
func (l Lang) Toman(r money.Rials) string {
	amount := l.Decimal(decimal.New(int64(r), -1))
	if r.IsWholeToman() {
		amount = l.Number(r.Toman())
	}
	return l.T("unit.toman", "amount", amount)
}

// Foreign shows a foreign amount with all the decimals of its currency and
// its code: «۱۲۰٫۵۰ USD» / "120.50 USD". In Persian it is wrapped in the
// invisible isolates U+2066 and U+2069, which keep the two in order.
func (l Lang) Foreign(f money.Foreign) string {
	places := max(f.Currency.MinorDigits(), -f.Amount.Exponent())
	if f.Amount.Equal(f.Amount.Round(f.Currency.MinorDigits())) {
		places = f.Currency.MinorDigits()
	}
	amount := l.plainNumber(f.Amount.StringFixed(places)) + " " + string(f.Currency)
	if l == EN {
		return amount
	}
	return leftToRight + amount + popIsolate
}

const (
	leftToRight = "\u2066" // LEFT-TO-RIGHT ISOLATE
	popIsolate  = "\u2069" // POP DIRECTIONAL ISOLATE
	// persianMinus is a minus that stays to the left of its number in a line
	// that runs from the right, as CLDR writes it.
	persianMinus = "\u200E\u2212"
)

// plainNumber takes a number as Go writes it: "-1234.5".
func (l Lang) plainNumber(s string) string {
	minus, thousands, point := "-", ",", "."
	if l != EN {
		minus, thousands, point = persianMinus, "٬", "٫"
	}
	digits, negative := strings.CutPrefix(s, "-")
	whole, decimals, hasDecimals := strings.Cut(digits, ".")

	var b strings.Builder
	if negative {
		b.WriteString(minus)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(digit)
	}
	if hasDecimals {
		b.WriteString(point + decimals)
	}
	return l.Digits(b.String())
}
