package catalog

import (
	"slices"

	"github.com/shopspring/decimal"

	"pishkhan/internal/fault"
	"pishkhan/internal/money"
)

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
// the names of the form's inputs; a sum is worked out from the prices that
// were typed. A service that takes one currency needs none typed. Faults,
// Invalid with the input's name: those of money.ParseAmount and of
// CheckAmount, catalog.error.sum_empty, and what is wrong with the parts of
// a sum.
func (d Definition) ReadAmount(values map[string]string) (money.Foreign, error) {
	field := d.AmountField()
	currency, taken := d.currency(values)
	var wrong fault.Fields
	if !taken {
		wrong.Add(field.CurrencyInput(), "money.error.currency")
	}
	var amount decimal.Decimal
	if field.Sum != nil {
		sum, err := d.readSum(*field.Sum, values)
		if f := fault.Of(err); f != nil {
			wrong = append(wrong, f.Fields...)
		} else if err != nil {
			return money.Foreign{}, err
		} else if sum.IsZero() {
			wrong.Add(field.Name, "catalog.error.sum_empty")
		}
		amount = sum
	} else {
		read, err := money.ParseAmount(values[field.Name], currency)
		if f := fault.Of(err); f != nil {
			wrong.Add(field.Name, f.Key, f.Args...)
		}
		amount = read.Amount
	}
	if err := wrong.Err(); err != nil {
		return money.Foreign{}, err
	}
	foreign := money.Foreign{Amount: amount, Currency: currency}
	return foreign, d.CheckAmount(foreign)
}

// currency is the one typed. What is wrong with amounts and prices is told
// at once: until the service takes the one typed, they are read in the
// service's likeliest.
func (d Definition) currency(values map[string]string) (currency money.Currency, taken bool) {
	code := values[d.AmountField().CurrencyInput()]
	if code == "" && len(d.Limits) == 1 {
		code = string(d.Limits[0].Currency)
	}
	currency, err := money.ParseCurrency(code)
	if _, taken := d.Limit(currency); err == nil && taken {
		return currency, true
	}
	return d.Limits[0].Currency, false
}

// readSum reads the parts of a sum, and them alone, and adds them up. What is
// not asked for counts nothing.
func (d Definition) readSum(sum Sum, values map[string]string) (decimal.Decimal, error) {
	c := d.check(values)
	c.only = func(l level, field Field) bool {
		if l.typed == "" {
			return field.Name == sum.Rows || slices.Contains(sum.Plus, field.Name)
		}
		return field.Name == sum.Price || field.Name == sum.Quantity
	}
	form := c.form()
	if err := c.level(form); err != nil {
		return decimal.Zero, err
	}
	if err := c.wrong.Err(); err != nil {
		return decimal.Zero, err
	}
	total := decimal.Zero
	for _, row := range form.field(sum.Rows).keptRows(c.answers.Open) {
		quantity, given := c.answers.Open[row+sum.Quantity]
		if !given {
			quantity = "1"
		}
		total = total.Add(kept(c.answers.Open[row+sum.Price]).Mul(kept(quantity)))
	}
	for _, price := range sum.Plus {
		total = total.Add(kept(c.answers.Open[price]))
	}
	return total, nil
}

// kept is a number that Check kept; zero for an answer that was not given.
func kept(number string) decimal.Decimal {
	d, err := decimal.NewFromString(number)
	if err != nil {
		return decimal.Zero
	}
	return d
}
