package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/clients"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/seal"
	"pishkhan/internal/webhooks"
	"pishkhan/views/parts"
)

// ClientsPage lists the shop fronts of others.
type ClientsPage struct {
	Chrome    parts.Chrome
	Clients   []clients.Client
	MayManage bool
}

// NewClientPage is the form for another one.
type NewClientPage struct {
	Chrome parts.Chrome
	Typed  map[string]string
	Wrong  []fault.Field
}

// ClientPage is everything about one shop front.
type ClientPage struct {
	Chrome    parts.Chrome
	Client    clients.Client
	Keys      []clients.Key
	Endpoint  *webhooks.Endpoint // nil: it never had one
	Events    []webhooks.Event
	Now       time.Time
	MayManage bool

	Token   seal.Secret // of the key just issued: shown this once
	Secret  seal.Secret // of the webhook just set or rotated: shown this once
	Said    string      // what was just done
	Typed   map[string]string
	Scopes  []string // as ticked
	Wrong   []fault.Field
	Refusal string
}

// The ages that a key may have, in days; 0 does not expire.
var keyAges = []struct{ days, key string }{
	{"30", "clients.age.month"}, {"90", "clients.age.quarter"}, {"365", "clients.age.year"}, {"0", "clients.age.never"},
}

// KeyAge reads an age that the form offers, in days.
func KeyAge(value string) (age time.Duration, ok bool) {
	if !slices.ContainsFunc(keyAges, func(a struct{ days, key string }) bool { return a.days == value }) {
		return 0, false
	}
	days, _ := strconv.Atoi(value)
	return time.Duration(days) * 24 * time.Hour, true
}

func ageOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(keyAges))
	for i, age := range keyAges {
		options[i] = parts.Option{Value: age.days, Label: i18n.T(ctx, age.key)}
	}
	return options
}

func scopeOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(clients.Scopes))
	for i, scope := range clients.Scopes {
		options[i] = parts.Option{Value: string(scope), Label: scopeWords(ctx, scope), Help: string(scope)}
	}
	return options
}

func scopeWords(ctx context.Context, scope clients.Scope) string {
	return i18n.T(ctx, "clients.scope."+strings.ReplaceAll(string(scope), ":", "_"))
}

// ClientPath is the address of a shop front's page, and below it.
func ClientPath(id int64, below string) string {
	return "/desk/clients/" + strconv.FormatInt(id, 10) + below
}

// wrong says what is wrong with a field, in words.
func (p ClientPage) wrong(ctx context.Context, name string) string {
	return parts.ErrorFor(ctx, p.Wrong, name)
}

// isWrong reports whether any of the fields was refused.
func (p ClientPage) isWrong(names ...string) bool {
	return slices.ContainsFunc(p.Wrong, func(f fault.Field) bool { return slices.Contains(names, f.Name) })
}

// typed is what was typed, or what there is.
func (p ClientPage) typed(name, otherwise string) string {
	if value, ok := p.Typed[name]; ok {
		return value
	}
	return otherwise
}

// manages reports whether the reader may change this shop front.
func (p ClientPage) manages() bool { return p.MayManage && p.Client.DisabledAt == nil }

// listening reports whether its webhook is on.
func (p ClientPage) listening() bool { return p.Endpoint != nil && p.Endpoint.DisabledAt == nil }

func (p ClientPage) url() string {
	if p.listening() {
		return p.Endpoint.URL
	}
	return ""
}

// keyState is the message of why a key no longer works; "" while it does.
func keyState(k clients.Key, now time.Time) string {
	switch {
	case k.RevokedAt != nil:
		return "clients.key.revoked"
	case !k.Live(now):
		return "clients.key.expired"
	}
	return ""
}

// orNever shows an instant, or that there is none.
func orNever(ctx context.Context, t *time.Time) string {
	if t == nil {
		return i18n.T(ctx, "clients.key.never")
	}
	return at(ctx, *t)
}

func originLines(c clients.Client) string { return strings.Join(c.ReturnOrigins, "\n") }
