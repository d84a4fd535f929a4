package money

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
)

const (
	maxTextBytes     = 200 // longer than any amount, with marks and Persian digits
	maxForeignDigits = 9   // below a billion units of any currency
	maxTomanDigits   = 14  // below 100 thousand billion tomans; Max holds ten times as many rials
)

// ParseAmount reads an amount as a person types it: ASCII, Persian or
// Arabic digits, thousands separated by ٬ , ، or a space, decimals by ٫ or
// a point. A separator must stand before three digits, because "1,5" is one
// and a half to some and fifteen to others.
//
// Faults, all Invalid: money.error.empty, letters, negative, decimals (more
// than the currency has), too_large, zero, not_a_number, currency.
func ParseAmount(text string, currency Currency) (Foreign, error) {
	if !currency.Known() {
		return Foreign{}, fault.New(fault.Invalid, "money.error.currency")
	}
	amount, err := parseNumber(text, maxForeignDigits, currency.MinorDigits())
	if err != nil {
		return Foreign{}, err
	}
	if amount.IsZero() {
		return Foreign{}, fault.New(fault.Invalid, "money.error.zero")
	}
	return Foreign{Amount: amount, Currency: currency}, nil
}

// ParseToman reads an amount of tomans as a person types it, zero included,
// by the rules of ParseAmount. The result is in rials, a multiple of 10.
// Faults are those of ParseAmount.
func ParseToman(text string) (Rials, error) {
	toman, err := parseNumber(text, maxTomanDigits, 0)
	if err != nil {
		return 0, err
	}
	return FromToman(toman.IntPart()), nil
}

// number: digits, plain or in groups of three, then perhaps decimals.
var number = regexp.MustCompile(`^(\d+|\d{1,3}(?:[,٬، ]\d{3})+)(?:[.٫](\d+))?$`)

var withoutSeparators = strings.NewReplacer(",", "", "٬", "", "،", "", " ", "")

func parseNumber(text string, maxDigits int, decimals int32) (decimal.Decimal, error) {
	if len(text) > maxTextBytes {
		return decimal.Zero, fault.New(fault.Invalid, "money.error.too_large")
	}
	text = plain(text)
	if key := refusal(text); key != "" {
		return decimal.Zero, fault.New(fault.Invalid, key)
	}
	parts := number.FindStringSubmatch(text)
	if parts == nil {
		return decimal.Zero, fault.New(fault.Invalid, "money.error.not_a_number")
	}
	whole := strings.TrimLeft(withoutSeparators.Replace(parts[1]), "0")
	if len(whole) > maxDigits {
		return decimal.Zero, fault.New(fault.Invalid, "money.error.too_large")
	}
	if len(parts[2]) > int(decimals) {
		return decimal.Zero, fault.New(fault.Invalid, "money.error.decimals", "n", int64(decimals))
	}
	return decimal.RequireFromString("0" + whole + "." + parts[2] + "0"), nil
}

// plain has ASCII digits, ordinary spaces and no invisible marks.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, iran.WithoutMarks(iran.ASCIIDigits(text)))
	return strings.TrimSpace(text)
}

// refusal names what is wrong with a text that cannot be an amount, as
// exactly as it can.
func refusal(text string) string {
	switch {
	case text == "":
		return "money.error.empty"
	case strings.IndexFunc(text, unicode.IsLetter) >= 0:
		return "money.error.letters"
	case strings.HasPrefix(text, "-"), strings.HasPrefix(text, "−"):
		return "money.error.negative"
	}
	return ""
}
