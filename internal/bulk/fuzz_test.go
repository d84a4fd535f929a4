package bulk_test

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"pishkhan/internal/bulk"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// Anything may be sent as a file: it is read, or refused in words.
func FuzzCSV(f *testing.F) {
	d := services(f)["steam-wallet"]
	row := cells(d, answers(d), i18n.FA)
	f.Add(csvOf(f, ',', inputs(d), row))
	f.Add(csvOf(f, ';', inputs(d), row, row))
	f.Add([]byte("sep=;\n\"a\n\";\xff"))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Fuzz(func(t *testing.T, content []byte) { holds(t, d, content) })
}

// A workbook's sheet may say anything, too.
func FuzzSheet(f *testing.F) {
	d := services(f)["steam-wallet"]
	book, err := bulk.TemplateXLSX(d, i18n.FA)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(part(f, withRow(f, book, 3, cells(d, answers(d), i18n.FA)), sheetPart))
	for _, xml := range []string{
		`<worksheet><sheetData><row r="1048576"><c r="XFD1048576" t="s"><v>99999</v></c></row></sheetData></worksheet>`,
		`<worksheet><sheetData><row r="0"><c r="" t="inlineStr"><is><t>amount</t></is></c></row><row r="-1"/></sheetData></worksheet>`,
		`<worksheet><sheetData><row><c r="A1" s="77"><f>SUM(A1:A9)</f><v>1e400</v></c>`,
	} {
		f.Add([]byte(xml))
	}
	f.Fuzz(func(t *testing.T, xml []byte) { holds(t, d, replaced(t, book, sheetPart, xml)) })
}

func holds(t *testing.T, d catalog.Definition, content []byte) {
	file, err := bulk.Check(content, d, noon)
	if err != nil && !fault.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
	if len(file.Lines) > bulk.MaxLines {
		t.Fatalf("%d lines", len(file.Lines))
	}
}

const sheetPart = "xl/worksheets/sheet1.xml"

// part is one file of a workbook.
func part(t testing.TB, content []byte, name string) []byte {
	t.Helper()
	for _, f := range unzip(t, content).File {
		if f.Name == name {
			return readAll(t, f)
		}
	}
	t.Fatalf("no %s in the workbook", name)
	return nil
}

// replaced is the workbook with one of its files changed.
func replaced(t testing.TB, content []byte, name string, by []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range unzip(t, content).File {
		text := by
		if f.Name != name {
			text = readAll(t, f)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unzip(t testing.TB, content []byte) *zip.Reader {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func readAll(t testing.TB, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
