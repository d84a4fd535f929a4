// Package i18n holds the words of the product in its two languages, Persian
// and English, and shows numbers, money and times the way each writes them.
// Words are looked up by key; they live in messages/fa and messages/en, one
// flat JSON file for each area of the product.
package i18n

import (
	"context"
	"strings"
)

// Lang is a language of the product.
type Lang string

// The languages. Persian is the first, and what a person gets who has not chosen.
const (
	FA Lang = "fa"
	EN Lang = "en"
)

// Langs returns the languages in the order to offer them in.
func Langs() []Lang { return []Lang{FA, EN} }

// ParseLang reads a language code; a region ("en-GB") is ignored. It
// reports false, with FA, for a language that the product does not speak.
func ParseLang(code string) (Lang, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(code)), "-")
	switch lang := Lang(base); lang {
	case FA, EN:
		return lang, true
	}
	return FA, false
}

// Dir returns the direction of writing, as in the dir attribute of HTML.
func (l Lang) Dir() string {
	if l == EN {
		return "ltr"
	}
	return "rtl"
}

// Other returns the language that a page offers to switch to.
func (l Lang) Other() Lang {
	if l == EN {
		return FA
	}
	return EN
}

type langKey struct{}

// WithLang returns a context for work done for somebody who reads lang.
func WithLang(ctx context.Context, lang Lang) context.Context {
	return context.WithValue(ctx, langKey{}, lang)
}

// LangOf returns the language of whoever the work is done for, FA by default.
func LangOf(ctx context.Context) Lang {
	if lang, ok := ctx.Value(langKey{}).(Lang); ok {
		return lang
	}
	return FA
}

// Text is a text in both languages: a label of the catalogue, say, which is
// data and not a message of the program.
type Text struct {
	FA string `json:"fa"`
	EN string `json:"en"`
}

// In returns the text in lang, or in the other language where it is missing.
func (t Text) In(lang Lang) string {
	if lang == EN && t.EN != "" || t.FA == "" {
		return t.EN
	}
	return t.FA
}
