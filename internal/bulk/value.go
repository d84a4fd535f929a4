package bulk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
)

// value is what a cell says for its column, as a customer would type it.
func (s sheet) value(c cell, column Column) string {
	text := armless(strings.TrimSpace(c.shown))
	switch column.Field.Type {
	case catalog.Secret:
		return c.shown // to the letter
	case catalog.Date:
		if day, ok := s.day(c); ok {
			return typedDay(day, column.Field)
		}
	case catalog.Amount, catalog.Price, catalog.Number:
		if number, ok := plainNumber(c.raw); ok {
			return number
		}
	case catalog.Choice:
		return optionOf(text, column.Field)
	case catalog.Choices:
		return optionsOf(text, column.Field)
	}
	if number, ok := plainNumber(c.raw); ok && strings.Contains(text, "E+") { // too long for its column
		return number
	}
	return text
}

// day reads a cell that holds a real date: a number that is shown as
// something else.
func (s sheet) day(c cell) (time.Time, bool) {
	serial, err := strconv.ParseFloat(c.raw, 64)
	if err != nil || serial < 1 || serial > 2_958_465 { // the end of the year 9999
		return time.Time{}, false
	}
	day, err := excelize.ExcelDateToTime(serial, s.since1904)
	return day, err == nil
}

func typedDay(day time.Time, f catalog.Field) string {
	if f.Calendar == catalog.Jalali {
		return jalali.FromTime(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, jalali.Tehran)).String()
	}
	return day.Format(time.DateOnly)
}

// plainNumber writes the number behind a cell without the noise of its
// binary form: spreadsheets know fifteen digits.
func plainNumber(raw string) (string, bool) {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || f != f || f > 1e15 || f < -1e15 {
		return "", false
	}
	d, err := decimal.NewFromString(strconv.FormatFloat(f, 'g', 15, 64))
	return d.String(), err == nil
}

// optionOf finds the choice that a cell names by its label, in either
// language, or by its value. What is none is left for the check to refuse.
func optionOf(text string, f catalog.Field) string {
	wanted := tidy(text)
	for _, option := range f.Choices {
		if slices.ContainsFunc([]string{option.Value, option.Label.FA, option.Label.EN}, func(name string) bool {
			return tidy(name) == wanted
		}) {
			return option.Value
		}
	}
	return text
}

func optionsOf(text string, f catalog.Field) string {
	if only := optionOf(text, f); only != text { // its label may have a comma in it
		return only
	}
	names := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",،;؛\n", r) })
	if len(names) > len(f.Choices) {
		return text
	}
	for i, name := range names {
		names[i] = optionOf(strings.TrimSpace(name), f)
	}
	return strings.Join(names, ",")
}

// shownOptions is how a cell of a template names a choice.
func shownOptions(f catalog.Field, lang i18n.Lang) []string {
	names := make([]string, len(f.Choices))
	for i, option := range f.Choices {
		names[i] = option.Label.In(lang)
	}
	return names
}

// formulas begin with one of these in some spreadsheet program.
const formulas = "=+-@\t\r"

// armed makes a text harmless to a program that would take it for a formula.
func armed(text string) string {
	if text != "" && strings.ContainsRune(formulas, rune(text[0])) {
		return "'" + text
	}
	return text
}

// armless takes the mark off again.
func armless(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && armed(rest) != rest {
		return rest
	}
	return text
}
