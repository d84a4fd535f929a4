package sample_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// Every service has a right answer to each question that its form asks once
// the choices are made so, and none that it does not ask.
func TestAnswersAreRight(t *testing.T) {
	t.Parallel()
	definitions, err := catalog.Embedded()
	testworld.Must(t, err)
	for _, d := range definitions {
		values := uploaded(sample.Answers(d.Slug, testworld.Noon))
		answers, err := d.Check(values, testworld.Noon)
		if err != nil {
			t.Errorf("%s: %v", d.Slug, err)
			continue
		}
		asked := map[string]bool{}
		for _, q := range questions(d, values) {
			asked[q.input] = true
			if values[q.input] == "" && !q.together {
				t.Errorf("%s: %s is not answered", d.Slug, q.input)
			}
		}
		for input := range values {
			if !asked[input] {
				t.Errorf("%s: %s is not asked", d.Slug, input)
			}
		}
		if answers.Site == "" || !answers.Amount.Amount.IsPositive() {
			t.Errorf("%s: %v at %q", d.Slug, answers.Amount, answers.Site)
		}
	}
	if sample.Answers("no-such-service", testworld.Noon) != nil {
		t.Error("an unknown service has answers")
	}
}

// Whatever a form requires, it refuses to do without, and names.
func TestEachRequiredAnswerIsDemanded(t *testing.T) {
	t.Parallel()
	definitions, err := catalog.Embedded()
	testworld.Must(t, err)
	for _, d := range definitions {
		values := uploaded(sample.Answers(d.Slug, testworld.Noon))
		required := 0
		for _, q := range questions(d, values) {
			if !q.required {
				continue
			}
			required++
			without := maps.Clone(values)
			delete(without, q.input)
			_, err := d.Check(without, testworld.Noon)
			f := fault.Of(err)
			if f == nil || !slices.ContainsFunc(f.Fields, func(wrong fault.Field) bool { return wrong.Name == q.input }) {
				t.Errorf("%s without %s: %v", d.Slug, q.input, err)
			}
		}
		if required < 3 {
			t.Errorf("%s requires %d answers", d.Slug, required)
		}
		for field := range d.Fields() {
			if field.Type != catalog.Rows || !field.Required || len(field.RowNumbers(values)) == 0 {
				continue
			}
			without := maps.Clone(values)
			maps.DeleteFunc(without, func(input, _ string) bool { return strings.HasPrefix(input, field.Name+".") })
			_, err := d.Check(without, testworld.Noon)
			f := fault.Of(err)
			if f == nil || !slices.ContainsFunc(f.Fields, func(wrong fault.Field) bool { return wrong.Name == field.Name }) {
				t.Errorf("%s without any of %s: %v", d.Slug, field.Name, err)
			}
		}
	}
}

// uploaded puts the ID of an attachment where a file is handed in.
func uploaded(values map[string]string) map[string]string {
	for input, value := range values {
		if value == sample.Upload {
			values[input] = "7"
		}
	}
	return values
}

// question is one input that a form shows.
type question struct {
	input    string
	required bool
	together bool // with another answer, or both left out
}

// questions lists the inputs that a form shows to who answers it so.
func questions(d catalog.Definition, values map[string]string) []question {
	var asked []question
	var level func(prefix string, fields []catalog.Field)
	level = func(prefix string, fields []catalog.Field) {
		hidden := map[string]bool{}
		for _, field := range fields {
			if rule := field.ShownIf; rule != nil && (hidden[rule.Field] || !answeredWith(values[prefix+rule.Field], rule.In)) {
				hidden[field.Name] = true
				continue
			}
			input := prefix + field.Name
			switch {
			case field.Type == catalog.Rows:
				for n := 1; n <= max(1, len(field.RowNumbers(values))); n++ {
					level(field.RowInput(n, ""), field.Fields)
				}
			case field.Type == catalog.Amount:
				if field.Sum == nil {
					asked = append(asked, question{input: input, required: true})
				}
				asked = append(asked, question{input: prefix + field.CurrencyInput(), required: len(d.Limits) > 1})
			default:
				alone := prefix != "" && len(fields) == 1 // without it there is no row
				asked = append(asked, question{input: input, required: field.Required && !alone, together: field.With != ""})
			}
		}
	}
	level("", slices.Collect(d.Fields()))
	return asked
}

// answeredWith reports whether one of these options was chosen.
func answeredWith(typed string, options []string) bool {
	return slices.ContainsFunc(strings.Split(typed, ","), func(value string) bool { return slices.Contains(options, value) })
}
