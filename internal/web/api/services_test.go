package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pishkhan/internal/catalog"
	"pishkhan/internal/testworld"
)

// Every service can be ordered: its sample answers fit its JSON Schema and
// make an order, and without an answer that is required they do not.
func TestEveryServiceIsOrdered(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	services, err := b.House.Catalog.Showcase(t.Context())
	testworld.Must(t, err)
	document := p.upload()
	for _, service := range services {
		t.Run(service.Definition.Slug, func(t *testing.T) {
			d := service.Definition
			answers := p.answers(d.Slug)
			quote := p.quote(d.Slug, answers)
			request := p.request(quote, answers)
			request["customer"].(object)["document"] = document

			schema := p.form(t, d.Slug)
			if err := schema.Validate(decoded(t, answers)); err != nil {
				t.Errorf("the schema refuses the sample: %v", err)
			}
			for field := range d.Fields() {
				_, answered := answers[field.Name]
				known := field.Sum != nil && len(d.Limits) == 1 // the amount and its currency both
				if !answered || !field.Required || known {
					continue
				}
				p.without(t, schema, request, quote, answers, field)
			}
			r := p.order(request)
			r.t = t
			r.want(http.StatusCreated)
			if d.Identity == catalog.Document {
				other := p.request(p.quote(d.Slug, answers), answers)
				refused := p.order(other)
				refused.t = t
				refused.problem(422, "fault.invalid", "/customer/document")
			}
		})
	}
}

// without orders with one answer left out, which must be refused there.
func (p *program) without(t *testing.T, schema *jsonschema.Schema, request object, quote string, answers object, field catalog.Field) {
	t.Helper()
	less := maps.Clone(answers)
	delete(less, field.Name)
	if schema.Validate(decoded(t, less)) == nil {
		t.Errorf("%s: the schema does not miss it", field.Name)
	}
	r := p.order(with(request, "lines", []object{{"quote": quote, "answers": less}}))
	if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text, `"location":"/lines/0/answers/`+field.Name) {
		t.Errorf("%s: status %d: %s", field.Name, r.status, r.text)
	}
}

// form is the JSON Schema of a service's answers.
func (p *program) form(t *testing.T, slug string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	testworld.Must(t, compiler.AddResource("form.json", p.get("/services/"+slug).want(http.StatusOK).at("answers_schema")))
	schema, err := compiler.Compile("form.json")
	testworld.Must(t, err)
	return schema
}

// decoded is a value as it looks after a trip through JSON.
func decoded(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	testworld.Must(t, err)
	var back any
	testworld.Must(t, json.Unmarshal(text, &back))
	return back
}
