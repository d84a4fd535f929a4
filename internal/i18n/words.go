package i18n

import (
	"slices"
	"strings"

	"pishkhan/internal/money"
)

// TomanWords shows an amount in words, for invoices: «یک میلیون و دویست و سی و
// چهار هزار تومان» / "one million two hundred thirty-four thousand toman".
func (l Lang) TomanWords(r money.Rials) string {
	s := persian
	if l == EN {
		s = english
	}
	if r < 0 {
		return s.minus + l.TomanWords(-r)
	}
	if r.IsWholeToman() {
		return l.T("unit.toman", "amount", s.number(r.Toman()))
	}
	return l.T("unit.toman_rials", "toman", s.number(r.Toman()), "rials", s.number(int64(r)%10))
}

// speech is how a language speaks numbers.
type speech struct {
	small    [20]string // 1–19
	tens     [10]string // 20, 30 … 90
	hundreds [10]string
	scales   []string // thousand, million …
	unitGlue string   // between tens and units
	glue     string   // between all other parts
	zero     string
	minus    string
}

var persian = speech{
	small: [20]string{
		"", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه",
		"ده", "یازده", "دوازده", "سیزده", "چهارده", "پانزده", "شانزده", "هفده", "هجده", "نوزده",
	},
	tens:     [10]string{"", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"},
	hundreds: [10]string{"", "یکصد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"},
	scales:   []string{"", " هزار", " میلیون", " میلیارد", " تریلیون"},
	unitGlue: " و ", glue: " و ", zero: "صفر", minus: "منفی ",
}

var english = speech{
	small: [20]string{
		"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	},
	tens: [10]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"},
	hundreds: [10]string{
		"", "one hundred", "two hundred", "three hundred", "four hundred", "five hundred",
		"six hundred", "seven hundred", "eight hundred", "nine hundred",
	},
	scales:   []string{"", " thousand", " million", " billion", " trillion"},
	unitGlue: "-", glue: " ", zero: "zero", minus: "minus ",
}

// number speaks n, which is not negative, in groups of three digits, the
// largest scale first.
func (s speech) number(n int64) string {
	if n == 0 {
		return s.zero
	}
	var groups []string
	for scale := 0; n > 0; n, scale = n/1000, scale+1 {
		if group := n % 1000; group > 0 {
			groups = append(groups, s.group(group)+s.scales[scale])
		}
	}
	slices.Reverse(groups)
	return strings.Join(groups, s.glue)
}

func (s speech) group(n int64) string {
	var parts []string
	if n >= 100 {
		parts = append(parts, s.hundreds[n/100])
	}
	switch rest := n % 100; {
	case rest == 0:
	case rest < 20:
		parts = append(parts, s.small[rest])
	case rest%10 == 0:
		parts = append(parts, s.tens[rest/10])
	default:
		parts = append(parts, s.tens[rest/10]+s.unitGlue+s.small[rest%10])
	}
	return strings.Join(parts, s.glue)
}
