package bulk

import (
	"math"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
)

// Column is one column of a service's file: one input of its form.
type Column struct {
	Input    string    // the input's name: what stands in the second row
	Label    i18n.Text // what stands in the first
	Field    catalog.Field
	Required bool // in every line
}

// templateRows is how many travellers, basket lines … a template has columns
// for. A file may have columns for as many as the form takes.
const templateRows = 3

// allRows asks for the columns of as many as the form takes.
const allRows = math.MaxInt

// Columns returns the columns of a service's template.
func Columns(d catalog.Definition) []Column { return columns(d, templateRows) }

// Takes reports whether the service can be ordered by a file: not when it
// demands files itself.
func Takes(d catalog.Definition) bool { return !demandsFile(d.Groups) }

func demandsFile(groups []catalog.Group) bool {
	for _, group := range groups {
		for _, field := range group.Fields {
			if field.Type == catalog.File && field.Required {
				return true
			}
		}
	}
	return false
}

// columns lists the inputs of the form, with at most so many rows of each
// field of rows, but never fewer than it demands.
func columns(d catalog.Definition, rows int) []Column {
	var list []Column
	for field := range d.Fields() {
		switch field.Type {
		case catalog.File:
		case catalog.Amount:
			list = append(list, amountColumns(d, field)...)
		case catalog.Rows:
			list = append(list, rowColumns(field, rows)...)
		default:
			list = append(list, Column{Input: field.Name, Label: field.Label, Field: field, Required: always(field)})
		}
	}
	return list
}

// always reports whether the field must be answered whatever else was.
func always(f catalog.Field) bool { return f.Required && f.ShownIf == nil }

func amountColumns(d catalog.Definition, field catalog.Field) []Column {
	var list []Column
	if field.Sum == nil {
		list = append(list, Column{Input: field.Name, Label: field.Label, Field: field, Required: true})
	}
	if len(d.Limits) == 1 {
		return list
	}
	currency := catalog.Field{Name: field.CurrencyInput(), Type: catalog.Choice, LTR: true}
	for _, code := range d.Currencies() {
		currency.Choices = append(currency.Choices, catalog.Option{Value: string(code), Label: nameOf(code)})
	}
	label := i18n.Text{FA: i18n.FA.T("bulk.column.currency"), EN: i18n.EN.T("bulk.column.currency")}
	return append(list, Column{Input: currency.Name, Label: label, Field: currency, Required: true})
}

// nameOf is a currency as a cell holds it: its code, in either language.
func nameOf(code money.Currency) i18n.Text { return i18n.Text{FA: string(code), EN: string(code)} }

func rowColumns(field catalog.Field, rows int) []Column {
	least := field.LeastRows()
	var list []Column
	for n := 1; n <= max(min(field.MostRows(), rows), least); n++ {
		for _, sub := range field.Fields {
			label := func(lang i18n.Lang) string {
				return lang.T("bulk.column.row", "row", field.RowTitle.In(lang), "n", n, "label", sub.Label.In(lang))
			}
			list = append(list, Column{
				Input: field.RowInput(n, sub.Name), Label: i18n.Text{FA: label(i18n.FA), EN: label(i18n.EN)},
				Field: sub, Required: n <= least && always(field) && always(sub),
			})
		}
	}
	return list
}

// heading is what stands above the column: its label, starred when it must
// always be filled.
func (c Column) heading(lang i18n.Lang) string {
	if c.Required {
		return c.Label.In(lang) + requiredMark
	}
	return c.Label.In(lang)
}

const requiredMark = " *"
