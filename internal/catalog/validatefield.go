package catalog

import (
	"fmt"
	"regexp"
	"slices"

	"pishkhan/internal/i18n"
	"pishkhan/internal/inet"
)

const maxFields = 200 // of a form, those of its rows included

var (
	inputName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	rowTypes  = []Type{Text, LongText, Email, URL, Date, Choice, Choices, Number, Phone, Price}
	types     = append([]Type{Amount, Login, Secret, File, Rows}, rowTypes...)
)

// located is a field and where it stands in the definition.
type located struct {
	Field
	path string
}

func locate(path string, fields []Field) []located {
	list := make([]located, len(fields))
	for i, field := range fields {
		list[i] = located{field, fmt.Sprintf("%s/fields/%d", path, i)}
	}
	return list
}

func (d Definition) validateGroups(w *wrongs) {
	if len(d.Groups) == 0 {
		w.add("/groups", "catalog.definition.missing")
	}
	var fields []located
	for i, group := range d.Groups {
		path := fmt.Sprintf("/groups/%d", i)
		w.bilingual(path+"/title", group.Title)
		if len(group.Fields) == 0 {
			w.add(path+"/fields", "catalog.definition.missing")
		}
		fields = append(fields, locate(path, group.Fields)...)
	}
	count, amounts := len(fields), 0
	for _, field := range fields {
		count += len(field.Fields)
		if field.Type == Amount {
			amounts++
		}
	}
	if count > maxFields {
		w.add("/groups", "catalog.definition.too_many_fields")
		return
	}
	inputs := validateLevel(w, fields, types)
	for _, field := range fields {
		if field.Sum != nil {
			field.Sum.validate(w, field.path+"/sum", inputs)
		}
	}
	if amounts != 1 {
		w.add("/groups", "catalog.definition.one_amount")
	}
}

// validateLevel checks the fields of the form, or those of a row, which may
// be of so many types. It returns them by the names of their inputs; an
// amount's currency is an input of its own.
func validateLevel(w *wrongs, fields []located, allowed []Type) map[string]Field {
	inputs := map[string]Field{}
	for _, field := range fields {
		field.validate(w, field.path, inputs, allowed)
		inputs[field.Name] = field.Field
		if field.Type == Amount {
			inputs[field.CurrencyInput()] = Field{}
		}
	}
	for _, field := range fields { // two fields may each be required with the other
		other, ok := inputs[field.With]
		if field.With != "" && (!ok || other.Type == Rows || other.Sum != nil) {
			w.add(field.path+"/required_with", "catalog.definition.reference")
		}
	}
	return inputs
}

// validate checks one field; earlier holds the inputs before it.
func (f Field) validate(w *wrongs, path string, earlier map[string]Field, allowed []Type) {
	_, taken := earlier[f.Name]
	_, currencyTaken := earlier[f.CurrencyInput()]
	switch {
	case !inputName.MatchString(f.Name):
		w.add(path+"/name", "catalog.definition.input_name")
	case taken, f.Type == Amount && currencyTaken:
		w.add(path+"/name", "catalog.definition.duplicate")
	}
	if !slices.Contains(types, f.Type) {
		w.add(path+"/type", "catalog.definition.unknown_value")
		return
	}
	if !slices.Contains(allowed, f.Type) {
		w.add(path+"/type", "catalog.definition.not_in_rows")
		return
	}
	w.bilingual(path+"/label", f.Label)
	if f.Help.FA != "" || f.Help.EN != "" {
		w.bilingual(path+"/help", f.Help)
	}
	if f.Type == Amount && !f.Required {
		w.add(path+"/required", "catalog.definition.amount_required")
	}
	f.validateSealed(w, path)
	f.validateMembers(w, path)
	f.validateText(w, path)
	f.validateNumber(w, path)
	f.validateDate(w, path, earlier)
	f.validateChoices(w, path)
	f.validateRule(w, path+"/shown_if", earlier)
	f.validateRows(w, path)
}

// validateSealed: what opens the customer's account is always sealed; what
// the desk has to read and filter by is not.
func (f Field) validateSealed(w *wrongs, path string) {
	switch f.Type {
	case Login, Secret:
		if !f.Sealed {
			w.add(path+"/sealed", "catalog.definition.must_seal")
		}
	case Text:
		if f.Sealed && (f.Format != "" || f.MinLength > 0) {
			w.add(path+"/sealed", "catalog.definition.not_for_type")
		}
	default:
		if f.Sealed {
			w.add(path+"/sealed", "catalog.definition.not_for_type")
		}
	}
}

// validateMembers refuses checks that the field's type knows nothing of.
func (f Field) validateMembers(w *wrongs, path string) {
	text := []Type{Text, LongText}
	for _, member := range []struct {
		name  string
		given bool
		of    []Type
	}{
		{"format", f.Format != "", text},
		{"min_length", f.MinLength != 0, text},
		{"max_length", f.MaxLength != 0, []Type{Text, LongText, Email, URL, Login, Secret}},
		{"ltr", f.LTR, text},
		{"hosts", f.Hosts != nil, []Type{URL}},
		{"min", f.Min != nil, []Type{Number}},
		{"max", f.Max != nil, []Type{Number}},
		{"calendar", f.Calendar != "", []Type{Date}},
		{"from", f.From != "", []Type{Date}},
		{"until", f.Until != "", []Type{Date}},
		{"after", f.After != "", []Type{Date}},
		{"deadline", f.Deadline, []Type{Date}},
		{"choices", f.Choices != nil, []Type{Choice, Choices}},
		{"sum", f.Sum != nil, []Type{Amount}},
		{"row_title", f.RowTitle != i18n.Text{}, []Type{Rows}},
		{"fields", f.Fields != nil, []Type{Rows}},
		{"min_rows", f.MinRows != 0, []Type{Rows}},
		{"max_rows", f.MaxRows != 0, []Type{Rows}},
	} {
		if member.given && !slices.Contains(member.of, f.Type) {
			w.add(path+"/"+member.name, "catalog.definition.not_for_type")
		}
	}
	if f.With != "" && (f.Type == Amount || f.Type == Rows) {
		w.add(path+"/required_with", "catalog.definition.not_for_type")
	}
	if f.ShownIf != nil && f.Type == Amount {
		w.add(path+"/shown_if", "catalog.definition.not_for_type")
	}
}

func (f Field) validateText(w *wrongs, path string) {
	if f.Format != "" && f.Format != LatinName && f.Format != Passport {
		w.add(path+"/format", "catalog.definition.unknown_value")
	}
	if f.Format == Passport && f.Type == LongText {
		w.add(path+"/format", "catalog.definition.not_for_type")
	}
	if f.MaxLength < 0 || f.MaxLength > longest[f.Type] {
		w.add(path+"/max_length", "catalog.definition.range")
	}
	if f.MinLength < 0 || f.MinLength > f.Longest() {
		w.add(path+"/min_length", "catalog.definition.range")
	}
	for i, name := range f.Hosts {
		if !inet.IsHostName(name) {
			w.add(fmt.Sprintf("%s/hosts/%d", path, i), "catalog.definition.host")
		}
	}
}

func (f Field) validateNumber(w *wrongs, path string) {
	if f.Min != nil && *f.Min < 0 {
		w.add(path+"/min", "catalog.definition.range")
	}
	if f.Max != nil && (*f.Max < 0 || f.Min != nil && *f.Max < *f.Min) {
		w.add(path+"/max", "catalog.definition.range")
	}
}

func (f Field) validateDate(w *wrongs, path string, earlier map[string]Field) {
	if f.Type != Date {
		return
	}
	if f.Calendar != Gregorian && f.Calendar != Jalali {
		w.add(path+"/calendar", "catalog.definition.unknown_value")
	}
	if f.After != "" && earlier[f.After].Type != Date {
		w.add(path+"/after", "catalog.definition.reference")
	}
	if f.From != "" && !f.From.valid() {
		w.add(path+"/from", "catalog.definition.when")
	}
	if f.Until != "" && !f.Until.valid() {
		w.add(path+"/until", "catalog.definition.when")
	}
}

func (f Field) validateChoices(w *wrongs, path string) {
	if f.Type != Choice && f.Type != Choices {
		return
	}
	if len(f.Choices) == 0 {
		w.add(path+"/choices", "catalog.definition.missing")
	}
	length := 0
	seen := map[string]bool{}
	for i, option := range f.Choices {
		length += len(option.Value) + 1
		optionPath := fmt.Sprintf("%s/choices/%d", path, i)
		if !optionValue.MatchString(option.Value) {
			w.add(optionPath+"/value", "catalog.definition.option_value")
		}
		if seen[option.Value] {
			w.add(optionPath+"/value", "catalog.definition.duplicate")
		}
		seen[option.Value] = true
		w.bilingual(optionPath+"/label", option.Label)
	}
	if f.Type == Choices && length > f.Longest() { // all of them may be chosen
		w.add(path+"/choices", "catalog.definition.range")
	}
}

var optionValue = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,59}$`)
