package bulk

import (
	"bytes"
	"strings"

	"pishkhan/internal/fault"
)

// Limits of a file.
const (
	MaxBytes = 5 << 20
	MaxLines = 1000 // orders in one file
)

// maxRead is how many rows of a file are looked at: the orders, one more that
// shows that there are too many, what stands above them, and blank ones.
const maxRead = MaxLines * 3

// sheet is a file as rows of cells.
type sheet struct {
	rows []sheetRow
	// since1904 says that the file counts its days from 1904, as those of old Macintoshes do.
	since1904 bool
}

// sheetRow is a row that is not blank, and its number as spreadsheets count.
type sheetRow struct {
	number int
	cells  []cell
}

// at is a cell of the row; what lies beyond its end is blank.
func (r sheetRow) at(column int) cell {
	if column < len(r.cells) {
		return r.cells[column]
	}
	return cell{}
}

// cell is what a spreadsheet shows in a cell, and the number behind it, if it
// keeps one.
type cell struct {
	shown string
	raw   string
}

// read reads a CSV or XLSX file of at most so many columns. Faults, Invalid
// with the input "file": bulk.error.too_large, bulk.error.unreadable,
// bulk.error.encoding, bulk.error.old_excel, bulk.error.too_many_columns.
func read(content []byte, columns int) (sheet, error) {
	switch {
	case len(content) > MaxBytes:
		return sheet{}, refuse("bulk.error.too_large", "size", MaxBytes>>20)
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return readXLSX(content, columns)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")): // the format before 2007
		return sheet{}, refuse("bulk.error.old_excel")
	}
	return readCSV(content, columns)
}

// cellsOf are the cells of a row without the blank ones at its end.
func cellsOf(texts []string, columns int) ([]cell, error) {
	for len(texts) > 0 && strings.TrimSpace(texts[len(texts)-1]) == "" {
		texts = texts[:len(texts)-1]
	}
	if len(texts) > columns {
		return nil, refuse("bulk.error.too_many_columns")
	}
	cells := make([]cell, len(texts))
	for i, text := range texts {
		cells[i].shown = text
	}
	return cells, nil
}

// refuse says what is wrong with a file as a whole.
func refuse(key string, args ...any) error {
	var wrong fault.Fields
	wrong.Add("file", key, args...)
	return wrong.Err()
}
