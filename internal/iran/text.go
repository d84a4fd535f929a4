package iran

import (
	"strings"
	"unicode"
)

// MendText mends text that is to be stored: the ye and kaf of an Arabic
// keyboard (ي ى ك) become Persian (ی ک), and Persian and Arabic digits become
// ASCII, the one form in which digits are stored. Nothing else is touched:
// half-spaces, marks and spelling are the writer's own. Never give it a
// secret: a password is what was typed.
func MendText(s string) string { return strings.Map(mend, s) }

// Fold returns the form of s that the search columns hold. Both the stored
// text and what is searched for are folded, so that "می‌شود", "مي شود" and
// "می شود" find each other: mended, hamza and madda carriers reduced to
// their letters, vowel marks, tatweel and bidi marks dropped, the half-space
// a space, spaces collapsed, Latin letters small.
func Fold(s string) string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case r >= '\u064B' && r <= '\u0655', r == '\u0670', r == tatweel, isBidiMark(r), r == '\uFEFF':
			return -1
		case r == zwnj, isSpace(r):
			return ' '
		}
		return unicode.ToLower(foldLetter(mend(r)))
	}, s)
	return strings.Join(strings.Fields(folded), " ")
}

func mend(r rune) rune {
	switch r {
	case 'ي', 'ى':
		return 'ی'
	case 'ك':
		return 'ک'
	}
	return asciiDigit(r)
}

func foldLetter(r rune) rune {
	switch r {
	case 'ة':
		return 'ه'
	case 'آ', 'أ', 'إ', 'ٱ':
		return 'ا'
	case 'ؤ':
		return 'و'
	case 'ئ':
		return 'ی'
	}
	return r
}
