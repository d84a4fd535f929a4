package kavenegar

import (
	"context"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tokens are the words that fill a template's gaps. Only Token is required.
type Tokens struct {
	Token, Token2, Token3 string // no spaces, at most 100 characters
	Token10               string // at most 5 spaces
	Token20               string // at most 8 spaces
}

// Lookup sends a template, filled with tokens, to one telephone
// (verify/lookup). Such messages reach those too who block advertising. The
// call carries no id of ours: an Unknown outcome must not be repeated blindly.
func (c *Client) Lookup(ctx context.Context, to, template string, tokens Tokens) (Accepted, error) {
	if !telephone(to) {
		return Accepted{}, invalid(lookup, "the recipient is not one telephone number")
	}
	if template == "" || strings.Contains(template, "_") || spaces(template) > 0 {
		return Accepted{}, invalid(lookup, "the template's name is empty, or has a space or an underscore")
	}
	if tokens.Token == "" {
		return Accepted{}, invalid(lookup, "the first token is missing")
	}
	form := url.Values{"receptor": {to}, "template": {template}}
	for _, t := range []struct {
		name, value        string
		spaces, characters int
	}{
		{"token", tokens.Token, 0, 100},
		{"token2", tokens.Token2, 0, 100},
		{"token3", tokens.Token3, 0, 100},
		{"token10", tokens.Token10, 5, 0},
		{"token20", tokens.Token20, 8, 0},
	} {
		if t.value == "" {
			continue
		}
		if spaces(t.value) > t.spaces || t.characters > 0 && utf8.RuneCountInString(t.value) > t.characters {
			return Accepted{}, invalid(lookup, t.name+" has too many spaces or characters")
		}
		form.Set(t.name, t.value)
	}
	return c.accepted(ctx, lookup, form)
}

func spaces(s string) (n int) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			n++
		}
	}
	return n
}
