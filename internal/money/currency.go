package money

import (
	"slices"
	"strings"

	"pishkhan/internal/fault"
)

// Currency is the ISO 4217 code of a foreign currency, such as "USD".
type Currency string

// The currencies that services quote most often.
const (
	USD Currency = "USD"
	EUR Currency = "EUR"
	GBP Currency = "GBP"
	CAD Currency = "CAD"
	AUD Currency = "AUD"
	AED Currency = "AED"
	TRY Currency = "TRY"
)

// minorDigits lists the currencies in use, in the order in which they are
// offered, with the decimals of each (ISO 4217, list one).
var minorDigits = []struct {
	currency Currency
	digits   int32
}{
	{USD, 2}, {EUR, 2}, {GBP, 2}, {CAD, 2}, {AUD, 2}, {AED, 2}, {TRY, 2},
	{"CHF", 2}, {"SEK", 2}, {"NOK", 2}, {"DKK", 2}, {"PLN", 2}, {"CZK", 2}, {"HUF", 2},
	{"CNY", 2}, {"JPY", 0}, {"KRW", 0}, {"INR", 2}, {"MYR", 2}, {"SGD", 2}, {"HKD", 2}, {"THB", 2}, {"IDR", 2},
	{"NZD", 2}, {"RUB", 2}, {"AMD", 2}, {"GEL", 2}, {"KZT", 2}, {"AZN", 2},
	{"SAR", 2}, {"QAR", 2}, {"OMR", 3}, {"KWD", 3}, {"BHD", 3}, {"IQD", 3},
	{"BRL", 2}, {"MXN", 2}, {"ZAR", 2},
}

// Currencies returns the currencies in use, in the order to offer them in.
func Currencies() []Currency {
	list := make([]Currency, len(minorDigits))
	for i, row := range minorDigits {
		list[i] = row.currency
	}
	return list
}

// ParseCurrency reads a currency code, in capitals or not. Fault: Invalid
// (money.error.currency) for one that is not in use.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(code)))
	if !c.Known() {
		return "", fault.New(fault.Invalid, "money.error.currency")
	}
	return c, nil
}

// Known reports whether the currency is one of Currencies.
func (c Currency) Known() bool {
	return slices.ContainsFunc(minorDigits, func(row struct {
		currency Currency
		digits   int32
	}) bool {
		return row.currency == c
	})
}

// MinorDigits returns how many decimals an amount in this currency has: 2
// for USD, 0 for JPY, 3 for OMR.
func (c Currency) MinorDigits() int32 {
	for _, row := range minorDigits {
		if row.currency == c {
			return row.digits
		}
	}
	return 2
}

// NameKey returns the message key of the currency's name, such as
// "currency.USD".
func (c Currency) NameKey() string { return "currency." + string(c) }

func (c Currency) String() string { return string(c) }
