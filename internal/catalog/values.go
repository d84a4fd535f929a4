package catalog

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
)

// Values turns nested answers, as Schema describes them and a JSON decoder
// gives them, into what a browser would send for Check. Fault: Invalid, with
// each input that is of another shape, and each member that the form does
// not ask for, the first hundred of them; Pointer tells where it stands.
func (d Definition) Values(body map[string]any) (map[string]string, error) {
	f := flattening{values: map[string]string{}}
	form := level{}
	for field := range d.Fields() {
		form.fields = append(form.fields, field)
	}
	f.level(form, body)
	if err := f.wrong.Err(); err != nil {
		return nil, err
	}
	return f.values, nil
}

// flattening is one reading of nested answers.
type flattening struct {
	values map[string]string
	wrong  fault.Fields
}

// mostFaults bounds an answer to a body that is nothing but strangers.
const mostFaults = 100

func (f *flattening) refuse(name, key string, args ...any) {
	if len(f.wrong) < mostFaults {
		f.wrong.Add(name, key, args...)
	}
}

func (f *flattening) level(l level, body object) {
	for _, name := range keys(body) {
		field := l.field(name)
		switch {
		case field.Name == "":
			f.refuse(l.typed+name, "catalog.error.unknown_member")
		case body[name] == nil: // as if it were left out
		case field.Type == Rows:
			f.rows(field, body[name])
		case field.Type == Amount:
			f.amount(field, body[name])
		default:
			value, wrong := field.flatten(body[name])
			if wrong != "" {
				f.refuse(l.typed+name, wrong)
			}
			f.values[l.typed+name] = value
		}
	}
}

func (f *flattening) rows(field Field, value any) {
	rows, ok := value.([]any)
	if !ok {
		f.refuse(field.Name, "catalog.error.want_list")
		return
	}
	if len(rows) > field.MostRows() {
		f.refuse(field.Name, "catalog.error.rows_max", "max", field.MostRows())
		return
	}
	for i, row := range rows {
		prefix := field.row(i + 1)
		answers, ok := row.(object)
		if !ok {
			f.refuse(strings.TrimSuffix(prefix, "."), "catalog.error.want_object")
			continue
		}
		f.level(level{fields: field.Fields, typed: prefix}, answers)
	}
}

func (f *flattening) amount(field Field, value any) {
	members, ok := value.(object)
	if !ok {
		f.refuse(field.Name, "catalog.error.want_object")
		return
	}
	inputs := map[string]string{"currency": field.CurrencyInput()}
	if field.Sum == nil {
		inputs["amount"] = field.Name
	}
	for _, member := range keys(members) {
		text, isText := members[member].(string)
		switch input := inputs[member]; {
		case input == "":
			f.refuse(field.Name+"."+member, "catalog.error.unknown_member")
		case strings.ContainsRune(text, 0):
			f.refuse(input, "catalog.error.unreadable")
		case isText:
			f.values[input] = text
		case members[member] != nil:
			f.refuse(input, "catalog.error.want_text")
		}
	}
}

// flatten returns what a browser would send, or the key of what is wrong
// with the value's shape.
func (f Field) flatten(value any) (typed, wrong string) {
	switch f.Type {
	case Number:
		return flattenNumber(value)
	case Choices:
		return flattenChoices(value)
	}
	text, ok := value.(string)
	if !ok {
		return "", "catalog.error.want_text"
	}
	if strings.ContainsRune(text, 0) { // which JSON can write and Postgres cannot keep
		return "", "catalog.error.unreadable"
	}
	if f.Type == Date && text != "" {
		return f.flattenDate(text)
	}
	return text, ""
}

func flattenNumber(value any) (typed, wrong string) {
	switch n := value.(type) {
	case float64:
		if n == math.Trunc(n) && math.Abs(n) < 1e15 { // which it holds exactly
			return strconv.FormatInt(int64(n), 10), ""
		}
	case json.Number:
		if _, err := n.Int64(); err == nil {
			return n.String(), ""
		}
	case int:
		return strconv.Itoa(n), ""
	case int64:
		return strconv.FormatInt(n, 10), ""
	}
	return "", "catalog.error.want_number"
}

func flattenChoices(value any) (typed, wrong string) {
	list, ok := value.([]any)
	if !ok {
		return "", "catalog.error.want_list"
	}
	chosen := make([]string, len(list))
	for i := range list {
		text, ok := list[i].(string)
		if !ok || text == "" || strings.ContainsAny(text, ",\x00") {
			return "", "catalog.error.choice"
		}
		chosen[i] = text
	}
	return strings.Join(chosen, ","), ""
}

// flattenDate turns an ISO date into the field's own calendar.
func (f Field) flattenDate(text string) (typed, wrong string) {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return "", "catalog.error.want_iso_date"
	}
	if f.Calendar == Jalali {
		return jalali.FromTime(inTehran(date)).String(), ""
	}
	return text, ""
}
