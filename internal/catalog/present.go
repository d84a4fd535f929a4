package catalog

import (
	"strconv"

	"github.com/shopspring/decimal"

	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Row is one answer as a page shows it.
type Row struct {
	Field Field
	Label string
	Value string
	LTR   bool // written left to right in either language
}

// Present lists the answers of a form for somebody who reads lang, in the
// order in which the form asked: choices by their labels, dates and numbers
// in the language's writing. Gregorian dates stay as destination sites write
// them. open is Answers.Open, from now or years ago; what it lacks is left
// out, and sealed answers are never there.
func (d Definition) Present(open map[string]string, lang i18n.Lang) []Row {
	var rows []Row
	for field := range d.Fields() {
		value, answered := open[field.Name]
		if !answered || field.Sealed {
			continue
		}
		row := Row{Field: field, Label: field.Label.In(lang), Value: value, LTR: field.LeftToRight()}
		switch field.Type {
		case Amount:
			row.Value = presentAmount(value, open[field.CurrencyInput()], lang)
		case Choice:
			row.Value = field.presentChoice(value, lang)
		case Number:
			row.Value = presentNumber(value, lang)
		case Date:
			row.Value, row.LTR = field.presentDate(value, lang)
		}
		rows = append(rows, row)
	}
	return rows
}

// What cannot be read is shown as it was kept: an old answer must never make
// an order impossible to open.

func presentAmount(value, currency string, lang i18n.Lang) string {
	amount, err := decimal.NewFromString(value)
	if err != nil {
		return value + " " + currency
	}
	return lang.Foreign(money.Foreign{Amount: amount, Currency: money.Currency(currency)})
}

func (f Field) presentChoice(value string, lang i18n.Lang) string {
	for _, option := range f.Choices {
		if option.Value == value {
			return option.Label.In(lang)
		}
	}
	return value
}

func presentNumber(value string, lang i18n.Lang) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return value
	}
	return lang.Number(n)
}

func (f Field) presentDate(value string, lang i18n.Lang) (shown string, ltr bool) {
	date, err := dateOf(value)
	if err != nil || f.Calendar != Jalali {
		return value, true
	}
	return lang.Date(date), false
}
