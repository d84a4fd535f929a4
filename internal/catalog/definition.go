// Package catalog holds the services on offer: the four families, what each
// service asks on its order form, and how the answers are checked. A form is
// data: a new service is a new definition, not new code.
package catalog

import (
	"cmp"
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Family is one of the four kinds of payment orders. Its name is the message
// key "family.<slug>".
type Family string

// The families, in the order of the showcase.
const (
	Education Family = "education" // exams, scientific and educational fees
	Travel    Family = "travel"    // flights, hotels, trains, transfers
	Games     Family = "games"     // consoles, online games, entertainment accounts
	Shopping  Family = "shopping"  // baskets at international shops
)

// Families lists the families in the order of the showcase.
var Families = []Family{Education, Travel, Games, Shopping}

// Definition is one service as its author wrote it: what it is and what its
// order form asks. What it costs is in the tariff.
type Definition struct {
	Slug            string    `json:"slug"` // in addresses; never changes
	Family          Family    `json:"family"`
	Rank            int       `json:"rank,omitempty"` // its place among the family, the lower first; 500 unless given
	Title           i18n.Text `json:"title"`
	Summary         i18n.Text `json:"summary"`                    // one sentence, for the showcase
	Keywords        i18n.Text `json:"keywords,omitzero"`          // what else people search it by, spaces between
	Guide           i18n.Text `json:"guide"`                      // what to prepare at the destination first; one step a line
	ExpectedMinutes int       `json:"expected_minutes,omitempty"` // working minutes that it usually takes; the budget unless given
	BudgetMinutes   int       `json:"budget_minutes"`             // working minutes promised for the order; 120 unless given
	Identity        Identity  `json:"identity,omitempty"`         // how well we must know the customer; Basic unless given
	Site            Site      `json:"site"`
	Limits          []Limit   `json:"limits"` // the currencies taken, the likeliest first
	Groups          []Group   `json:"groups"` // the form's steps
}

// Identity is how well a customer's identity must be proven.
type Identity string

// The levels of identity, the lower first.
const (
	Basic    Identity = "basic"    // name, national code, birth date, mobile and e-mail, reviewed
	Document Identity = "document" // and a picture of an identity document
)

// Site says where the operator will pay: always at the same host, or at the
// address that the customer gives in a field.
type Site struct {
	Host  string `json:"host,omitempty"`
	Field string `json:"field,omitempty"`
}

// Limit is a currency that a service takes, and the least and most of it
// that one order may be for, in units of that currency.
type Limit struct {
	Currency money.Currency  `json:"currency"`
	Min      decimal.Decimal `json:"min"`
	Max      decimal.Decimal `json:"max"`
}

// Group is one step of a form.
type Group struct {
	Title  i18n.Text `json:"title"`
	Fields []Field   `json:"fields"`
}

const defaultRank = 500

// place is the service's rank, given or not.
func (d Definition) place() int { return cmp.Or(d.Rank, defaultRank) }

// Currencies lists the currencies that the service takes, the likeliest first.
func (d Definition) Currencies() []money.Currency {
	currencies := make([]money.Currency, len(d.Limits))
	for i, limit := range d.Limits {
		currencies[i] = limit.Currency
	}
	return currencies
}

// Budget is how much working time the company promises for the order.
func (d Definition) Budget() time.Duration { return time.Duration(d.BudgetMinutes) * time.Minute }

// Expected is how much working time the order usually takes.
func (d Definition) Expected() time.Duration {
	if d.ExpectedMinutes == 0 {
		return d.Budget()
	}
	return time.Duration(d.ExpectedMinutes) * time.Minute
}

// Limit returns the limits for a currency; ok is false when the service does
// not take it.
func (d Definition) Limit(currency money.Currency) (limit Limit, ok bool) {
	for _, limit := range d.Limits {
		if limit.Currency == currency {
			return limit, true
		}
	}
	return Limit{}, false
}

// Fields yields every field of the form, in the order in which it asks.
func (d Definition) Fields() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, group := range d.Groups {
			for _, field := range group.Fields {
				if !yield(field) {
					return
				}
			}
		}
	}
}

// AmountField returns the one field that asks how much is to be paid.
func (d Definition) AmountField() Field {
	for field := range d.Fields() {
		if field.Type == Amount {
			return field
		}
	}
	return Field{}
}

// DeadlineOf returns the day by which the destination wants to be paid, where
// the form asks for it and the answers say it; the zero time otherwise.
func (d Definition) DeadlineOf(answers map[string]string) time.Time {
	for _, group := range d.Groups {
		for _, field := range group.Fields {
			if !field.Deadline {
				continue
			}
			if day, err := time.Parse(time.DateOnly, answers[field.Name]); err == nil {
				return day
			}
		}
	}
	return time.Time{}
}
