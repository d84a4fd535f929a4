package catalog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/fault"
)

func TestValuesRefusesOtherShapes(t *testing.T) {
	d := orderForm(t)
	for _, c := range []struct{ body, input, key, pointer string }{
		{`{"stranger": 1}`, "stranger", "unknown_member", "/stranger"},
		{`{"a/b~c": 1}`, "a/b~c", "unknown_member", "/a~1b~0c"},
		{`{"page": 3}`, "page", "want_text", "/page"},
		{`{"page": {"x": 1}}`, "page", "want_text", "/page"},
		{`{"kind": ["goods"]}`, "kind", "want_text", "/kind"},
		{`{"extras": "wrap"}`, "extras", "want_list", "/extras"},
		{`{"extras": ["wrap,fast"]}`, "extras", "choice", "/extras"},
		{`{"page": "a\u0000"}`, "page", "unreadable", "/page"},
		{`{"items": [{"count": 1, "link": "a\u0000"}]}`, "items.1.link", "unreadable", "/items/0/link"},
		{`{"amount": {"currency": "USD\u0000"}}`, "amount_currency", "unreadable", "/amount/currency"},
		{`{"extras": ["wrap\u0000"]}`, "extras", "choice", "/extras"},
		{`{"extras": [1]}`, "extras", "choice", "/extras"},
		{`{"birthday": "1370/01/15"}`, "birthday", "want_iso_date", "/birthday"},
		{`{"birthday": "1991-02-30"}`, "birthday", "want_iso_date", "/birthday"},
		{`{"items": {}}`, "items", "want_list", "/items"},
		{`{"items": [{}, {}, {}, {}]}`, "items", "rows_max", "/items"},
		{`{"items": [{}, 3]}`, "items.2", "want_object", "/items/1"},
		{`{"items": [{}, {"count": "2"}]}`, "items.2.count", "want_number", "/items/1/count"},
		{`{"items": [{"count": 2.5}]}`, "items.1.count", "want_number", "/items/0/count"},
		{`{"items": [{"count": 1e300}]}`, "items.1.count", "want_number", "/items/0/count"},
		{`{"items": [{"price": 2}]}`, "items.1.price", "want_text", "/items/0/price"},
		{`{"items": [{"stranger": 2}]}`, "items.1.stranger", "unknown_member", "/items/0/stranger"},
		{`{"amount": "12"}`, "amount", "want_object", "/amount"},
		{`{"amount": {"currency": 1}}`, "amount_currency", "want_text", "/amount/currency"},
		{`{"amount": {"amount": "12"}}`, "amount.amount", "unknown_member", "/amount/amount"}, // a sum
	} {
		for _, exact := range []bool{true, false} {
			decoder := json.NewDecoder(strings.NewReader(c.body))
			if exact {
				decoder.UseNumber()
			}
			var body map[string]any
			if err := decoder.Decode(&body); err != nil {
				t.Fatal(err)
			}
			_, err := d.Values(body)
			if diff := cmp.Diff(map[string]string{c.input: "catalog.error." + c.key}, wrong(t, err)); diff != "" {
				t.Errorf("%s: %s", c.body, diff)
			}
			assertTold(t, err)
		}
		if got := d.Pointer(c.input); got != c.pointer {
			t.Errorf("%s stands at %s, want %s", c.input, got, c.pointer)
		}
	}
}

// Who sends nothing but strangers gets no answer as long as what was sent.
func TestValuesTellsNoMoreThanAHundredFaults(t *testing.T) {
	strangers := map[string]any{}
	for i := range 5000 {
		strangers[fmt.Sprint("stranger", i)] = ""
	}
	d := orderForm(t)
	for name, body := range map[string]map[string]any{
		"form":   strangers,
		"row":    {"items": []any{strangers, strangers, 3}},
		"amount": {"amount": strangers},
	} {
		_, err := d.Values(body)
		if n := len(wrong(t, err)); n != 100 {
			t.Errorf("%s: %d faults", name, n)
		}
	}
}

func TestPointerTellsWhereAFaultOfCheckStands(t *testing.T) {
	var body map[string]any
	err := json.Unmarshal([]byte(`{"page": "https://shop.example.com/", "kind": "goods", "amount": {"currency": "XXX"}, "birthday": null,
		"items": [{}, {"link": "https://shop.example.com/", "price": "x"}]}`), &body)
	if err != nil {
		t.Fatal(err)
	}
	d := orderForm(t)
	values, err := d.Values(body)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Check(values, today)
	at := map[string]string{}
	for _, field := range fault.Of(err).Fields {
		at[d.Pointer(field.Name)] = field.Key
	}
	want := map[string]string{"/items/1/price": "money.error.letters", "/amount/currency": "money.error.currency"}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Error(diff)
	}
	if got := testdata(t, "steam-wallet").Pointer("amount"); got != "/amount/amount" {
		t.Error(got)
	}
}
