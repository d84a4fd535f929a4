package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
)

// The description names each route with all that it may answer, and its
// schemas hold what is really answered.
func TestDescription(t *testing.T) {
	b := setup(t)
	p := b.program(t)
	described := p.get("/openapi.json").want(http.StatusOK)
	doc := described.json()
	if doc["openapi"] != "3.1.0" || described.at("servers.0.url") != testworld.BaseURL+web.APIHome {
		t.Errorf("of %v at %v", doc["openapi"], doc["servers"])
	}
	if yaml := p.get("/openapi.yaml").want(http.StatusOK); !strings.Contains(yaml.text, "openapi: 3.1.0") {
		t.Error("no YAML")
	}
	paths := doc["paths"].(object)
	for _, r := range b.routes(t) {
		if open[r.path] {
			continue
		}
		path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.path, "{$1}")
		operation, ok := paths[path].(object)[strings.ToLower(r.method)].(object)
		if !ok {
			t.Errorf("%s %s is not described", r.method, path)
			continue
		}
		checkOperation(t, r.method+" "+path, operation)
	}

	schemas := compile(t, doc)
	schemas("GET", "/services", 200, p.get("/services"))
	schemas("GET", "/services/{slug}", 200, p.get("/services/steam-wallet"))
	answers := p.steam()
	quoted := p.post("/quotes", object{"service": "steam-wallet", "answers": answers})
	schemas("POST", "/quotes", 201, quoted)
	placed := p.order(p.request(quoted.at("id").(string), answers))
	schemas("POST", "/orders", 201, placed)
	schemas("GET", "/orders", 200, p.get("/orders"))
	schemas("GET", "/orders/{code}", 200, p.get("/orders/"+placed.at("orders.0.code").(string)))
	schemas("POST", "/orders", 422, p.order(object{}))
	describedDesk(t, b, schemas)
	p.token = "none"
	schemas("GET", "/orders", 401, p.get("/orders"))
}

// checkOperation looks for what a program's author needs.
func checkOperation(t *testing.T, name string, operation object) {
	t.Helper()
	if operation["summary"] == nil || operation["operationId"] == nil || len(operation["security"].([]any)) == 0 {
		t.Errorf("%s: says too little of itself", name)
	}
	responses := operation["responses"].(object)
	success := 0
	for status, response := range responses {
		content, _ := response.(object)["content"].(object)
		if status == "204" && strings.HasSuffix(name, "/queue/next") {
			continue // there is none: nothing to describe
		}
		kind := "application/problem+json"
		if strings.HasPrefix(status, "2") {
			success++
			kind = "application/json"
			if strings.HasSuffix(name, "receipts/{id}") {
				kind = "application/octet-stream"
			}
		}
		if body, ok := content[kind].(object); !ok || body["schema"] == nil {
			t.Errorf("%s: %s has no schema for %s: %v", name, status, kind, content)
		}
	}
	for _, status := range []string{"401", "403", "422", "429", "503"} {
		if responses[status] == nil {
			t.Errorf("%s: %s is not described", name, status)
		}
	}
	if success != 1 {
		t.Errorf("%s: %d ways to succeed", name, success)
	}
}

// compile reads the description's schemas, and returns what holds an answer
// against them.
func compile(t *testing.T, doc object) func(method, path string, status int, r reply) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	testworld.Must(t, compiler.AddResource("openapi.json", any(doc)))
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	return func(method, path string, status int, r reply) {
		t.Helper()
		r.want(status)
		kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
		at := strings.Join([]string{"openapi.json#", "paths", escape.Replace(path), strings.ToLower(method), "responses",
			strconv.Itoa(status), "content", escape.Replace(kind), "schema"}, "/")
		schema, err := compiler.Compile(at)
		if err != nil {
			t.Errorf("%s %s: %v", method, path, err)
			return
		}
		var body any
		testworld.Must(t, json.Unmarshal([]byte(r.text), &body))
		if err := schema.Validate(body); err != nil {
			t.Errorf("%s %s: %v\n%s", method, path, err, r.text)
		}
	}
}
