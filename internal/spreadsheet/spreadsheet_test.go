package spreadsheet_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pishkhan/internal/spreadsheet"
)

var table = spreadsheet.Table{
	Name: "people", RTL: true, Columns: []string{"نام", "=done"},
	Rows: [][]any{
		{"سارا, \"S\"", 3}, {"=cmd|' /C calc'!A0", -4}, {"+1", 0}, {"-1", 0}, {"@SUM(A1)", 0}, {"\t=1", 0}, {"\r=1", 0}, {"\n=1", 0}, {"", 0}, {"a=b", 0},
	},
}

var want = [][]string{
	{"نام", "'=done"}, {"سارا, \"S\"", "3"}, {"'=cmd|' /C calc'!A0", "-4"}, {"'+1", "0"}, {"'-1", "0"}, {"'@SUM(A1)", "0"},
	{"'\t=1", "0"}, {"'\r=1", "0"}, {"'\n=1", "0"}, {"", "0"}, {"a=b", "0"},
}

func TestCSV(t *testing.T) {
	t.Parallel()
	file, err := table.CSV()
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(file), "\ufeff")
	if !marked {
		t.Error("Excel would not know that it is UTF-8")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	same(t, rows)
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	file, err := table.XLSX()
	if err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("people")
	if err != nil {
		t.Fatal(err)
	}
	same(t, rows)
	for i := range want {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if formula, err := book.GetCellFormula("people", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q, %v", cell, formula, err)
		}
	}
	if kind, err := book.GetCellType("people", "B3"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a number is a cell of type %v, %v", kind, err)
	}
}

// CSV loses a bare carriage return within a cell; the mark before it stays.
func same(t *testing.T, rows [][]string) {
	t.Helper()
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	line := strings.NewReplacer("\r", "")
	for i, row := range rows {
		for j := range row {
			row[j] = line.Replace(row[j])
		}
		var expected []string
		for _, cell := range want[i] {
			expected = append(expected, line.Replace(cell))
		}
		if !slices.Equal(row, expected) {
			t.Errorf("row %d is %q, want %q", i, row, expected)
		}
	}
}
