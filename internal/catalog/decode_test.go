package catalog_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// small is a definition with one of everything that faults are made in.
const small = `{
	"slug": "exam", "family": "education",
	"title": {"fa": "آزمون", "en": "Exam"}, "summary": {"fa": "آزمون", "en": "Exam"}, "guide": {"fa": "آزمون", "en": "Exam"},
	"site": {"field": "page"},
	"limits": [{"currency": "USD", "min": "10", "max": "500.50"}],
	"groups": [{"title": {"fa": "فرم", "en": "Form"}, "fields": [
		{"name": "page", "type": "url", "required": true, "label": {"fa": "نشانی", "en": "Page"}, "hosts": ["example.com"]},
		{"name": "day", "type": "date", "calendar": "jalali", "label": {"fa": "روز", "en": "Day"}, "from": "today", "until": "+2y"},
		{"name": "kind", "type": "choice", "label": {"fa": "نوع", "en": "Kind"}, "choices": [{"value": "a", "label": {"fa": "الف", "en": "A"}}]},
		{"name": "pass", "type": "secret", "sealed": true, "label": {"fa": "رمز", "en": "Password"}},
		{"name": "amount", "type": "amount", "required": true, "label": {"fa": "مبلغ", "en": "Amount"}}
	]}]
}`

func TestDecodeTellsWhereItIsWrong(t *testing.T) {
	if _, err := catalog.Decode([]byte(small)); err != nil {
		t.Fatal(err)
	}
	const key = "catalog.definition."
	for _, c := range []struct{ was, is, path, key string }{
		{`"slug": "exam"`, `"slug": "Exam"`, "/slug", "slug"},
		{`"slug": "exam"`, `"slug": 3`, "/slug", "type"},
		{`"slug": "exam"`, `"slug": "exam", "colour": 1`, "/colour", "unknown_member"},
		{`"slug": "exam"`, `"slug": "exam", "slug": "b"`, "/slug", "syntax"},
		{`"slug": "exam"`, `"slug": "exam", "Slug": "b"`, "/Slug", "unknown_member"},
		{`"family": "education"`, `"family": "food"`, "/family", "unknown_value"},
		{`"title": {"fa": "آزمون", "en": "Exam"}`, `"title": {"fa": "آزمون", "en": " "}`, "/title/en", "missing"},
		{`"site": {"field": "page"}`, `"site": {}`, "/site", "site"},
		{`"site": {"field": "page"}`, `"site": {"field": "page", "host": "example.com"}`, "/site", "site"},
		{`"site": {"field": "page"}`, `"site": {"field": "day"}`, "/site/field", "reference"},
		{`"site": {"field": "page"}`, `"site": {"host": "localhost"}`, "/site/host", "host"},
		{`"site": {"field"`, `"budget_minutes": -1, "site": {"field"`, "/budget_minutes", "range"},
		{`"currency": "USD"`, `"currency": "XYZ"`, "/limits/0/currency", "unknown_value"},
		{`"min": "10"`, `"min": "501"`, "/limits/0/max", "range"},
		{`"min": "10"`, `"min": "0"`, "/limits/0/min", "range"},
		{`"min": "10"`, `"min": "1e-9999999"`, "/limits/0/min", "range"},
		{`"min": "10"`, `"min": "ten"`, "/limits/0/min", "type"},
		{`"max": "500.50"`, `"max": "1e999999999"`, "/limits/0/max", "range"},
		{`"name": "page"`, `"name": "Page 1"`, "/groups/0/fields/0/name", "input_name"},
		{`"name": "day"`, `"name": "page"`, "/groups/0/fields/1/name", "duplicate"},
		{`"type": "date"`, `"typ": "date"`, "/groups/0/fields/1/typ", "unknown_member"},
		{`"type": "date"`, `"type": "datum"`, "/groups/0/fields/1/type", "unknown_value"},
		{`"hosts": ["example.com"]`, `"hosts": ["*"]`, "/groups/0/fields/0/hosts/0", "host"},
		{`"hosts": ["example.com"]`, `"min": 1`, "/groups/0/fields/0/min", "not_for_type"},
		{`"calendar": "jalali"`, `"calendar": "lunar"`, "/groups/0/fields/1/calendar", "unknown_value"},
		{`"from": "today"`, `"from": "tomorrow"`, "/groups/0/fields/1/from", "when"},
		{`"from": "today"`, `"after": "kind"`, "/groups/0/fields/1/after", "reference"},
		{`"from": "today"`, `"required_with": "nobody"`, "/groups/0/fields/1/required_with", "reference"},
		{`{"value": "a"`, `{"value": "a b"`, "/groups/0/fields/2/choices/0/value", "option_value"},
		{`, "sealed": true`, ``, "/groups/0/fields/3/sealed", "must_seal"},
		{`"required": true, "label": {"fa": "مبلغ"`, `"label": {"fa": "مبلغ"`, "/groups/0/fields/4/required", "amount_required"},
		{`"name": "kind"`, `"name": "amount_currency"`, "/groups/0/fields/4/name", "duplicate"},
	} {
		broken := strings.Replace(small, c.was, c.is, 1)
		if broken == small {
			t.Fatalf("%s is not in the sample", c.was)
		}
		_, err := catalog.Decode([]byte(broken))
		if got := wrong(t, err)[c.path]; got != key+c.key {
			t.Errorf("%s → %s: want %s at %s, got %v", c.was, c.is, c.key, c.path, err)
		}
		assertTold(t, err)
	}
}

func TestDecodeListsAllFaults(t *testing.T) {
	_, err := catalog.Decode([]byte(`{}`))
	want := []string{
		"/slug", "/family", "/title/fa", "/title/en", "/summary/fa", "/summary/en", "/guide/fa", "/guide/en",
		"/limits", "/groups", "/groups", "/site",
	}
	var paths []string
	for _, field := range fault.Of(err).Fields {
		paths = append(paths, field.Name)
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeGivesTheUsualBudget(t *testing.T) {
	d, err := catalog.Decode([]byte(small))
	if err != nil || d.Budget().Minutes() != 120 {
		t.Errorf("%v, %v", d.Budget(), err)
	}
}

// A definition that decodes is whole: it survives being kept, and any form
// filled in against it is answered with answers or with faults.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(small), "x")
	f.Add([]byte(order), "1")
	for _, name := range []string{"ielts-registration", "hotel-booking", "steam-wallet"} {
		data, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "https://example.com/")
	}
	f.Fuzz(func(t *testing.T, data []byte, answer string) {
		d, err := catalog.Decode(data)
		if err != nil {
			wrong(t, err)
			return
		}
		kept, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := catalog.Decode(kept)
		if err != nil {
			t.Fatalf("%v in %s", err, kept)
		}
		twice, err := json.Marshal(again)
		if err != nil || string(kept) != string(twice) {
			t.Fatalf("%v: %s became %s", err, kept, twice)
		}
		values := map[string]string{}
		for field := range d.Fields() {
			values[field.Name] = answer
			for _, asked := range field.Fields {
				values[field.RowInput(2, asked.Name)] = answer
			}
		}
		_, err = d.Check(values, today)
		wrong(t, err)
		if _, err := json.Marshal(d.Schema(i18n.EN)); err != nil {
			t.Error(err)
		}
		_, err = d.Values(d.Nested(values))
		wrong(t, err)
	})
}
