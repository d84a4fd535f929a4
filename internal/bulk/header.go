package bulk

import (
	"slices"
	"strings"
	"unicode"

	"pishkhan/internal/catalog"
)

// header says which column of a file holds which input.
type header struct {
	row     int // the number of the row that names them
	columns []named
	known   []Column // all that the form has
}

// named is a column of a file whose name we know.
type named struct {
	Column
	at int // counted from 0
}

// findHeader reads the names of the columns off the rows at the top: inputs'
// names, or else labels in either language. It returns what comes after, and
// what is wrong with the names: unknown ones, one that comes twice, missing
// ones that every order needs. Fault: Invalid, bulk.error.no_header.
func findHeader(s sheet, d catalog.Definition) (h header, lines []sheetRow, wrong []Finding, err error) {
	known := columns(d, allRows)
	inputs, labels := byInput(known), byLabel(known)
	best, isNames := -1, false
	after := 0
	for i, row := range s.rows[:min(len(s.rows), headerRows)] {
		fit := inputs.fit(row)
		if !fit && !labels.fit(row) {
			break
		}
		if best < 0 || fit && !isNames {
			best, isNames = i, fit
		}
		after = i + 1
	}
	if best < 0 {
		return header{}, nil, nil, refuse("bulk.error.no_header")
	}
	headings := labels
	if isNames {
		headings = inputs
	}
	h, wrong = readHeader(s.rows[best], headings)
	h.known = known
	wrong = append(wrong, h.missing(Columns(d))...)
	lines = s.rows[after:]
	return h, lines, append(wrong, unnamed(s.rows[best], lines)...), nil
}

// headerRows is how many rows may stand above the orders: labels and names.
const headerRows = 2

func readHeader(row sheetRow, headings names) (h header, wrong []Finding) {
	h.row = row.number
	taken := map[string]int{}
	for i, c := range row.cells {
		name := strings.TrimSpace(c.shown)
		if name == "" {
			continue
		}
		column, ok := headings.find(name)
		first, twice := taken[column.Input]
		switch {
		case !ok:
			wrong = append(wrong, found(h.row, i, "bulk.error.unknown_column", "name", short(name)))
		case twice:
			wrong = append(wrong, found(h.row, i, "bulk.error.column_twice", "first", columnName(first)).of(column))
		default:
			taken[column.Input] = i
			h.columns = append(h.columns, named{column, i})
		}
	}
	return h, wrong
}

// missing are columns that every order needs.
func (h header) missing(template []Column) (wrong []Finding) {
	for _, c := range template {
		if _, ok := h.column(c.Input); !ok && c.Required {
			wrong = append(wrong, found(h.row, -1, "bulk.error.missing_column", "name", c.Input).of(c))
		}
	}
	return wrong
}

// unnamed finds the first answer in each column that has no name.
func unnamed(names sheetRow, lines []sheetRow) (wrong []Finding) {
	told := map[int]bool{}
	for _, row := range lines {
		for i, c := range row.cells {
			if told[i] || strings.TrimSpace(c.shown) == "" || strings.TrimSpace(names.at(i).shown) != "" {
				continue
			}
			told[i] = true
			wrong = append(wrong, found(row.number, i, "bulk.error.unnamed_column"))
		}
	}
	return wrong
}

// column finds the column of an input.
func (h header) column(input string) (named, bool) {
	for _, c := range h.columns {
		if c.Input == input {
			return c, true
		}
	}
	return named{}, false
}

// short is so much of a stranger's text as a message takes, without control
// characters.
func short(text string) string {
	runes := slices.DeleteFunc([]rune(text), unicode.IsControl)
	return string(runes[:min(len(runes), 60)])
}
