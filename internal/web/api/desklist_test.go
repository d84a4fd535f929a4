package api_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// deskAPI is what the product promises to programs of the staff, word by
// word, with the answers besides the errors that all share.
var deskAPI = map[string][]string{
	"GET /queue":                           {"200"},
	"POST /queue/next":                     {"200", "204"},
	"POST /orders/{code}/claim":            {"200", "409"},
	"DELETE /orders/{code}/claim":          {"200", "409"},
	"POST /orders/{code}/purchase":         {"200", "409"},
	"POST /orders/{code}/purchase/outcome": {"200", "409"},
	"POST /orders/{code}/complete":         {"200", "409"},
	"GET /orders/{code}":                   {"200"},
}

// The description, the router and the promise name the same operations; all
// errors are problems, a lost race names who holds the order, a completion is
// a form with the receipt.
func TestTheDeskAPIIsAsPromised(t *testing.T) {
	b := setup(t)
	doc := b.program(t).get("/openapi.json").want(200).json()
	paths := doc["paths"].(object)
	routed := map[string]bool{}
	for _, r := range b.routes(t) {
		routed[r.method+" "+parameter.ReplaceAllString(r.path, "{code}")] = true
	}
	described := map[string]bool{}
	for path, item := range paths {
		for method := range item.(object) {
			if path == "/queue" || strings.HasPrefix(path, "/queue/") || strings.HasPrefix(path, "/orders/{code}/") && !strings.Contains(path, "receipts") {
				described[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	for name, answers := range deskAPI {
		method, path, _ := strings.Cut(name, " ")
		item, _ := paths[path].(object)
		operation, ok := item[strings.ToLower(method)].(object)
		if !routed[name] || !ok {
			t.Errorf("%s: routed %v, described %v", name, routed[name], ok)
			continue
		}
		delete(described, name)
		responses := operation["responses"].(object)
		for _, status := range append(answers, "401", "403", "429") {
			if responses[status] == nil {
				t.Errorf("%s does not say that it answers %s: %v", name, status, slices.Sorted(maps.Keys(responses)))
			}
		}
		for status, response := range responses {
			content, _ := response.(object)["content"].(object)
			if strings.HasPrefix(status, "4") && content["application/problem+json"] == nil {
				t.Errorf("%s: %s is no problem+json", name, status)
			}
		}
	}
	for name := range described {
		t.Errorf("%s is described, and not promised", name)
	}
	complete := paths["/orders/{code}/complete"].(object)["post"].(object)
	if form := complete["requestBody"].(object)["content"].(object)["multipart/form-data"]; form == nil {
		t.Error("a completion is no form")
	}
	o := b.Paid(t)
	b.robot(t, b.Operator).post("/orders/"+o.Code+"/claim", nil).want(200)
	if late := b.robot(t, b.Operator2).post("/orders/"+o.Code+"/claim", nil).want(409); late.at("holder") != b.Operator.Name || late.at("since") == nil {
		t.Errorf("the late one is told %s", late.text)
	}
}
