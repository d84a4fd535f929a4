package catalog_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pishkhan/internal/catalog"
)

func TestChangesTellThingsByTheirNames(t *testing.T) {
	for _, c := range []struct {
		was, is string
		want    []catalog.Change
	}{
		{"", "", nil},
		{`"en": "Order"}, "summary"`, `"en": "Orders"}, "summary"`, []catalog.Change{{"/title/en", catalog.Changed, "Order", "Orders"}}},
		{`"budget_minutes": 90`, `"budget_minutes": 60`, []catalog.Change{{"/budget_minutes", catalog.Changed, "90", "60"}}},
		{`, "max": 99`, ``, []catalog.Change{{"/groups/0/fields/6/fields/2/max", catalog.Removed, "99", ""}}},
		{`"min": "5"`, `"min": "5.50"`, []catalog.Change{{"/limits/0/min", catalog.Changed, "5", "5.5"}}},
		{`"min": "5"`, `"min": "5.00"`, nil},
		// One inserted above the others changes none of them.
		{`{"value": "goods"`, `{"value": "both", "label": {"fa": "هر دو", "en": "Both"}}, {"value": "goods"`,
			[]catalog.Change{{"/groups/0/fields/1/choices/0", catalog.Added, "", "both"}}},
		{`{"value": "red", "label": {"fa": "سرخ", "en": "Red"}}, `, ``, []catalog.Change{{"/groups/0/fields/6/fields/5/choices/0", catalog.Removed, "red", ""}}},
		{`{"name": "invoice", "type": "file"`, `{"name": "more", "type": "text", "label": {"fa": "ب", "en": "B"}}, {"name": "invoice", "type": "file"`,
			[]catalog.Change{{"/groups/1/fields/0", catalog.Added, "", "more"}}},
		// A group by another name is still that group.
		{`"fa": "مبلغ", "en": "Amount"}, "fields": [`, `"fa": "پرداخت", "en": "Payment"}, "fields": [`,
			[]catalog.Change{{"/groups/1/title/fa", catalog.Changed, "مبلغ", "پرداخت"}, {"/groups/1/title/en", catalog.Changed, "Amount", "Payment"}}},
		{`"in": ["wrap"]`, `"in": ["wrap", "fast"]`, []catalog.Change{{"/groups/0/fields/3/shown_if/in/1", catalog.Added, "", "fast"}}},
		{`, "shown_if": {"field": "extras", "in": ["wrap"]}`, ``,
			[]catalog.Change{{"/groups/0/fields/3/shown_if", catalog.Removed, `{"field":"extras","in":["wrap"]}`, ""}}},
	} {
		text := order
		if c.was != c.is {
			if text = strings.Replace(order, c.was, c.is, 1); text == order {
				t.Fatalf("%s is not in the sample", c.was)
			}
		}
		after, err := catalog.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, catalog.Changes(orderForm(t), after)); diff != "" {
			t.Errorf("%s → %s: %s", c.was, c.is, diff)
		}
	}
}

func TestChangesTellWhatMovedAndNothingElse(t *testing.T) {
	before, after := orderForm(t), orderForm(t)
	fields := after.Groups[0].Fields
	after.Groups[0].Fields = slices.Concat(fields[:4:4], fields[5:8:8], fields[4:5:5], fields[8:]) // the phone three down
	want := []catalog.Change{{"/groups/0/fields/7", catalog.Moved, "5", "8"}}
	if diff := cmp.Diff(want, catalog.Changes(before, after)); diff != "" {
		t.Error(diff)
	}
}

func TestChangesShowWhereLongTextsDiffer(t *testing.T) {
	before, after := orderForm(t), orderForm(t)
	before.Guide.FA = strings.Repeat("همان ", 100) + "این\nپایان" + strings.Repeat(".", 200)
	after.Guide.FA = strings.Repeat("همان ", 100) + "آن پایان"
	changes := catalog.Changes(before, after)
	if len(changes) != 1 || !strings.HasSuffix(changes[0].After, "آن پایان") || !strings.Contains(changes[0].Before, "این ⏎ پایان") {
		t.Fatalf("%+v", changes)
	}
	if n := len([]rune(changes[0].Before)); n > 120 {
		t.Errorf("%d characters", n)
	}
}

// Two definitions differ exactly when a change is told.
func TestChangesMissNothing(t *testing.T) {
	names := []string{"page", "kind", "extras", "greeting", "birthday", "shipping"}
	rapid.Check(t, func(r *rapid.T) {
		draw := func() catalog.Definition {
			d := orderForm(t)
			fields := d.Groups[0].Fields
			d.Groups[0].Fields = nil
			for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID).Draw(r, "fields") {
				i := slices.IndexFunc(fields, func(f catalog.Field) bool { return f.Name == name })
				field := fields[i]
				field.Required = rapid.Bool().Draw(r, "required")
				field.Help.EN = rapid.SampledFrom([]string{"", "a", "a\nb", "a b"}).Draw(r, "help")
				d.Groups[0].Fields = append(d.Groups[0].Fields, field)
			}
			return d
		}
		before, after := draw(), draw()
		x, _ := json.Marshal(before)
		y, _ := json.Marshal(after)
		changes := catalog.Changes(before, after)
		if (string(x) == string(y)) != (len(changes) == 0) {
			r.Fatalf("%s\n%s\n%+v", x, y, changes)
		}
		if back := catalog.Changes(after, before); len(back) == 0 != (len(changes) == 0) {
			r.Fatalf("%+v, and back %+v", changes, back)
		}
	})
}
