package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
)

// Check reads what a customer wrote, by input name; now says which day is
// today in Tehran. Digits and letters are mended to the forms in which they
// are kept; inputs that the form does not ask for are passed over.
//
// Fault: Invalid, with every wrong input and what is wrong with it; no value
// is in it.
func (d Definition) Check(values map[string]string, now time.Time) (Answers, error) {
	c := check{
		definition: d, values: values, today: day(now.In(jalali.Tehran)),
		answers: Answers{Open: map[string]string{}, Sealed: Secrets{}},
	}
	for field := range d.Fields() {
		var err error
		if field.Type == Amount {
			err = c.amount(field)
		} else {
			err = c.field(field)
		}
		if err != nil {
			return Answers{}, err
		}
	}
	c.order()
	if err := c.wrong.Err(); err != nil {
		return Answers{}, err
	}
	return c.answers, c.site()
}

// CheckAmount reports whether the service takes orders for so much money.
// Faults, Invalid with the input's name: money.error.currency,
// catalog.error.amount_min, catalog.error.amount_max.
func (d Definition) CheckAmount(amount money.Foreign) error {
	field := d.AmountField()
	var wrong fault.Fields
	limit, ok := d.Limit(amount.Currency)
	switch {
	case !ok:
		wrong.Add(field.CurrencyInput(), "money.error.currency")
	case amount.Amount.LessThan(limit.Min):
		wrong.Add(field.Name, "catalog.error.amount_min", "min", money.Foreign{Amount: limit.Min, Currency: amount.Currency})
	case amount.Amount.GreaterThan(limit.Max):
		wrong.Add(field.Name, "catalog.error.amount_max", "max", money.Foreign{Amount: limit.Max, Currency: amount.Currency})
	}
	return wrong.Err()
}

// ReadAmount reads the amount and the currency that a customer typed, by
// the names of the form's inputs. A service that takes one currency needs
// none typed. Faults, Invalid with the input's name: those of
// money.ParseAmount and of CheckAmount.
func (d Definition) ReadAmount(values map[string]string) (money.Foreign, error) {
	field := d.AmountField()
	code := values[field.CurrencyInput()]
	if code == "" && len(d.Limits) == 1 {
		code = string(d.Limits[0].Currency)
	}
	var wrong fault.Fields
	currency, err := money.ParseCurrency(code)
	if _, taken := d.Limit(currency); err != nil || !taken {
		wrong.Add(field.CurrencyInput(), "money.error.currency")
		currency = d.Limits[0].Currency // what is wrong with the amount itself is told at once
	}
	amount, err := money.ParseAmount(values[field.Name], currency)
	if f := fault.Of(err); f != nil {
		wrong.Add(field.Name, f.Key, f.Args...)
	}
	if err := wrong.Err(); err != nil {
		return money.Foreign{}, err
	}
	return amount, d.CheckAmount(amount)
}

// check is one reading of one form.
type check struct {
	definition Definition
	values     map[string]string
	today      time.Time // midnight UTC of the day
	answers    Answers
	wrong      fault.Fields
}

func (c *check) amount(field Field) error {
	amount, err := c.definition.ReadAmount(c.values)
	if err != nil {
		f := fault.Of(err)
		if f == nil {
			return err
		}
		c.wrong = append(c.wrong, f.Fields...)
		return nil
	}
	c.answers.Amount = amount
	c.answers.Open[field.Name] = amount.Amount.StringFixed(amount.Currency.MinorDigits())
	c.answers.Open[field.CurrencyInput()] = string(amount.Currency)
	return nil
}

func (c *check) field(field Field) error {
	raw := c.values[field.Name]
	if blank(raw) {
		if field.Required || field.With != "" && !blank(c.values[field.With]) {
			c.wrong.Add(field.Name, "catalog.error.required")
		}
		return nil
	}
	value, err := field.read(raw, c.today)
	if err != nil {
		f := fault.Of(err)
		if f == nil {
			return fmt.Errorf("read the answer %s of %s: %w", field.Name, c.definition.Slug, err)
		}
		c.wrong.Add(field.Name, f.Key, f.Args...)
		return nil
	}
	if field.Sealed {
		c.answers.Sealed[field.Name] = value
	} else {
		c.answers.Open[field.Name] = value
	}
	return nil
}

// order demands of dates that come after others that they do. Dates are ISO
// by now: as text they sort as days do.
func (c *check) order() {
	for field := range c.definition.Fields() {
		later, earlier := c.answers.Open[field.Name], c.answers.Open[field.After]
		if field.After == "" || later == "" || earlier == "" || later > earlier {
			continue
		}
		for other := range c.definition.Fields() {
			if other.Name == field.After {
				c.wrong.Add(field.Name, "catalog.error.date_after", "other", other.Label)
			}
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
