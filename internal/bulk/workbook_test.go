package bulk_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"pishkhan/internal/bulk"
	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

// Cells that hold numbers and real dates are read by what is behind them.
func TestCellsOfAWorkbook(t *testing.T) {
	t.Parallel()
	d := services(t)["hotel-booking"]
	template, err := bulk.TemplateXLSX(d, i18n.EN)
	if err != nil {
		t.Fatal(err)
	}
	values := answers(d)
	want, err := d.Check(values, noon)
	if err != nil {
		t.Fatal(err)
	}
	content := changed(t, withRow(t, template, 3, cells(d, values, i18n.EN)), func(book *excelize.File, sheet string) error {
		shortDate, err := book.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			return err
		}
		thousands, err := book.NewStyle(&excelize.Style{NumFmt: 4})
		if err != nil {
			return err
		}
		for i, c := range bulk.Columns(d) {
			name, err := excelize.CoordinatesToCellName(i+1, 3)
			if err != nil {
				return err
			}
			switch {
			case c.Field.Type == catalog.Date && want.Open[c.Input] != "":
				day, err := time.Parse(time.DateOnly, want.Open[c.Input])
				if err != nil {
					return err
				}
				if err := book.SetCellStyle(sheet, name, name, shortDate); err != nil {
					return err
				}
				if err := book.SetCellValue(sheet, name, day); err != nil {
					return err
				}
			case c.Field.Type == catalog.Amount:
				if err := book.SetCellStyle(sheet, name, name, thousands); err != nil {
					return err
				}
				if err := book.SetCellFloat(sheet, name, want.Amount.Amount.InexactFloat64(), -1, 64); err != nil {
					return err
				}
			}
		}
		return nil
	})
	file, err := bulk.Check(content, d, noon)
	if err != nil || len(file.Wrong) > 0 || len(file.Lines) != 1 {
		t.Fatalf("%v %+v", err, file)
	}
	got, err := d.Check(file.Lines[0].Values, noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Open, got.Open); diff != "" {
		t.Error(diff)
	}
}

// withRow writes cells of text into a row of a workbook's first sheet.
func withRow(t testing.TB, content []byte, number int, row []string) []byte {
	t.Helper()
	return changed(t, content, func(book *excelize.File, sheet string) error {
		for i, text := range row {
			name, err := excelize.CoordinatesToCellName(i+1, number)
			if err != nil {
				return err
			}
			if err := book.SetCellStr(sheet, name, text); err != nil {
				return err
			}
		}
		return nil
	})
}

func changed(t testing.TB, content []byte, change func(*excelize.File, string) error) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if err := change(book, book.GetSheetName(0)); err != nil {
		t.Fatal(err)
	}
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A workbook is not read beyond the columns that a form may have, but cells
// that are blank there are no harm.
func TestColumnsOfAWorkbook(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	template, err := bulk.TemplateXLSX(d, i18n.FA)
	if err != nil {
		t.Fatal(err)
	}
	filled := withRow(t, template, 4, cells(d, answers(d), i18n.FA))
	with := func(text string) []byte {
		return changed(t, filled, func(book *excelize.File, sheet string) error { return book.SetCellStr(sheet, "XFD4", text) })
	}
	_, err = bulk.Check(with("x"), d, noon)
	refused(t, "16,384 columns", err, "bulk.error.too_many_columns")
	if file, err := bulk.Check(with(" "), d, noon); err != nil || len(file.Wrong) > 0 || len(file.Lines) != 1 {
		t.Errorf("with a blank cell: %v %+v", err, file)
	}
}

// A workbook with more in it than is held in memory is read from disk; one
// that unpacks to very much is refused.
func TestLargeWorkbooks(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	template, err := bulk.TemplateXLSX(d, i18n.FA)
	if err != nil {
		t.Fatal(err)
	}
	filled := withRow(t, template, 4, cells(d, answers(d), i18n.FA))
	padded := func(bytesMore int) []byte {
		xml := part(t, filled, sheetPart)
		end := bytes.LastIndex(xml, []byte("</worksheet>"))
		padding := slices.Concat([]byte("<!--"), bytes.Repeat([]byte(" "), bytesMore), []byte("-->"))
		return replaced(t, filled, sheetPart, slices.Concat(xml[:end], padding, xml[end:]))
	}
	if file, err := bulk.Check(padded(6<<20), d, noon); err != nil || len(file.Wrong) > 0 || len(file.Lines) != 1 {
		t.Errorf("6 MB: %v %+v", err, file)
	}
	_, err = bulk.Check(padded(20<<20), d, noon)
	refused(t, "20 MB", err, "bulk.error.unreadable")
}
