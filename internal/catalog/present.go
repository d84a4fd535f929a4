package catalog

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Row is one answer as a page shows it.
type Row struct {
	Field Field
	Label string
	Value string  // a file's is the attachment's ID, rows have none
	LTR   bool    // written left to right in either language
	Items [][]Row // of rows: the answers of each
}

// Present lists the answers of a form for somebody who reads lang, in the
// order in which the form asked: choices by their labels, dates and numbers
// in the language's writing. Gregorian dates stay as destination sites write
// them. open is Answers.Open, from now or years ago; what it lacks is left
// out, and sealed answers are never there.
func (d Definition) Present(open map[string]string, lang i18n.Lang) []Row {
	currency := money.Currency(open[d.AmountField().CurrencyInput()])
	var rows []Row
	for field := range d.Fields() {
		if row, answered := field.present("", open, currency, lang); answered {
			rows = append(rows, row)
		}
	}
	return rows
}

// present shows one answer, whose name begins with prefix.
func (f Field) present(prefix string, open map[string]string, currency money.Currency, lang i18n.Lang) (row Row, answered bool) {
	row = Row{Field: f, Label: f.Label.In(lang), LTR: f.LeftToRight()}
	if f.Type == Rows {
		row.Items = f.presentRows(open, currency, lang)
		return row, len(row.Items) > 0
	}
	value, answered := open[prefix+f.Name]
	row.Value = value
	switch f.Type {
	case Amount, Price:
		row.Value = presentAmount(value, currency, lang)
	case Choice, Choices:
		row.Value = f.presentChoices(value, lang)
	case Number:
		row.Value = presentNumber(value, lang)
	case Date:
		row.Value, row.LTR = f.presentDate(value, lang)
	}
	return row, answered && !f.Sealed
}

func (f Field) presentRows(open map[string]string, currency money.Currency, lang i18n.Lang) [][]Row {
	var items [][]Row
	for _, prefix := range f.keptRows(open) {
		var item []Row
		for _, asked := range f.Fields {
			if row, answered := asked.present(prefix, open, currency, lang); answered {
				item = append(item, row)
			}
		}
		items = append(items, item)
	}
	return items
}

// What cannot be read is shown as it was kept: an old answer must never make
// an order impossible to open.

func presentAmount(value string, currency money.Currency, lang i18n.Lang) string {
	amount, err := decimal.NewFromString(value)
	if err != nil {
		return value + " " + string(currency)
	}
	return lang.Foreign(money.Foreign{Amount: amount, Currency: currency})
}

func (f Field) presentChoices(value string, lang i18n.Lang) string {
	comma := map[i18n.Lang]string{i18n.FA: "، ", i18n.EN: ", "}[lang]
	var labels []string
	for chosen := range strings.SplitSeq(value, ",") {
		for _, option := range f.Choices {
			if option.Value == chosen {
				chosen = option.Label.In(lang)
				break
			}
		}
		labels = append(labels, chosen)
	}
	return strings.Join(labels, comma)
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
	shown = lang.Date(date)
	if lang == i18n.FA { // the destination wants the other calendar
		shown += " (\u2066" + value + "\u2069)"
	}
	return shown, false
}
