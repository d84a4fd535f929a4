package catalog_test

import (
	"strings"
	"testing"

	"pishkhan/internal/catalog"
)

func TestDecodeTellsWhatIsWrongWithRowsRulesAndSums(t *testing.T) {
	const fields, items, key = "/groups/0/fields/", "/groups/0/fields/6/", "catalog.definition."
	for _, c := range []struct{ was, is, path, key string }{
		{`"identity": "document"`, `"identity": "face"`, "/identity", "unknown_value"},
		{`"expected_minutes": 45`, `"expected_minutes": 91`, "/expected_minutes", "range"},
		{`"expected_minutes": 45`, `"expected_minutes": -1`, "/expected_minutes", "range"},
		{`"en": "buy"`, `"en": ""`, "/keywords/en", "missing"},
		{`"shown_if": {"field": "extras", "in": ["wrap"]}`, `"shown_if": {"field": "items", "in": ["wrap"]}`, fields + "3/shown_if/field", "reference"},
		{`"shown_if": {"field": "extras", "in": ["wrap"]}`, `"shown_if": {"field": "page", "in": ["wrap"]}`, fields + "3/shown_if/field", "reference"},
		{`"shown_if": {"field": "extras", "in": ["wrap"]}`, `"shown_if": {"field": "greeting", "in": ["wrap"]}`, fields + "3/shown_if/field", "reference"},
		{`"shown_if": {"field": "extras", "in": ["wrap"]}`, `"shown_if": {"field": "extras", "in": []}`, fields + "3/shown_if/in", "missing"},
		{`"shown_if": {"field": "extras", "in": ["wrap"]}`, `"shown_if": {"field": "extras", "in": ["fast", "red"]}`, fields + "3/shown_if/in/1", "no_option"},
		{`"shown_if": {"field": "extras", "in": ["wrap"]}`, `"shown_if": {"field": "extras", "in": ["wrap", "wrap"]}`, fields + "3/shown_if/in/1", "duplicate"},
		{`"shown_if": {"field": "size", "in": ["own"]}`, `"shown_if": {"field": "kind", "in": ["goods"]}`, items + "fields/4/shown_if/field", "reference"},
		{`"shown_if": {"field": "size", "in": ["own"]}`, `"shown_if": {"field": "size", "in": ["red"]}`, items + "fields/4/shown_if/in/0", "no_option"},
		{`"sum": {`, `"shown_if": {"field": "kind", "in": ["card"]}, "sum": {`, "/groups/1/fields/3/shown_if", "not_for_type"},
		{`"page", "type": "url", "required": true, "label"`, `"page2", "type": "url", "label"`, "/site/field", "reference"},
		{`"required_with": "greeting"`, `"required_with": "items"`, fields + "4/required_with", "reference"},
		{`"required_with": "greeting"`, `"required_with": "amount"`, fields + "4/required_with", "reference"},
		{`"required_with": "latest"`, `"required_with": "greeting"`, items + "fields/8/required_with", "reference"},
		{`"max_rows": 3`, `"max_rows": 101`, items + "max_rows", "range"},
		{`"max_rows": 3`, `"max_rows": -1`, items + "max_rows", "range"},
		{`"max_rows": 3`, `"max_rows": 3, "min_rows": 4`, items + "max_rows", "range"},
		{`"max_rows": 3`, `"min_rows": 101`, items + "min_rows", "range"},
		{`"max_rows": 3`, `"required_with": "page"`, items + "required_with", "not_for_type"},
		{`"en": "Item"`, `"en": ""`, items + "row_title/en", "missing"},
		{`"count", "type": "number", "max": 99`, `"price", "type": "number"`, items + "fields/2/name", "duplicate"},
		{`"count", "type": "number", "max": 99`, `"count", "type": "file"`, items + "fields/2/type", "not_in_rows"},
		{`"count", "type": "number", "max": 99`, `"count", "type": "amount"`, items + "fields/2/type", "not_in_rows"},
		{`"count", "type": "number", "max": 99`, `"count", "type": "rows"`, items + "fields/2/type", "not_in_rows"},
		{`"count", "type": "number", "max": 99`, `"count", "type": "text", "sealed": true`, items + "fields/2/sealed", "not_in_rows"},
		{`"count", "type": "number", "max": 99`, `"count", "type": "text"`, "/groups/1/fields/3/sum/quantity", "reference"},
		{`"after": "needed"`, `"after": "birthday"`, items + "fields/7/after", "reference"},
		{`"rows": "items"`, `"rows": "extras"`, "/groups/1/fields/3/sum/rows", "reference"},
		{`"rows": "items", "price": "price"`, `"rows": "items", "price": "count"`, "/groups/1/fields/3/sum/price", "reference"},
		{`"rows": "items", "price": "price"`, `"rows": "items"`, "/groups/1/fields/3/sum/price", "reference"},
		{`"rows": "items", "price": "price", "quantity": "count", "plus"`, `"quantity": "count", "plus"`, "/groups/1/fields/3/sum/quantity", "reference"},
		{`"plus": ["shipping", "face_value"]`, `"plus": ["shipping", "shipping"]`, "/groups/1/fields/3/sum/plus/1", "duplicate"},
		{`"plus": ["shipping", "face_value"]`, `"plus": ["price"]`, "/groups/1/fields/3/sum/plus/0", "reference"},
		{`"rows": "items", "price": "price", "quantity": "count", "plus": ["shipping", "face_value"]`, ``, "/groups/1/fields/3/sum", "missing"},
		{`"name": "shipping", "type": "price"`, `"name": "shipping", "type": "price", "sum": {"plus": ["face_value"]}`, fields + "7/sum", "not_for_type"},
		{`"name": "shipping", "type": "price"`, `"name": "shipping", "type": "price", "fields": []`, fields + "7/fields", "not_for_type"},
		{`"name": "shipping", "type": "price"`, `"name": "shipping", "type": "price", "sealed": true`, fields + "7/sealed", "not_for_type"},
		{`"name": "invoice", "type": "file"`, `"name": "invoice", "type": "file", "max_rows": 2`, "/groups/1/fields/0/max_rows", "not_for_type"},
	} {
		broken := strings.Replace(order, c.was, c.is, 1)
		if broken == order {
			t.Fatalf("%s is not in the sample", c.was)
		}
		_, err := catalog.Decode([]byte(broken))
		if got := wrong(t, err)[c.path]; got != key+c.key {
			t.Errorf("%s → %s: want %s at %s, got %v", c.was, c.is, c.key, c.path, err)
		}
		assertTold(t, err)
	}
}

func TestDecodeBoundsAForm(t *testing.T) {
	many := strings.Repeat(`{"name": "x", "type": "text"},`, 200)
	_, err := catalog.Decode([]byte(strings.Replace(order, `"fields": [`, `"fields": [`+many, 1)))
	if got := wrong(t, err)["/groups"]; got != "catalog.definition.too_many_fields" {
		t.Errorf("%v", err)
	}
}
