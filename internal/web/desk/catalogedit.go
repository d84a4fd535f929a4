package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

// place says where a part of an order form stands: a group, a question of it,
// or a question of a list's rows. Its numbers count from 0; in addresses they
// are counted from 1 ("2-3-1").
type place []int

const deepest = 3 // group, question, question of a row

func readPlace(text string) (place, bool) {
	var at place
	for part := range strings.SplitSeq(text, "-") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 9999 || len(at) == deepest {
			return nil, false
		}
		at = append(at, n-1)
	}
	return at, true
}

func (p place) String() string {
	numbers := make([]string, len(p))
	for i, n := range p {
		numbers[i] = strconv.Itoa(n + 1)
	}
	return strings.Join(numbers, "-")
}

func (p place) within() place { return p[:len(p)-1] }
func (p place) last() int     { return p[len(p)-1] }

func (p place) beside(n int) place { return append(slices.Clone(p.within()), n) }

// questions are those of a group, or of a list's rows; nil where there is none.
func questions(d *catalog.Definition, of place) *[]catalog.Field {
	if len(of) == 0 || len(of) == deepest || of[0] >= len(d.Groups) {
		return nil
	}
	fields := &d.Groups[of[0]].Fields
	if len(of) == 1 {
		return fields
	}
	if of[1] >= len(*fields) || (*fields)[of[1]].Type != catalog.Rows {
		return nil
	}
	return &(*fields)[of[1]].Fields
}

// question is the one that stands there.
func question(d *catalog.Definition, at place) (*catalog.Field, bool) {
	if len(at) < 2 {
		return nil, false
	}
	fields := questions(d, at.within())
	if fields == nil || at.last() >= len(*fields) {
		return nil, false
	}
	return &(*fields)[at.last()], true
}

// find is where a question of that name stands now, on the same level.
func find(d *catalog.Definition, name string, near place) (place, bool) {
	if len(near) == deepest {
		fields := questions(d, near.within())
		if fields == nil {
			return nil, false
		}
		i := slices.IndexFunc(*fields, func(f catalog.Field) bool { return f.Name == name })
		return near.beside(i), i >= 0
	}
	for g, group := range d.Groups {
		if i := slices.IndexFunc(group.Fields, func(f catalog.Field) bool { return f.Name == name }); i >= 0 {
			return place{g, i}, true
		}
	}
	return nil, false
}

// deed is one change of the structure: what it returns is where to look next.
type deed func(d *catalog.Definition, at place) (place, bool)

// deeds are the changes that need nothing but a place.
var deeds = map[string]deed{"up": up, "down": down, "copy": double, "remove": remove}

func up(d *catalog.Definition, at place) (place, bool)   { return move(d, at, -1) }
func down(d *catalog.Definition, at place) (place, bool) { return move(d, at, +1) }

// move changes places with the neighbour; beyond the first or the last of its
// group, a question goes over into the next group.
func move(d *catalog.Definition, at place, step int) (place, bool) {
	to := at.last() + step
	if len(at) == 1 {
		if at[0] >= len(d.Groups) || to < 0 || to >= len(d.Groups) {
			return nil, false
		}
		d.Groups[at[0]], d.Groups[to] = d.Groups[to], d.Groups[at[0]]
		return place{to}, true
	}
	field, ok := question(d, at)
	if !ok {
		return nil, false
	}
	fields := questions(d, at.within())
	if to >= 0 && to < len(*fields) {
		(*fields)[at.last()], (*fields)[to] = (*fields)[to], (*fields)[at.last()]
		return at.beside(to), true
	}
	over := at[0] + step
	if len(at) == deepest || over < 0 || over >= len(d.Groups) {
		return nil, false
	}
	moved, next := *field, &d.Groups[over].Fields
	*fields = slices.Delete(*fields, at.last(), at.last()+1)
	to = 0
	if step < 0 {
		to = len(*next)
	}
	*next = slices.Insert(*next, to, moved)
	return place{over, to}, true
}

// double puts a copy below, its questions under names of their own.
func double(d *catalog.Definition, at place) (place, bool) {
	after := at.last() + 1
	if len(at) == 1 {
		if at[0] >= len(d.Groups) {
			return nil, false
		}
		group := copyOf(d.Groups[at[0]])
		fields := group.Fields
		group.Fields = nil
		d.Groups = slices.Insert(d.Groups, after, group)
		for _, field := range fields {
			field.Name = freeName(d, place{after}, field.Name)
			d.Groups[after].Fields = append(d.Groups[after].Fields, field)
		}
		return place{after}, true
	}
	field, ok := question(d, at)
	if !ok {
		return nil, false
	}
	twin := copyOf(*field)
	twin.Name = freeName(d, at.within(), field.Name)
	fields := questions(d, at.within())
	*fields = slices.Insert(*fields, after, twin)
	return at.beside(after), true
}

// remove takes a group or a question away; next to look at is what it stood in.
func remove(d *catalog.Definition, at place) (place, bool) {
	if len(at) == 1 {
		if at[0] >= len(d.Groups) {
			return nil, false
		}
		d.Groups = slices.Delete(d.Groups, at[0], at[0]+1)
		return nil, true
	}
	if _, ok := question(d, at); !ok {
		return nil, false
	}
	fields := questions(d, at.within())
	*fields = slices.Delete(*fields, at.last(), at.last()+1)
	return at.within(), true
}

// addGroup puts an empty group at the end.
func addGroup(d *catalog.Definition) (place, bool) {
	d.Groups = append(d.Groups, catalog.Group{Title: i18n.Text{}, Fields: []catalog.Field{}})
	return place{len(d.Groups) - 1}, true
}

// add puts a question of that type at the end of a group, or of a list's rows.
func add(d *catalog.Definition, of place, kind catalog.Type) (place, bool) {
	fields := questions(d, of)
	if fields == nil {
		return nil, false
	}
	field := catalog.Field{Name: freeName(d, of, string(kind)), Type: kind}
	switch kind {
	case catalog.Amount:
		field.Required = true
	case catalog.Login, catalog.Secret:
		field.Sealed = true
	case catalog.Date:
		field.Calendar = catalog.Gregorian
	}
	*fields = append(*fields, field)
	return append(slices.Clone(of), len(*fields)-1), true
}

// put has a question say something else. Those that refer to it by its name
// go on doing so.
func put(d *catalog.Definition, at place, field catalog.Field) bool {
	before, ok := question(d, at)
	if !ok {
		return false
	}
	was := before.Name
	*before = field
	if was == field.Name {
		return true
	}
	if len(at) == deepest {
		rename(*questions(d, at.within()), was, field.Name)
		list := d.Groups[at[0]].Fields[at[1]].Name
		eachSum(d, func(s *catalog.Sum) {
			if s.Rows == list {
				replace(&s.Price, was, field.Name)
				replace(&s.Quantity, was, field.Name)
			}
		})
		return true
	}
	for g := range d.Groups {
		rename(d.Groups[g].Fields, was, field.Name)
	}
	eachSum(d, func(s *catalog.Sum) {
		replace(&s.Rows, was, field.Name)
		for i := range s.Plus {
			replace(&s.Plus[i], was, field.Name)
		}
	})
	replace(&d.Site.Field, was, field.Name)
	return true
}

func rename(fields []catalog.Field, was, is string) {
	for i := range fields {
		replace(&fields[i].With, was, is)
		replace(&fields[i].After, was, is)
		if fields[i].ShownIf != nil {
			replace(&fields[i].ShownIf.Field, was, is)
		}
	}
}

func eachSum(d *catalog.Definition, change func(*catalog.Sum)) {
	for g := range d.Groups {
		for i := range d.Groups[g].Fields {
			if sum := d.Groups[g].Fields[i].Sum; sum != nil {
				change(sum)
			}
		}
	}
}

func replace(name *string, was, is string) {
	if *name == was {
		*name = is
	}
}

// freeName is a name that no question beside has yet.
func freeName(d *catalog.Definition, of place, wanted string) string {
	taken := map[string]bool{}
	take := func(fields []catalog.Field) {
		for _, field := range fields {
			taken[field.Name] = true
		}
	}
	if len(of) == deepest-1 {
		take(*questions(d, of))
	} else {
		for _, group := range d.Groups {
			take(group.Fields)
		}
	}
	name := wanted
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s_%d", wanted[:min(len(wanted), 30)], n)
	}
	return name
}

// copyOf shares nothing with the original.
func copyOf[T any](original T) (twin T) {
	text, err := json.Marshal(original)
	if err == nil {
		err = json.Unmarshal(text, &twin)
	}
	if err != nil {
		panic(err) // a definition was read from JSON
	}
	return twin
}
