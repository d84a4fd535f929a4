package bulk

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"
)

// What a workbook may become when it is unpacked: far above what a thousand
// orders take, far below what hurts. Sheets and texts above inMemory are
// unpacked to disk and read from there.
const (
	maxUnzipped = 16 << 20
	inMemory    = 4 << 20
)

// readXLSX reads the first visible sheet of a workbook. Of numbers and dates
// it keeps both what is shown and what is behind.
func readXLSX(content []byte, columns int) (s sheet, err error) {
	defer func() { // the library was written for honest files
		if p := recover(); p != nil {
			s, err = sheet{}, refuse("bulk.error.unreadable")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: inMemory,
	})
	if err != nil {
		return sheet{}, refuse("bulk.error.unreadable")
	}
	defer book.Close()
	name := firstVisible(book)
	shown, err := book.Rows(name)
	if err != nil {
		return sheet{}, refuse("bulk.error.unreadable")
	}
	defer shown.Close()
	raw, err := book.Rows(name)
	if err != nil {
		return sheet{}, refuse("bulk.error.unreadable")
	}
	defer raw.Close()
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		s.since1904 = *props.Date1904
	}
	return s, s.take(shown, raw, columns)
}

func firstVisible(book *excelize.File) string {
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err == nil && visible {
			return name
		}
	}
	return book.GetSheetName(0)
}

// take reads both views of the sheet row by row, so that one that claims a
// million rows or columns costs no more than those in between.
func (s *sheet) take(shown, raw *excelize.Rows, columns int) error {
	for number := 1; number <= maxRead && shown.Next() && raw.Next(); number++ {
		texts, err := shown.Columns()
		if err != nil {
			return refuse("bulk.error.unreadable")
		}
		behind, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return refuse("bulk.error.unreadable")
		}
		if slices.ContainsFunc(texts, hasNUL) || slices.ContainsFunc(behind, hasNUL) {
			return refuse("bulk.error.unreadable")
		}
		cells, err := cellsOf(texts, columns)
		if err != nil {
			return err
		}
		for i := range cells {
			if i < len(behind) && behind[i] != texts[i] {
				cells[i].raw = behind[i]
			}
		}
		if len(cells) > 0 {
			s.rows = append(s.rows, sheetRow{number, cells})
		}
	}
	if err := shown.Error(); err != nil {
		return refuse("bulk.error.unreadable")
	}
	return nil
}

// columnName is what spreadsheets call a column, counted from 0.
func columnName(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return fmt.Sprint(i + 1)
	}
	return name
}
