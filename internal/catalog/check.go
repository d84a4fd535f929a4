package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
)

// Check reads what a customer wrote, by input name; now says which day is
// today in Tehran. Digits and letters are mended to the forms in which they
// are kept; rows are numbered anew, without those left blank. Inputs that the
// form does not ask for are passed over.
//
// Fault: Invalid, with every wrong input and what is wrong with it; no value
// is in it.
func (d Definition) Check(values map[string]string, now time.Time) (Answers, error) {
	c := d.check(values)
	c.today = day(now.In(jalali.Tehran))
	if err := c.level(c.form()); err != nil {
		return Answers{}, err
	}
	if err := c.wrong.Err(); err != nil {
		return Answers{}, err
	}
	return c.answers, c.site()
}

// check is one reading of one form.
type check struct {
	definition Definition
	values     map[string]string
	today      time.Time               // midnight UTC of the day
	currency   money.Currency          // of the form's prices
	only       func(level, Field) bool // what is read of the form; all of it when nil
	answers    Answers
	wrong      fault.Fields
}

func (d Definition) check(values map[string]string) *check {
	currency, _ := d.currency(values)
	return &check{
		definition: d, values: values, currency: currency,
		answers: Answers{Open: map[string]string{}, Sealed: Secrets{}},
	}
}

// level is what is asked at one level: of the form, or of one of its rows.
type level struct {
	fields []Field
	typed  string          // what the names of its inputs begin with, as they were typed
	kept   string          // and as they are kept
	hidden map[string]bool // the fields that are not asked
}

// form is the level of the whole form.
func (c *check) form() level { return c.at(slices.Collect(c.definition.Fields()), "", "") }

// at is a level with those of its fields hidden whose rule is not met, or
// that wait for one that is itself hidden. A rule speaks of an earlier field.
func (c *check) at(fields []Field, typed, kept string) level {
	l := level{fields: fields, typed: typed, kept: kept}
	for _, field := range fields {
		rule := field.ShownIf
		if rule == nil || !l.hidden[rule.Field] && rule.met(c.values[typed+rule.Field]) {
			continue
		}
		if l.hidden == nil {
			l.hidden = map[string]bool{}
		}
		l.hidden[field.Name] = true
	}
	return l
}

// met reports whether what was typed into a choice, or into choices, is one
// of those that the rule waits for.
func (r Rule) met(raw string) bool {
	for value := range strings.SplitSeq(head(raw), ",") {
		if slices.Contains(r.In, strings.TrimSpace(iran.WithoutMarks(value))) {
			return true
		}
	}
	return false
}

// field is the one of that name; without a name when there is none.
func (l level) field(name string) Field {
	for _, field := range l.fields {
		if field.Name == name {
			return field
		}
	}
	return Field{}
}

func (c *check) level(l level) error {
	for _, field := range l.fields {
		if l.hidden[field.Name] || c.only != nil && !c.only(l, field) {
			continue
		}
		var err error
		switch field.Type {
		case Amount:
			err = c.amount(field)
		case Rows:
			err = c.eachRow(field)
		default:
			err = c.field(l, field)
		}
		if err != nil {
			return err
		}
	}
	c.order(l)
	return nil
}

func (c *check) amount(field Field) error {
	amount, err := c.definition.ReadAmount(c.values)
	if err != nil {
		f := fault.Of(err)
		if f == nil {
			return err
		}
		for _, wrong := range f.Fields { // what is wrong with the parts of a sum is told where they are
			if wrong.Name == field.Name || wrong.Name == field.CurrencyInput() {
				c.wrong = append(c.wrong, wrong)
			}
		}
		return nil
	}
	c.answers.Amount = amount
	c.answers.Open[field.Name] = amount.Amount.StringFixed(amount.Currency.MinorDigits())
	c.answers.Open[field.CurrencyInput()] = string(amount.Currency)
	return nil
}

func (c *check) field(l level, field Field) error {
	typed, kept := l.typed+field.Name, l.kept+field.Name
	raw := c.values[typed]
	if field.blank(raw) {
		if field.Required || field.With != "" && !l.hidden[field.With] && !l.field(field.With).blank(c.values[l.typed+field.With]) {
			c.wrong.Add(typed, "catalog.error.required")
		}
		return nil
	}
	value, err := field.read(raw, c.today, c.currency)
	if err != nil {
		f := fault.Of(err)
		if f == nil {
			return fmt.Errorf("read the answer %s of %s: %w", typed, c.definition.Slug, err)
		}
		c.wrong.Add(typed, f.Key, f.Args...)
		return nil
	}
	switch {
	case field.Sealed:
		c.answers.Sealed[kept] = value
	case field.Type == File:
		c.answers.Files = append(c.answers.Files, attachmentID(value))
		fallthrough
	default:
		c.answers.Open[kept] = value
	}
	return nil
}

// order demands of dates that come after others that they do. Dates are ISO
// by now: as text they sort as days do.
func (c *check) order(l level) {
	for _, field := range l.fields {
		if field.After == "" {
			continue
		}
		later, earlier := c.answers.Open[l.kept+field.Name], c.answers.Open[l.kept+field.After]
		if later != "" && earlier != "" && later <= earlier {
			c.wrong.Add(l.typed+field.Name, "catalog.error.date_after", "other", l.field(field.After).Label)
		}
	}
}

func (c *check) site() error {
	c.answers.Site = c.definition.Site.Host
	if c.answers.Site != "" {
		return nil
	}
	address, err := url.Parse(c.answers.Open[c.definition.Site.Field])
	if err != nil || address.Hostname() == "" {
		return errors.New("catalog: the form of " + c.definition.Slug + " lets no payment page through")
	}
	c.answers.Site = host(address)
	return nil
}
