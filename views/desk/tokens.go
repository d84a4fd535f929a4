package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/seal"
	"pishkhan/internal/staff"
	"pishkhan/views/parts"
)

// TokensPath is the address of the page of tokens.
const TokensPath = "/desk/tokens"

// TokensPage lists the tokens of the reader's programs, or of everybody's.
type TokensPage struct {
	Chrome parts.Chrome
	Tokens []staff.Token
	Now    time.Time
	All    bool // the tokens of all members

	Secret seal.Secret // of the token just issued: shown this once
	Said   string      // what was just done
	Typed  map[string]string
	Scopes []string // as ticked
	Wrong  []fault.Field
}

// The ages that a token may have, in days.
var tokenAges = []struct{ days, key string }{
	{"30", "tokens.age.month"}, {"90", "tokens.age.quarter"}, {"365", "tokens.age.year"},
}

// TokenAge reads an age that the form offers, in days.
func TokenAge(value string) (age time.Duration, ok bool) {
	if !slices.ContainsFunc(tokenAges, func(a struct{ days, key string }) bool { return a.days == value }) {
		return 0, false
	}
	days, _ := strconv.Atoi(value)
	return time.Duration(days) * 24 * time.Hour, true
}

func tokenAgeOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(tokenAges))
	for i, age := range tokenAges {
		options[i] = parts.Option{Value: age.days, Label: i18n.T(ctx, age.key)}
	}
	return options
}

func tokenScopeOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(staff.Scopes))
	for i, scope := range staff.Scopes {
		options[i] = parts.Option{Value: string(scope), Label: i18n.T(ctx, "tokens.scope."+string(scope)), Help: string(scope)}
	}
	return options
}

// tokenPath is where a token is revoked.
func tokenPath(t staff.Token) string {
	return TokensPath + "/" + strconv.FormatInt(t.ID, 10) + "/revoke"
}

// tokenState is the message of whether a token works.
func tokenState(t staff.Token, now time.Time) string {
	switch {
	case t.RevokedAt != nil:
		return "tokens.revoked"
	case !t.Live(now):
		return "tokens.expired"
	}
	return "tokens.live"
}

// typed is what was typed, or what there is.
func (p TokensPage) typed(name, otherwise string) string {
	if value, ok := p.Typed[name]; ok {
		return value
	}
	return otherwise
}

func (p TokensPage) columns(ctx context.Context) []parts.Column {
	var columns []parts.Column
	if p.All {
		columns = append(columns, parts.Column{Label: i18n.T(ctx, "tokens.owner")})
	}
	for _, name := range []string{"name", "prefix", "scopes", "created", "expires", "used", "state"} {
		columns = append(columns, parts.Column{Label: i18n.T(ctx, "tokens."+name)})
	}
	return append(columns, parts.Column{Label: i18n.T(ctx, "tokens.revoke"), Hidden: true})
}
