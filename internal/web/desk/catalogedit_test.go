package desk

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// small is a form of two groups: a, b | list{x, y}, c.
func small() catalog.Definition {
	return catalog.Definition{Site: catalog.Site{Field: "a"}, Groups: []catalog.Group{
		{Title: i18n.Text{FA: "یک"}, Fields: []catalog.Field{
			{Name: "a", Type: catalog.URL},
			{Name: "b", Type: catalog.Choice, Choices: []catalog.Option{{Value: "v"}}, With: "a"},
		}},
		{Title: i18n.Text{FA: "دو"}, Fields: []catalog.Field{
			{Name: "list", Type: catalog.Rows, Fields: []catalog.Field{
				{Name: "x", Type: catalog.Price}, {Name: "y", Type: catalog.Text, With: "x"},
			}},
			{Name: "c", Type: catalog.Amount, Sum: &catalog.Sum{Rows: "list", Price: "x"}},
			{Name: "d", Type: catalog.Date, ShownIf: &catalog.Rule{Field: "b", In: []string{"v"}}},
		}},
	}}
}

// outline is the order of everything: "a b | list(x y) c d".
func outline(d catalog.Definition) string {
	var groups []string
	for _, group := range d.Groups {
		groups = append(groups, names(group.Fields))
	}
	return strings.Join(groups, " | ")
}

func names(fields []catalog.Field) string {
	var all []string
	for _, f := range fields {
		name := f.Name
		if len(f.Fields) > 0 {
			name += "(" + names(f.Fields) + ")"
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

func TestDeeds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		do, want, next string
	}{
		{"up 1-2", "b a | list(x y) c d", "1-1"},
		{"down 1-1", "b a | list(x y) c d", "1-2"},
		{"down 1-2", "a | b list(x y) c d", "2-1"},
		{"up 2-1", "a b list(x y) | c d", "1-3"},
		{"up 1-1", "", ""},
		{"down 2-3", "", ""},
		{"up 2", "list(x y) c d | a b", "1"},
		{"up 1", "", ""},
		{"down 2-1-1", "a b | list(y x) c d", "2-1-2"},
		{"up 2-1-1", "", ""},
		{"copy 1-1", "a a_2 b | list(x y) c d", "1-2"},
		{"copy 2-1-2", "a b | list(x y y_2) c d", "2-1-3"},
		{"copy 1", "a b | a_2 b_2 | list(x y) c d", "2"},
		{"remove 2-1", "a b | c d", "2"},
		{"remove 2-1-1", "a b | list(y) c d", "2-1"},
		{"remove 1", "list(x y) c d", ""},
		{"add 1", "a b date | list(x y) c d", "1-3"},
		{"add 2-1", "a b | list(x y date) c d", "2-1-3"},
		{"add 2-2", "", ""}, // no list
		{"group", "a b | list(x y) c d | ", "3"},
		{"remove 9", "", ""}, {"remove 1-9", "", ""}, {"remove 2-1-9", "", ""}, {"remove 1-1-1", "", ""},
		{"copy 9-1", "", ""}, {"up 9", "", ""}, {"add 9", "", ""}, {"add 2-1-1", "", ""},
		{"up 0", "", ""}, {"up -1", "", ""}, {"up 1-1-1-1", "", ""}, {"up x", "", ""}, {"burn 1", "", ""}, {"", "", ""},
	} {
		d := small()
		next, ok := apply(&d, c.do, catalog.Date)
		if ok != (c.want != "") {
			t.Errorf("%q: done %v", c.do, ok)
			continue
		}
		if got := outline(d); ok && got != c.want || !ok && got != outline(small()) {
			t.Errorf("%q makes %q, want %q", c.do, got, c.want)
		}
		if ok && next.String() != c.next {
			t.Errorf("%q leads to %q, want %q", c.do, next, c.next)
		}
	}
}

// A copy shares nothing with the original.
func TestCopiesAreApart(t *testing.T) {
	t.Parallel()
	d := small()
	apply(&d, "copy 1-2", "")
	d.Groups[0].Fields[2].Choices[0].Value = "other"
	if d.Groups[0].Fields[1].Choices[0].Value != "v" {
		t.Error("the original changed with its copy")
	}
}

func TestWhoReferredToAQuestionStillDoes(t *testing.T) {
	t.Parallel()
	d := small()
	for _, c := range []struct {
		at   place
		name string
	}{{place{0, 0}, "page"}, {place{0, 1}, "kind"}, {place{1, 0}, "items"}, {place{1, 0, 0}, "price"}} {
		field, _ := question(&d, c.at)
		renamed := *field
		renamed.Name = c.name
		if !put(&d, c.at, renamed) {
			t.Fatalf("%s was not put", c.name)
		}
	}
	if d.Site.Field != "page" || d.Groups[0].Fields[1].With != "page" || d.Groups[1].Fields[2].ShownIf.Field != "kind" {
		t.Errorf("references are lost: %+v", d)
	}
	if sum := d.Groups[1].Fields[1].Sum; sum.Rows != "items" || sum.Price != "price" || d.Groups[1].Fields[0].Fields[1].With != "price" {
		t.Errorf("the sum is of %+v", sum)
	}
	if at, ok := find(&d, "kind", place{1, 2}); !ok || at.String() != "1-2" {
		t.Errorf("kind stands at %s", at)
	}
}

// What was done by moving can be undone by moving back, and whatever is done
// nothing is lost but by removing.
func TestMovesKeepEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := small()
		for range rapid.IntRange(1, 20).Draw(t, "n") {
			at := place{rapid.IntRange(0, 2).Draw(t, "g"), rapid.IntRange(0, 4).Draw(t, "f"), rapid.IntRange(0, 2).Draw(t, "r")}
			at = at[:rapid.IntRange(1, 3).Draw(t, "depth")]
			before := outline(d)
			step := rapid.SampledFrom([]int{-1, 1}).Draw(t, "step")
			next, ok := move(&d, at, step)
			if !ok {
				if outline(d) != before {
					t.Fatalf("refused, and changed to %s", outline(d))
				}
				continue
			}
			if len(strings.Fields(outline(d))) != len(strings.Fields(before)) {
				t.Fatalf("%s became %s", before, outline(d))
			}
			undone := copyOf(d)
			if _, ok := move(&undone, next, -step); !ok || outline(undone) != before {
				t.Fatalf("%s, moved and moved back, is %s", before, outline(undone))
			}
		}
	})
}

// Every question of every service reads back from its own form as it was.
func TestFormsLoseNothing(t *testing.T) {
	t.Parallel()
	definitions, err := catalog.Embedded()
	testworld.Must(t, err)
	same := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
		}
	}
	for _, d := range definitions {
		about, wrong := readAbout(copyOf(d), aboutValues(d))
		if len(wrong) > 0 {
			t.Errorf("%s: %v", d.Slug, wrong)
		}
		got, err := about.JSON()
		testworld.Must(t, err)
		want, err := d.JSON()
		testworld.Must(t, err)
		same(d.Slug, string(got), string(want))
		for f := range d.Fields() {
			for _, field := range append([]catalog.Field{f}, f.Fields...) {
				read, wrong := readField(field, fieldValues(field))
				if len(wrong) > 0 {
					t.Errorf("%s %s: %v", d.Slug, field.Name, wrong)
				}
				same(d.Slug+" "+field.Name, copyOf(read), copyOf(field))
			}
		}
	}
}

func TestWhatCannotBeReadIsRefusedByItsInput(t *testing.T) {
	t.Parallel()
	_, wrong := readField(catalog.Field{}, map[string]string{"type": "number", "min": "abc", "max": "۱۲"})
	if len(wrong) != 1 || wrong[0].Name != "min" {
		t.Errorf("wrong is %v", wrong)
	}
	_, wrong = readAbout(catalog.Definition{}, map[string]string{
		"limits.1.currency": "USD", "limits.1.min": "1e999999999", "limits.1.max": "۱٬۰۰۰٫۵", "rank": "-1",
	})
	if len(wrong) != 2 || wrong[0].Name != "rank" || wrong[1].Name != "limits.1.min" {
		t.Errorf("wrong is %v", wrong)
	}
	if _, readable, _ := readDraft([]byte(`{"slug":"x","limits":[{"currency":"USD","min":"1e999999999","max":"2"}]}`)); readable {
		t.Error("a number of a thousand million digits is shown in a form")
	}
}

func TestRowsChangePlaces(t *testing.T) {
	t.Parallel()
	values := map[string]string{"choices.1.value": "a", "choices.2.value": "b", "choices.4.value": "c"}
	if !swapRows(values, "choices.4.up") || values["choices.2.value"] != "c" || values["choices.4.value"] != "b" {
		t.Errorf("the rows are %v", values)
	}
	for _, what := range []string{"choices.1.up", "choices.4.down", "choices.3.up", "choices.x.up", "choices.1.away", "", "limits.1.up"} {
		if swapRows(values, what) {
			t.Errorf("%q did something", what)
		}
	}
}
