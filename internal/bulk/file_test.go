package bulk_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"pishkhan/internal/bulk"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
)

// noon is a Monday in Tehran.
var noon = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)

func services(t testing.TB) map[string]catalog.Definition {
	t.Helper()
	all, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	bySlug := map[string]catalog.Definition{}
	for _, d := range all {
		if bulk.Takes(d) && sample.Answers(d.Slug, noon) != nil {
			bySlug[d.Slug] = d
		}
	}
	return bySlug
}

// answers are the sample answers that the template has columns for.
func answers(d catalog.Definition) map[string]string {
	values := map[string]string{}
	typed := sample.Answers(d.Slug, noon)
	for _, c := range bulk.Columns(d) {
		if value := typed[c.Input]; value != "" {
			values[c.Input] = value
		}
	}
	return values
}

// cells are answers as somebody fills them in: choices by their labels.
func cells(d catalog.Definition, values map[string]string, lang i18n.Lang) []string {
	row := make([]string, len(bulk.Columns(d)))
	for i, c := range bulk.Columns(d) {
		row[i] = values[c.Input]
		if len(c.Field.Choices) == 0 {
			continue
		}
		var labels []string
		for value := range strings.SplitSeq(values[c.Input], ",") {
			for _, option := range c.Field.Choices {
				if option.Value == value {
					labels = append(labels, option.Label.In(lang))
				}
			}
		}
		row[i] = strings.Join(labels, "، ")
	}
	return row
}

func csvOf(t testing.TB, separator rune, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = separator
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func rowsOf(t testing.TB, content []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Each service's template, filled in, says what the form itself would have
// said: as CSV and as XLSX, in both languages, with the example left in it.
func TestTemplatesAreReadBack(t *testing.T) {
	t.Parallel()
	for slug, d := range services(t) {
		want, err := d.Check(answers(d), noon)
		if err != nil {
			t.Errorf("%s: %v", slug, err)
			continue
		}
		for _, lang := range i18n.Langs() {
			row := cells(d, answers(d), lang)
			asCSV, err := bulk.TemplateCSV(d, lang)
			if err != nil {
				t.Fatal(err)
			}
			asXLSX, err := bulk.TemplateXLSX(d, lang)
			if err != nil {
				t.Fatal(err)
			}
			for kind, content := range map[string][]byte{
				"csv":  csvOf(t, ',', append(rowsOf(t, asCSV), row)...),
				"xlsx": withRow(t, asXLSX, 4, row),
			} {
				file, err := bulk.Check(content, d, noon)
				if err != nil || len(file.Wrong) > 0 || len(file.Lines) != 1 {
					t.Errorf("%s, %s, %s: %d lines, %v %v", slug, kind, lang, len(file.Lines), err, file.Wrong)
					continue
				}
				if file.Lines[0].Row != 4 {
					t.Errorf("%s, %s: the order is in row %d", slug, kind, file.Lines[0].Row)
				}
				got, err := d.Check(file.Lines[0].Values, noon)
				if err != nil {
					t.Errorf("%s, %s: %v", slug, kind, err)
				} else if diff := cmp.Diff(want.Open, got.Open); diff != "" || !maps.Equal(want.Sealed, got.Sealed) {
					t.Errorf("%s, %s, %s: %s", slug, kind, lang, diff)
				}
			}
		}
	}
}

// The template as it comes holds no order, and nothing that runs.
func TestTheTemplateAlone(t *testing.T) {
	t.Parallel()
	for slug, d := range services(t) {
		content, err := bulk.TemplateCSV(d, i18n.FA)
		if err != nil {
			t.Fatal(err)
		}
		_, err = bulk.Check(content, d, noon)
		refused(t, slug, err, "bulk.error.empty")
		for _, row := range rowsOf(t, content) {
			for _, text := range row {
				if text != "" && strings.ContainsRune("=+-@\t", rune(text[0])) {
					t.Errorf("%s: %q is a formula", slug, text)
				}
			}
		}
	}
}

func refused(t *testing.T, name string, err error, key string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "file" || f.Fields[0].Key != key {
		t.Errorf("%s: %v, want %s", name, err, key)
	}
}

// Whatever a spreadsheet program saves as "CSV" is read.
func TestKindsOfCSV(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	names, row := inputs(d), cells(d, answers(d), i18n.EN)
	plain := csvOf(t, ',', names, row)
	semicolons := csvOf(t, ';', names, row)
	utf16With := func(order binary.AppendByteOrder, mark []byte) []byte {
		b := mark
		for _, unit := range utf16.Encode([]rune(string(plain))) {
			b = order.AppendUint16(b, unit)
		}
		return b
	}
	for name, content := range map[string][]byte{
		"plain": plain, "semicolons": semicolons, "tabs": csvOf(t, '\t', names, row),
		"marked":           append([]byte("\xef\xbb\xbf"), plain...),
		"named":            append([]byte("sep=;\r\n"), semicolons...),
		"little endian":    utf16With(binary.LittleEndian, []byte("\xff\xfe")),
		"big endian":       utf16With(binary.BigEndian, []byte("\xfe\xff")),
		"lines of Windows": bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
	} {
		file, err := bulk.Check(content, d, noon)
		if err != nil || len(file.Wrong) > 0 || len(file.Lines) != 1 {
			t.Errorf("%s: %d lines, %v %v", name, len(file.Lines), err, file.Wrong)
		}
	}
}

func inputs(d catalog.Definition) []string {
	var names []string
	for _, c := range bulk.Columns(d) {
		names = append(names, c.Input)
	}
	return names
}

// What is wrong with a file as a whole is said in one word.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	names, row := inputs(d), cells(d, answers(d), i18n.EN)
	many := [][]string{names}
	for range bulk.MaxLines + 1 {
		many = append(many, row)
	}
	for key, content := range map[string][]byte{
		"bulk.error.empty":            nil,
		"bulk.error.no_header":        csvOf(t, ',', []string{"a", "b"}, []string{"1", "2"}),
		"bulk.error.too_many":         csvOf(t, ',', many...),
		"bulk.error.too_large":        make([]byte, bulk.MaxBytes+1),
		"bulk.error.too_many_columns": bytes.Repeat([]byte("a,"), bulk.MaxBytes/2),
		"bulk.error.encoding":         []byte("\xe4\xe5\xe6,\x00"),
		"bulk.error.old_excel":        []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
		"bulk.error.unreadable":       []byte("PK\x03\x04 and nothing more"),
	} {
		_, err := bulk.Check(content, d, noon)
		refused(t, key, err, key)
	}
	if file, err := bulk.Check(csvOf(t, ',', many[:bulk.MaxLines+1]...), d, noon); err != nil || len(file.Lines) != bulk.MaxLines {
		t.Errorf("a thousand: %d, %v", len(file.Lines), err)
	}
}

// Each fault is told with its row and its column, as a spreadsheet shows them.
func TestFaultsHaveRowAndColumn(t *testing.T) {
	t.Parallel()
	d := services(t)["amazon-basket"]
	list := bulk.Columns(d)
	at := func(input string) int {
		return slices.IndexFunc(list, func(c bulk.Column) bool { return c.Input == input })
	}
	letter := func(input string) string {
		name, err := excelize.ColumnNumberToName(at(input) + 1)
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	template, err := bulk.TemplateCSV(d, i18n.FA)
	if err != nil {
		t.Fatal(err)
	}
	with := func(changes ...string) []string {
		values := answers(d)
		for i := 0; i < len(changes); i += 2 {
			values[changes[i]] = changes[i+1]
		}
		return cells(d, values, i18n.FA)
	}
	rows := append(rowsOf(t, template),
		with(),                          // row 4
		with("items.2.quantity", "two"), // row 5
		make([]string, len(list)),       // row 6 is blank
		with("items.1.link", "", "payment_page", "javascript:alert(1)", "notes", "two\nlines"), // row 7
		with(), // row 8, the same as 4
	)
	file, err := bulk.Check(csvOf(t, ',', rows...), d, noon)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range file.Wrong {
		got = append(got, fmt.Sprintf("%s%d", f.Column, f.Row))
		if f.Words.FA == "" || f.Words.EN == "" || f.Label.FA == "" {
			t.Errorf("no words: %+v", f)
		}
		if strings.Contains(f.Words.EN+f.Words.FA, "javascript") {
			t.Errorf("the answer is told: %+v", f)
		}
	}
	slices.Sort(got)
	want := []string{letter("items.1.link") + "7", letter("items.2.quantity") + "5", letter("payment_page") + "7"}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("faults at %v, want %v", got, want)
	}
	if len(file.Doubts) != 1 || file.Doubts[0].Row != 8 || !strings.Contains(file.Doubts[0].Words.EN, "4") {
		t.Errorf("doubts %+v", file.Doubts)
	}
}

// The database takes no NUL: not of any encoding, nor escaped in a workbook.
// No control character comes back in words either.
func TestControlCharacters(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	names, row := inputs(d), cells(d, answers(d), i18n.EN)
	own := append(slices.Clone(names), "a\x00b")
	for name, order := range map[string]binary.AppendByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		content := []byte(name)
		for _, unit := range utf16.Encode([]rune(string(csvOf(t, ',', own, row)))) {
			content = order.AppendUint16(content, unit)
		}
		_, err := bulk.Check(content, d, noon)
		refused(t, fmt.Sprintf("%q", name), err, "bulk.error.encoding")
	}
	template, err := bulk.TemplateXLSX(d, i18n.FA)
	if err != nil {
		t.Fatal(err)
	}
	xml := part(t, template, sheetPart)
	end := bytes.LastIndex(xml, []byte("</sheetData>"))
	nul := []byte(`<row r="9"><c r="A9" t="inlineStr"><is><t>a_x0000_b</t></is></c></row>`)
	_, err = bulk.Check(replaced(t, template, sheetPart, slices.Concat(xml[:end], nul, xml[end:])), d, noon)
	refused(t, "workbook", err, "bulk.error.unreadable")

	own[len(own)-1] = "a\x1b\x07b"
	file, err := bulk.Check(csvOf(t, ',', own, row), d, noon)
	if err != nil || len(file.Wrong) != 1 || !strings.Contains(file.Wrong[0].Words.EN, "ab") {
		t.Errorf("%v %+v", err, file.Wrong)
	}
}

// A thousand faults are listed, and the rest counted.
func TestFaultsAreCounted(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	wrong := answers(d)
	wrong["amount"], wrong["site_login"] = "many", ""
	rows := [][]string{inputs(d)}
	for range 600 {
		rows = append(rows, cells(d, wrong, i18n.FA))
	}
	file, err := bulk.Check(csvOf(t, ',', rows...), d, noon)
	if err != nil || len(file.Wrong) != 1001 {
		t.Fatalf("%d faults, %v", len(file.Wrong), err)
	}
	last := file.Wrong[1000]
	if last.Row != 502 || !strings.Contains(last.Words.EN, "200") || !strings.Contains(last.Words.FA, "۲۰۰") {
		t.Errorf("the last is %+v", last)
	}
}

// Columns are told apart by their names; what is wrong with those is told
// before any row is looked at.
func TestColumns(t *testing.T) {
	t.Parallel()
	d := services(t)["steam-wallet"]
	names, row := inputs(d), cells(d, answers(d), i18n.FA)
	labels := make([]string, len(names))
	for i, c := range bulk.Columns(d) {
		labels[i] = c.Label.EN
	}
	swapped := func(rows ...[]string) [][]string {
		for i := range rows {
			rows[i] = slices.Clone(rows[i])
			slices.Reverse(rows[i])
		}
		return rows
	}
	for name, rows := range map[string][][]string{
		"in another order": swapped(names, row), "by their labels": {labels, row}, "labels and names": {labels, names, row},
	} {
		file, err := bulk.Check(csvOf(t, ',', rows...), d, noon)
		if err != nil || len(file.Wrong) > 0 || len(file.Lines) != 1 {
			t.Errorf("%s: %v %+v", name, err, file)
		}
	}
	amount := slices.Index(names, "amount")
	renamed := func(i int, name string) []string {
		changed := slices.Clone(names)
		changed[i] = name
		return changed
	}
	for name, tt := range map[string]struct {
		header []string
		row    []string
		words  []string
	}{
		"unknown and missing": {renamed(amount, "sum"), row, []string{"“sum”", "“amount”"}},
		"twice":               {append(slices.Clone(names), names[0]), append(slices.Clone(row), "x"), []string{"twice"}},
		"without a name":      {names, append(slices.Clone(row), "x"), []string{"no name"}},
	} {
		file, err := bulk.Check(csvOf(t, ',', tt.header, tt.row), d, noon)
		if err != nil || len(file.Wrong) != len(tt.words) || len(file.Lines) > 0 {
			t.Errorf("%s: %v %+v", name, err, file)
			continue
		}
		for i, words := range tt.words {
			if !strings.Contains(file.Wrong[i].Words.EN, words) {
				t.Errorf("%s: %q does not say %s", name, file.Wrong[i].Words.EN, words)
			}
		}
	}
}
