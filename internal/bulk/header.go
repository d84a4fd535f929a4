package bulk

import (
	"strings"

	"pishkhan/internal/catalog"
)

// header says which column of a file holds which input.
type header struct {
	row     int // the number of the row that names them
	columns []named
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
	best, isNames := -1, false
	after := 0
	for i, row := range s.rows[:min(len(s.rows), headerRows)] {
		names := fits(row, known, byInput)
		if !names && !fits(row, known, byLabel) {
			break
		}
		if best < 0 || names && !isNames {
			best, isNames = i, names
		}
		after = i + 1
	}
	if best < 0 {
		return header{}, nil, nil, refuse("bulk.error.no_header")
	}
	finds := byLabel
	if isNames {
		finds = byInput
	}
	h, wrong = readHeader(s.rows[best], known, finds)
	wrong = append(wrong, h.missing(Columns(d))...)
	lines = s.rows[after:]
	return h, lines, append(wrong, unnamed(s.rows[best], lines)...), nil
}

// headerRows is how many rows may stand above the orders: labels and names.
const headerRows = 2

type finder func(cell string, c Column) bool

func byInput(cell string, c Column) bool { return strings.EqualFold(strings.TrimSpace(cell), c.Input) }
func byLabel(cell string, c Column) bool { return c.isCalled(cell) }

// fits reports whether most of what stands in a row are names of columns.
func fits(row sheetRow, known []Column, finds finder) bool {
	filled, found := 0, 0
	for _, c := range row.cells {
		if strings.TrimSpace(c.shown) == "" {
			continue
		}
		filled++
		if _, ok := find(c.shown, known, finds); ok {
			found++
		}
	}
	return found > 0 && 2*found >= filled
}

func find(cell string, known []Column, finds finder) (Column, bool) {
	for _, c := range known {
		if finds(cell, c) {
			return c, true
		}
	}
	return Column{}, false
}

func readHeader(row sheetRow, known []Column, finds finder) (h header, wrong []Finding) {
	h.row = row.number
	taken := map[string]int{}
	for i, c := range row.cells {
		name := strings.TrimSpace(c.shown)
		if name == "" {
			continue
		}
		column, ok := find(name, known, finds)
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

// short is so much of a stranger's text as a message takes.
func short(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), 60)])
}
