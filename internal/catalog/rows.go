package catalog

import (
	"slices"
	"strconv"
	"strings"
)

const (
	usualRows = 20
	mostRows  = 100
)

// MostRows is how many rows the field takes at most.
func (f Field) MostRows() int {
	if f.MaxRows > 0 {
		return f.MaxRows
	}
	return max(usualRows, f.MinRows)
}

// LeastRows is how many rows have to be filled in.
func (f Field) LeastRows() int {
	if f.MinRows == 0 && f.Required {
		return 1
	}
	return f.MinRows
}

// RowInput is the name of a row's input: the field's, the row's number
// counted from 1, and the name of the question among the field's own.
func (f Field) RowInput(number int, question string) string {
	return f.row(number) + question
}

// row is what the names of a row's inputs begin with.
func (f Field) row(number int) string { return f.Name + "." + strconv.Itoa(number) + "." }

// RowNumbers lists the rows of which anything was typed into, in order. Of a
// form with more rows than it takes only so many are listed that it shows.
func (f Field) RowNumbers(values map[string]string) []int {
	var numbers []int
	for name, raw := range values {
		if len(numbers) > f.MostRows() {
			break
		}
		number, question, ok := f.splitInput(name)
		if !ok || slices.Contains(numbers, number) {
			continue
		}
		for _, asked := range f.Fields {
			if asked.Name == question && !asked.blank(raw) {
				numbers = append(numbers, number)
			}
		}
	}
	slices.Sort(numbers)
	return numbers
}

// splitInput takes the name of a row's input apart.
func (f Field) splitInput(name string) (number int, question string, ok bool) {
	rest, ok := strings.CutPrefix(name, f.Name+".")
	if !ok {
		return 0, "", false
	}
	digits, question, ok := strings.Cut(rest, ".")
	if !ok || len(digits) > 9 {
		return 0, "", false
	}
	number, err := strconv.Atoi(digits)
	return number, question, err == nil && number > 0 && strconv.Itoa(number) == digits
}

// eachRow reads the rows that were filled in, and keeps them numbered without
// gaps.
func (c *check) eachRow(field Field) error {
	numbers := field.RowNumbers(c.values)
	if len(numbers) > field.MostRows() {
		c.wrong.Add(field.Name, "catalog.error.rows_max", "max", field.MostRows())
		return nil
	}
	filled := 0
	for _, number := range numbers {
		row := c.at(field.Fields, field.row(number), field.row(filled+1))
		if c.untouched(row) {
			continue
		}
		filled++
		if err := c.level(row); err != nil {
			return err
		}
	}
	switch least := field.LeastRows(); {
	case filled >= least:
	case least == 1:
		c.wrong.Add(field.Name, "catalog.error.required")
	default:
		c.wrong.Add(field.Name, "catalog.error.rows_min", "min", least)
	}
	return nil
}

// untouched reports whether nothing was answered that is asked: what was
// typed before it was hidden is no answer.
func (c *check) untouched(row level) bool {
	return !slices.ContainsFunc(row.fields, func(field Field) bool {
		return !row.hidden[field.Name] && !field.blank(c.values[row.typed+field.Name])
	})
}

// keptRows lists what the names of the answers of each kept row begin with,
// in order.
func (f Field) keptRows(open map[string]string) []string {
	var rows []string
	for number := 1; number <= mostRows; number++ {
		row := f.row(number)
		if !slices.ContainsFunc(f.Fields, func(asked Field) bool { _, ok := open[row+asked.Name]; return ok }) {
			break
		}
		rows = append(rows, row)
	}
	return rows
}
