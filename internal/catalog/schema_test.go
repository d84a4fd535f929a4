package catalog_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
)

// compiled returns the schema of a form, as a program that orders has it.
func compiled(t testing.TB, d catalog.Definition, lang i18n.Lang) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("form.json", throughJSON(t, d.Schema(lang))); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("form.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// throughJSON is v as it arrives elsewhere.
func throughJSON(t testing.TB, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	arrived, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return arrived
}

// nested is what a program would send for the answers.
func nested(t testing.TB, d catalog.Definition, answers catalog.Answers) map[string]any {
	t.Helper()
	body := d.Nested(answers.Open)
	for name, secret := range answers.Sealed {
		body[name] = secret
	}
	return throughJSON(t, body).(map[string]any)
}

// sampleAnswers are right answers to the embedded service's form.
func sampleAnswers(t testing.TB, d catalog.Definition) catalog.Answers {
	t.Helper()
	values := sample.Answers(d.Slug, today)
	for name, value := range values {
		if value == sample.Upload {
			values[name] = "42"
		}
	}
	answers, err := d.Check(values, today)
	if err != nil {
		t.Fatalf("%s: %v", d.Slug, err)
	}
	return answers
}

// A program that orders sends what a browser sends: nested and flat again,
// the answers are the same, and the schema lets them through.
func TestNestedAnswersFitTheSchemaAndComeBack(t *testing.T) {
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range defs {
		t.Run(d.Slug, func(t *testing.T) {
			answers := sampleAnswers(t, d)
			assertComesBack(t, d, answers)
			for _, lang := range i18n.Langs() {
				schema := compiled(t, d, lang)
				if err := schema.Validate(nested(t, d, answers)); err != nil {
					t.Error(err)
				}
				if schema.Title != d.Title.In(lang) {
					t.Errorf("the title is %q", schema.Title)
				}
			}
			assertRefusedAlike(t, d, answers)
		})
	}
}

func assertComesBack(t testing.TB, d catalog.Definition, answers catalog.Answers) {
	t.Helper()
	values, err := d.Values(nested(t, d, answers))
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Check(values, today)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(answers.Open, again.Open); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string(answers.Sealed), map[string]string(again.Sealed)); diff != "" {
		t.Error(diff)
	}
	if !answers.Amount.Equal(again.Amount) {
		t.Errorf("%v became %v", answers.Amount, again.Amount)
	}
}

// assertRefusedAlike leaves out one answer after the other: where Check asks
// for it, so does the schema.
func assertRefusedAlike(t testing.TB, d catalog.Definition, answers catalog.Answers) {
	t.Helper()
	schema := compiled(t, d, i18n.EN)
	refuse := func(body map[string]any, left ...string) {
		t.Helper()
		values, err := d.Values(body)
		if err == nil {
			_, err = d.Check(values, today)
		}
		told := wrong(t, err)
		refused := slices.ContainsFunc(left, func(input string) bool { return told[input] != "" })
		if refused != (schema.Validate(body) != nil) {
			t.Errorf("without %s: checked %v, by the schema %v", left, err, schema.Validate(body))
		}
	}
	whole := nested(t, d, answers)
	for field := range d.Fields() {
		body := maps.Clone(whole)
		delete(body, field.Name)
		refuse(body, field.Name, field.CurrencyInput())
		rows, ok := whole[field.Name].([]any)
		if field.Type != catalog.Rows || !ok {
			continue
		}
		for _, asked := range field.Fields {
			row := maps.Clone(rows[0].(map[string]any))
			delete(row, asked.Name)
			if len(row) == 0 {
				continue // a row left blank is none
			}
			body[field.Name] = append([]any{row}, rows[1:]...)
			refuse(body, field.RowInput(1, asked.Name))
		}
	}
}

func TestTheSchemaKnowsRulesAndCompanions(t *testing.T) {
	d := orderForm(t)
	for _, pairs := range [][]string{
		nil,
		{"extras", "wrap,fast", "greeting", "Hi", "courier_phone", "+442079460018", "birthday", "1370/01/15"},
		{"kind", "card", "face_value", "50"},
		{"items.1.size", "own", "items.1.length", "12", "items.1.colours", "red,blue", "items.1.needed", "2026-11-01", "items.1.latest", "2026-11-02", "items.1.note", "x"},
		{"login", "me", "pass", " s3cret ", "invoice", "7", "shipping", "0"},
	} {
		answers, err := d.Check(with(goods(), pairs...), today)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled(t, d, i18n.FA).Validate(nested(t, d, answers)); err != nil {
			t.Errorf("%v: %v", pairs, err)
		}
		assertComesBack(t, d, answers)
		assertRefusedAlike(t, d, answers)
	}
}

func TestTheSchemaDescribesEachAnswer(t *testing.T) {
	schema := throughJSON(t, orderForm(t).Schema(i18n.EN)).(map[string]any)
	properties := schema["properties"].(map[string]any)
	for name, member := range map[string]string{"pass": "writeOnly", "login": "writeOnly", "page": "examples"} {
		if properties[name].(map[string]any)[member] == nil {
			t.Errorf("%s has no %s", name, member)
		}
	}
	items := properties["items"].(map[string]any)
	if items["title"] != "Goods" || items["items"].(map[string]any)["title"] != "Item" || items["maxItems"] != json.Number("3") {
		t.Errorf("%v", items)
	}
	amount := properties["amount"].(map[string]any)["properties"].(map[string]any)
	if _, typed := amount["amount"]; typed || amount["currency"] == nil {
		t.Errorf("a sum is not typed: %v", amount)
	}
}
