// Package iran knows the forms in which people in Iran write numbers, names
// and the numbers of identity, phone, bank account and bank card. It checks
// form only: whether a code belongs to somebody is asked elsewhere.
package iran

import "strings"

// Digits reads what a person typed into a numeric input: Persian and Arabic
// digits become ASCII; spaces, dashes, half-spaces and the invisible bidi
// marks that come along when text is pasted are dropped. Everything else
// stays, so that the parser of the number can refuse it.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if isSpace(r) || isDash(r) || isInvisible(r) {
			return -1
		}
		return asciiDigit(r)
	}, s)
}

// ASCIIDigits turns Persian (U+06F0–06F9) and Arabic (U+0660–0669) digits
// into ASCII ones and leaves everything else as it is.
func ASCIIDigits(s string) string { return strings.Map(asciiDigit, s) }

// PersianDigits turns ASCII digits into Persian ones (U+06F0–06F9), for
// showing.
func PersianDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// WithoutMarks drops the half-space (ZWNJ), the byte order mark and the
// bidi marks: characters without a shape that pasted text often carries.
func WithoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, s)
}

func asciiDigit(r rune) rune {
	switch {
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	}
	return r
}

func isInvisible(r rune) bool { return r == zwnj || r == '\uFEFF' || isBidiMark(r) }

const zwnj = '\u200C' // the half-space of Persian

func isBidiMark(r rune) bool {
	return r == '\u200E' || r == '\u200F' ||
		r >= '\u202A' && r <= '\u202E' ||
		r >= '\u2066' && r <= '\u2069'
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\v', '\f', '\u00A0', '\u2007', '\u2009', '\u202F', '\u3000':
		return true
	}
	return false
}

// isDash: the ASCII hyphen, the Unicode hyphens and dashes, the minus sign
// and the Persian letter joiner (tatweel), which the dash key of a Persian
// keyboard types.
func isDash(r rune) bool {
	return r == '-' || r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == tatweel
}

const tatweel = '\u0640'

// allDigits reports whether s is exactly n ASCII digits.
func allDigits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// mask hides the middle of s, leaving so many characters at its head and tail.
func mask(s string, head, tail int) string {
	if len(s) <= head+tail {
		return strings.Repeat("•", len(s))
	}
	return s[:head] + strings.Repeat("•", len(s)-head-tail) + s[len(s)-tail:]
}
