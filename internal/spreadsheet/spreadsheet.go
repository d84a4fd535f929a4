// Package spreadsheet writes tables as files for spreadsheet programs: CSV,
// and Excel's workbooks. No cell is a formula, whatever it begins with.
package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Table is what one sheet holds. A cell is an int, which sums, or a string.
type Table struct {
	Name    string // of the sheet
	RTL     bool   // the sheet runs from the right
	Columns []string
	Rows    [][]any
}

// formulas are the beginnings by which spreadsheet programs know a formula, or
// what they strip before one.
const formulas = "=+-@\t\r\n"

// Text is a text that no spreadsheet program takes for a formula.
func Text(s string) string {
	if s != "" && strings.ContainsRune(formulas, rune(s[0])) {
		return "'" + s
	}
	return s
}

// CSV writes the table in UTF-8, with the mark by which Excel knows it.
func (t Table) CSV() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = Text(c)
	}
	if err := w.Write(line); err != nil {
		return nil, fmt.Errorf("write %s: %w", t.Name, err)
	}
	for _, row := range t.Rows {
		line = line[:0]
		for _, cell := range row {
			if n, ok := cell.(int); ok {
				line = append(line, strconv.Itoa(n))
			} else {
				line = append(line, Text(fmt.Sprint(cell)))
			}
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("write %s: %w", t.Name, err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// XLSX writes the table as a workbook of one sheet, its first row in bold and
// held in place.
func (t Table) XLSX() ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	if err := t.fill(book); err != nil {
		return nil, fmt.Errorf("write %s: %w", t.Name, err)
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", t.Name, err)
	}
	return b.Bytes(), nil
}

func (t Table) fill(book *excelize.File) error {
	sheet := book.GetSheetName(0)
	if err := book.SetSheetName(sheet, t.Name); err != nil {
		return err
	}
	if err := book.SetSheetView(t.Name, 0, &excelize.ViewOptions{RightToLeft: &t.RTL}); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	w, err := book.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = excelize.Cell{StyleID: bold, Value: Text(c)}
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range t.Rows {
		cells := make([]any, len(row))
		for j, cell := range row {
			cells[j] = cell
			if s, ok := cell.(string); ok {
				cells[j] = Text(s)
			}
		}
		if err := w.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
