package bulk

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/xuri/excelize/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

// A template has the labels in its first row, the inputs' names in its
// second, by which it is read back, and an example in its third, which is
// passed over when it comes back as it was.

// TemplateCSV returns a service's template for any spreadsheet program: UTF-8
// with the mark by which Excel knows it.
func TemplateCSV(d catalog.Definition, lang i18n.Lang) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range templateRowsOf(d, lang) {
		if err := w.Write(row); err != nil {
			return nil, fmt.Errorf("write the template of %s: %w", d.Slug, err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// templateRowsOf are the rows of a template, no cell of which is a formula.
func templateRowsOf(d catalog.Definition, lang i18n.Lang) [][]string {
	list := Columns(d)
	rows := [][]string{make([]string, len(list)), make([]string, len(list)), make([]string, len(list))}
	for i, c := range list {
		rows[0][i], rows[1][i], rows[2][i] = armed(c.heading(lang)), c.Input, armed(c.example(lang))
	}
	return rows
}

// example is what the third row shows: what the form shows as an example, or
// the first choice. Nothing stands for a secret.
func (c Column) example(lang i18n.Lang) string {
	if len(c.Field.Choices) > 0 {
		return shownOptions(c.Field, lang)[0]
	}
	return c.Field.Placeholder
}

// isExample reports whether a row is the template's example, left as it was.
func (h header) isExample(s sheet, row sheetRow, d catalog.Definition) bool {
	some := false
	for _, c := range h.columns {
		want := cell{shown: c.example(i18n.FA)}
		got := s.value(row.at(c.at), c.Column)
		if got != s.value(want, c.Column) {
			return false
		}
		some = some || got != ""
	}
	return some
}

// TemplateXLSX returns a service's template as a workbook: its cells are text,
// so that no leading zero is lost, choices are picked from lists, and the
// names of the inputs are in a hidden row.
func TemplateXLSX(d catalog.Definition, lang i18n.Lang) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	w := workbook{File: book, lang: lang}
	w.fill(d)
	if w.err != nil {
		return nil, fmt.Errorf("write the template of %s: %w", d.Slug, w.err)
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write the template of %s: %w", d.Slug, err)
	}
	return b.Bytes(), nil
}

// workbook is a template being written; the first error stays.
type workbook struct {
	*excelize.File
	lang i18n.Lang
	err  error
}

const (
	ordersSheet  = "orders"
	choicesSheet = "choices"
	lastRow      = MaxLines + 2 // of the cells that are prepared
)

func (w *workbook) fill(d catalog.Definition) {
	w.do(w.SetSheetName("Sheet1", ordersSheet))
	_, err := w.NewSheet(choicesSheet)
	w.do(err)
	w.do(w.SetSheetVisible(choicesSheet, false))
	rtl := w.lang == i18n.FA
	w.do(w.SetSheetView(ordersSheet, 0, &excelize.ViewOptions{RightToLeft: &rtl}))
	list := Columns(d)
	w.style(len(list))
	for r, row := range templateRowsOf(d, w.lang) {
		for i, text := range row {
			w.do(w.SetCellStr(ordersSheet, at(i, r+1), text))
		}
	}
	for i, c := range list {
		if c.Field.Type == catalog.Choice {
			w.offer(i, shownOptions(c.Field, w.lang))
		}
	}
	w.do(w.SetRowVisible(ordersSheet, 2, false))
	w.do(w.SetPanes(ordersSheet, &excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}))
}

// style makes headings bold, and every cell below them text.
func (w *workbook) style(columns int) {
	const asText = 49 // the number format "@"
	text, err := w.NewStyle(&excelize.Style{NumFmt: asText})
	w.do(err)
	heading, err := w.NewStyle(&excelize.Style{
		NumFmt: asText, Font: &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6EFFC"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	w.do(err)
	last, err := excelize.ColumnNumberToName(columns)
	w.do(err)
	w.do(w.SetColWidth(ordersSheet, "A", last, 24))
	w.do(w.SetColStyle(ordersSheet, "A:"+last, text))
	w.do(w.SetCellStyle(ordersSheet, "A1", at(columns-1, 1), heading))
}

// offer lets the cells of a column be picked from a list.
func (w *workbook) offer(column int, options []string) {
	for i, option := range options {
		w.do(w.SetCellStr(choicesSheet, at(column, i+1), option))
	}
	name := columnName(column)
	list := excelize.NewDataValidation(true)
	list.Sqref = fmt.Sprintf("%s3:%s%d", name, name, lastRow)
	list.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", choicesSheet, name, name, len(options)))
	w.do(w.AddDataValidation(ordersSheet, list))
}

func (w *workbook) do(err error) {
	if w.err == nil {
		w.err = err
	}
}

func at(column, row int) string { return fmt.Sprintf("%s%d", columnName(column), row) }
