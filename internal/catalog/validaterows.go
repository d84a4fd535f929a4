package catalog

import (
	"fmt"
	"slices"
)

// validateRule: a question may wait for the answer to an earlier one that is
// asked beside it.
func (f Field) validateRule(w *wrongs, path string, earlier map[string]Field) {
	if f.ShownIf == nil {
		return
	}
	other := earlier[f.ShownIf.Field]
	if other.Type != Choice && other.Type != Choices {
		w.add(path+"/field", "catalog.definition.reference")
		return
	}
	if len(f.ShownIf.In) == 0 {
		w.add(path+"/in", "catalog.definition.missing")
	}
	for i, value := range f.ShownIf.In {
		switch {
		case !slices.ContainsFunc(other.Choices, func(o Option) bool { return o.Value == value }):
			w.add(fmt.Sprintf("%s/in/%d", path, i), "catalog.definition.no_option")
		case slices.Contains(f.ShownIf.In[:i], value):
			w.add(fmt.Sprintf("%s/in/%d", path, i), "catalog.definition.duplicate")
		}
	}
}

func (f Field) validateRows(w *wrongs, path string) {
	if f.Type != Rows {
		return
	}
	w.bilingual(path+"/row_title", f.RowTitle)
	if len(f.Fields) == 0 {
		w.add(path+"/fields", "catalog.definition.missing")
	}
	if f.MinRows < 0 || f.MinRows > mostRows {
		w.add(path+"/min_rows", "catalog.definition.range")
	}
	if f.MaxRows < 0 || f.MaxRows > mostRows || f.MaxRows > 0 && f.MaxRows < f.MinRows {
		w.add(path+"/max_rows", "catalog.definition.range")
	}
	fields := locate(path, f.Fields)
	for _, field := range fields {
		if field.Sealed {
			w.add(field.path+"/sealed", "catalog.definition.not_in_rows")
		}
	}
	validateLevel(w, fields, rowTypes)
}

// validate checks that a sum adds up prices of the form, by its inputs.
func (s Sum) validate(w *wrongs, path string, inputs map[string]Field) {
	if s.Rows == "" && len(s.Plus) == 0 {
		w.add(path, "catalog.definition.missing")
	}
	parts := inputs[s.Rows]
	if s.Rows != "" && parts.Type != Rows {
		w.add(path+"/rows", "catalog.definition.reference")
	}
	part := func(member, name string, of Type) {
		if !slices.ContainsFunc(parts.Fields, func(f Field) bool { return f.Name == name && f.Type == of }) {
			w.add(path+"/"+member, "catalog.definition.reference")
		}
	}
	if s.Rows != "" || s.Price != "" {
		part("price", s.Price, Price)
	}
	if s.Quantity != "" {
		part("quantity", s.Quantity, Number)
	}
	for i, name := range s.Plus {
		switch {
		case inputs[name].Type != Price:
			w.add(fmt.Sprintf("%s/plus/%d", path, i), "catalog.definition.reference")
		case slices.Contains(s.Plus[:i], name):
			w.add(fmt.Sprintf("%s/plus/%d", path, i), "catalog.definition.duplicate")
		}
	}
}
