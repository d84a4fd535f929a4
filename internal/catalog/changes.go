package catalog

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// ChangeKind says what happened to a part of a definition.
type ChangeKind string

// The kinds of changes. The message key of each is "catalog.change.<kind>".
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
	Moved   ChangeKind = "moved" // among its neighbours; Before and After are places, counted from 1
)

// Change is one difference between two definitions.
type Change struct {
	Path   string // a JSON pointer into the later one; of what was removed, into the earlier
	Kind   ChangeKind
	Before string // short text, for people
	After  string
}

// Changes tells what makes after another definition than before, in the order
// of the definition. Things with a name, such as fields and options, are known
// by it, so that one inserted above the others changes none of them.
func Changes(before, after Definition) []Change {
	var c comparison
	c.compare("", reflect.ValueOf(before), reflect.ValueOf(after))
	return c.changes
}

type comparison struct{ changes []Change }

func (c *comparison) compare(path string, before, after reflect.Value) {
	_, isText := before.Interface().(encoding.TextMarshaler)
	switch {
	case before.Kind() == reflect.Pointer && !before.IsNil() && !after.IsNil():
		c.compare(path, before.Elem(), after.Elem())
	case before.Kind() == reflect.Struct && !isText:
		for i := range before.NumField() {
			name, _, _ := strings.Cut(before.Type().Field(i).Tag.Get("json"), ",")
			c.compare(path+"/"+name, before.Field(i), after.Field(i))
		}
	case before.Kind() == reflect.Slice:
		c.list(path, before, after)
	default:
		c.leaf(path, before, after)
	}
}

func (c *comparison) leaf(path string, before, after reflect.Value) {
	switch was, is := text(before), text(after); {
	case was == is && before.IsZero() == after.IsZero():
	case before.IsZero():
		c.add(path, Added, "", is)
	case after.IsZero():
		c.add(path, Removed, was, "")
	default:
		was, is = fromDifference(was, is)
		c.add(path, Changed, was, is)
	}
}

func (c *comparison) add(path string, kind ChangeKind, before, after string) {
	c.changes = append(c.changes, Change{Path: path, Kind: kind, Before: short(before), After: short(after)})
}

// list compares what both lists have, and tells what only one has and what
// stands elsewhere among those that both have.
func (c *comparison) list(path string, before, after reflect.Value) {
	was := match(before, after)
	stay := rising(was)
	for i := range after.Len() {
		at := path + "/" + strconv.Itoa(i)
		if was[i] < 0 {
			c.add(at, Added, "", text(after.Index(i)))
			continue
		}
		if !stay[i] {
			c.add(at, Moved, strconv.Itoa(1+was[i]), strconv.Itoa(1+i))
		}
		c.compare(at, before.Index(was[i]), after.Index(i))
	}
	kept := map[int]bool{}
	for _, j := range was {
		kept[j] = true
	}
	for j := range before.Len() {
		if !kept[j] {
			c.add(path+"/"+strconv.Itoa(j), Removed, text(before.Index(j)), "")
		}
	}
}

// match tells of each thing in after which one in before it was: the one of
// the same name. Groups have none: a group that is called otherwise is the
// one with which it shares a field. -1 is one that is new.
func match(before, after reflect.Value) []int {
	was := slices.Repeat([]int{-1}, after.Len())
	taken := map[int]bool{}
	named := map[string]int{}
	for j := range before.Len() {
		named[nameOf(before.Index(j))] = j
	}
	for i := range was {
		if j, ok := named[nameOf(after.Index(i))]; ok && !taken[j] {
			was[i], taken[j] = j, true
		}
	}
	for i := range was {
		for j := 0; was[i] < 0 && j < before.Len(); j++ {
			if !taken[j] && sharesField(before.Index(j), after.Index(i)) {
				was[i], taken[j] = j, true
			}
		}
	}
	return was
}

// nameOf is what a thing in a list is known by.
func nameOf(v reflect.Value) string {
	switch thing := v.Interface().(type) {
	case Field:
		return thing.Name
	case Option:
		return thing.Value
	case Limit:
		return string(thing.Currency)
	case Group:
		return thing.Title.FA
	}
	return fmt.Sprint(v.Interface()) // a host, an option's value, a field's name
}

func sharesField(before, after reflect.Value) bool {
	b, isGroup := before.Interface().(Group)
	if !isGroup {
		return false
	}
	a := after.Interface().(Group)
	return slices.ContainsFunc(b.Fields, func(was Field) bool {
		return slices.ContainsFunc(a.Fields, func(is Field) bool { return is.Name == was.Name })
	})
}

// rising tells which of the places form the longest run that only rises:
// these stayed where they were, and the others moved.
func rising(places []int) []bool {
	length, from := make([]int, len(places)), make([]int, len(places))
	last := -1
	for i, place := range places {
		from[i] = -1
		if place < 0 {
			continue
		}
		length[i] = 1
		for j := range i {
			if places[j] >= 0 && places[j] < place && length[j]+1 > length[i] {
				length[i], from[i] = length[j]+1, j
			}
		}
		if last < 0 || length[i] > length[last] {
			last = i
		}
	}
	stay := make([]bool, len(places))
	for ; last >= 0; last = from[last] {
		stay[last] = true
	}
	return stay
}

// text is a value for people: a named thing is its name.
func text(v reflect.Value) string {
	switch thing := v.Interface().(type) {
	case Field, Option, Limit, Group:
		return nameOf(v)
	default:
		if v.Kind() == reflect.String {
			return v.String()
		}
		written, err := json.Marshal(thing)
		if err != nil {
			return ""
		}
		return strings.Trim(string(written), `"`)
	}
}

const (
	shortest = 120 // characters of a short text
	lead     = 20  // and of what stands before the first difference
)

// fromDifference leaves out what two long texts begin with alike.
func fromDifference(was, is string) (string, string) {
	a, b := []rune(was), []rune(is)
	alike := 0
	for alike < len(a) && alike < len(b) && a[alike] == b[alike] {
		alike++
	}
	if alike <= 2*lead {
		return was, is
	}
	return "…" + string(a[alike-lead:]), "…" + string(b[alike-lead:])
}

// short is the beginning of a text, on one line.
func short(text string) string {
	text = strings.ReplaceAll(text, "\n", " ⏎ ")
	if runes := []rune(text); len(runes) > shortest {
		return string(runes[:shortest-1]) + "…"
	}
	return text
}
