package bulk

import (
	"context"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
)

// File is a file that was read and checked.
type File struct {
	Lines  []Line
	Wrong  []Finding // faults: with any of them, nothing may be kept
	Doubts []Finding // what may be a mistake and may be meant: rows that come twice
}

// Line is one order of a file, as it was typed.
type Line struct {
	Row    int               `json:"row"`
	Values map[string]string `json:"values"`
}

// checking bounds the memory of all files that are read at once.
var checking = semaphore.NewWeighted(2)

// Check reads a file of orders of a service, CSV or XLSX, and checks it line
// by line; now says which day is today.
//
// Faults of the file as a whole are Invalid with the input "file": those of
// read, bulk.error.no_header, bulk.error.empty, bulk.error.too_many. Faults
// of its columns and cells are in File.Wrong: a thousand, and how many more.
func Check(content []byte, d catalog.Definition, now time.Time) (File, error) {
	if err := checking.Acquire(context.Background(), 1); err != nil {
		return File{}, err
	}
	defer checking.Release(1)
	s, err := read(content, len(columns(d, allRows))+spareColumns)
	if err != nil {
		return File{}, err
	}
	head, rows, wrong, err := findHeader(s, d)
	switch {
	case err != nil && len(s.rows) == 0:
		return File{}, refuse("bulk.error.empty")
	case err != nil:
		return File{}, err
	case len(wrong) > 0:
		return File{Wrong: wrong}, nil
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r sheetRow) bool { return head.isExample(s, r, d) })
	switch {
	case len(rows) == 0:
		return File{}, refuse("bulk.error.empty")
	case len(rows) > MaxLines:
		return File{}, refuse("bulk.error.too_many", "max", MaxLines)
	}
	return head.check(s, rows, d, now)
}

// spareColumns are those of a customer's own that a file may have for each of
// them to be told about.
const spareColumns = 20

func (h header) check(s sheet, rows []sheetRow, d catalog.Definition, now time.Time) (File, error) {
	var file File
	var wrong findings
	first := map[string]int{} // by the cells of a row
	for _, row := range rows {
		line := Line{Row: row.number, Values: h.values(s, row)}
		_, err := d.Check(line.Values, now)
		f := fault.Of(err)
		if err != nil && (f == nil || len(f.Fields) == 0) {
			return File{}, err
		}
		if f != nil {
			for _, field := range f.Fields {
				wrong.add(row.number, func() Finding { return h.found(row.number, field, d) })
			}
		}
		file.Lines = append(file.Lines, line)
		key := row.key()
		if earlier, twice := first[key]; twice {
			file.Doubts = append(file.Doubts, found(row.number, -1, "bulk.doubt.same_row", "row", earlier))
		} else {
			first[key] = row.number
		}
	}
	file.Wrong = wrong.list()
	return file, nil
}

// values are the answers of a row by input name, as a browser would send them.
func (h header) values(s sheet, row sheetRow) map[string]string {
	values := make(map[string]string, len(h.columns))
	for _, c := range h.columns {
		if value := s.value(row.at(c.at), c.Column); value != "" {
			values[c.Input] = value
		}
	}
	return values
}

func (r sheetRow) key() string {
	texts := make([]string, len(r.cells))
	for i, c := range r.cells {
		texts[i] = c.shown
	}
	return strings.TrimRight(strings.Join(texts, "\x00"), "\x00")
}

// found says what is wrong with an answer, and in which column it stands; a
// question that the file has no column for is named all the same.
func (h header) found(row int, wrong fault.Field, d catalog.Definition) Finding {
	if c, ok := h.column(wrong.Name); ok {
		return found(row, c.at, wrong.Key, wrong.Args...).of(c.Column)
	}
	finding := found(row, -1, wrong.Key, wrong.Args...)
	for _, c := range h.known {
		if c.Input == wrong.Name {
			return finding.of(c)
		}
	}
	for field := range d.Fields() { // an amount that is summed up, or a list of rows
		if field.Name == wrong.Name {
			finding.Label = field.Label
		}
	}
	return finding
}
