package catalog

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Nested turns answers that were kept into the JSON that Schema describes.
// Sealed answers are never there.
func (d Definition) Nested(open map[string]string) map[string]any {
	return nest(slices.Collect(d.Fields()), "", open)
}

func nest(fields []Field, prefix string, open map[string]string) object {
	nested := object{}
	for _, field := range fields {
		if field.Type == Rows {
			if rows := field.keptRows(open); len(rows) > 0 {
				items := make([]any, len(rows))
				for i, row := range rows {
					items[i] = nest(field.Fields, row, open)
				}
				nested[field.Name] = items
			}
			continue
		}
		if value, answered := open[prefix+field.Name]; answered {
			nested[field.Name] = field.nest(value, open)
		}
	}
	return nested
}

func (f Field) nest(value string, open map[string]string) any {
	switch f.Type {
	case Amount:
		amount := object{"currency": open[f.CurrencyInput()]}
		if f.Sum == nil {
			amount["amount"] = value
		}
		return amount
	case Choices:
		var chosen []any
		for option := range strings.SplitSeq(value, ",") {
			chosen = append(chosen, option)
		}
		return chosen
	case Number:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return n
		}
	}
	return value
}

// Pointer says where in the nested JSON the answer of an input stands: the
// JSON pointer (RFC 6901) of what a fault of Check or Values names.
func (d Definition) Pointer(name string) string {
	path := strings.Split(name, ".")
	for field := range d.Fields() {
		switch {
		case field.Type == Rows && field.Name == path[0] && len(path) > 1:
			if number, err := strconv.Atoi(path[1]); err == nil {
				path[1] = strconv.Itoa(number - 1)
			}
		case field.Type == Amount && name == field.CurrencyInput():
			path = []string{field.Name, "currency"}
		case field.Type == Amount && name == field.Name && field.Sum == nil:
			path = []string{field.Name, "amount"}
		}
	}
	var pointer strings.Builder
	for _, step := range path {
		pointer.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	return pointer.String()
}

// keys are the members of an object, in an order.
func keys(o object) []string { return slices.Sorted(maps.Keys(o)) }
