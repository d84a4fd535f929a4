package catalog

import (
	"slices"

	"pishkhan/internal/i18n"
)

// object is a JSON object.
type object = map[string]any

// Schema describes the answers to the form as nested JSON, for programs that
// order: a JSON Schema (2020-12) with titles and help for who reads lang.
// Rows are arrays of objects, several choices arrays of strings, dates ISO
// Gregorian, money text. What Check refuses beyond it, such as an amount
// over the limit, is told when the order is placed.
func (d Definition) Schema(lang i18n.Lang) map[string]any {
	schema := d.level(slices.Collect(d.Fields()), lang)
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = d.Title.In(lang)
	schema["description"] = d.Summary.In(lang)
	return schema
}

func (d Definition) level(fields []Field, lang i18n.Lang) object {
	properties, required := object{}, []string{}
	var conditions []object
	for _, field := range fields {
		properties[field.Name] = d.property(field, lang)
		shown := conditionsOf(field, fields)
		switch {
		case !field.Required && field.LeastRows() == 0, field.Sum != nil && len(d.Limits) == 1:
		case len(shown) == 0:
			required = append(required, field.Name)
		default:
			conditions = append(conditions, requiredOnce(field, shown))
		}
		if field.With != "" {
			conditions = append(conditions, requiredOnce(field, append(shown, companion(field.With, fields)...)))
		}
	}
	schema := object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	if len(conditions) > 0 {
		schema["allOf"] = conditions
	}
	return schema
}

func requiredOnce(field Field, conditions []object) object {
	return object{"if": object{"allOf": conditions}, "then": object{"required": []string{field.Name}}}
}

// conditionsOf says when a question is asked: its rule, and that of the
// question that the rule waits for.
func conditionsOf(field Field, fields []Field) []object {
	if field.ShownIf == nil {
		return nil
	}
	other := level{fields: fields}.field(field.ShownIf.Field)
	answer := object{"enum": field.ShownIf.In}
	if other.Type == Choices {
		answer = object{"contains": answer}
	}
	met := object{"properties": object{other.Name: answer}, "required": []string{other.Name}}
	return append(conditionsOf(other, fields), met)
}

// companion says when the input of that name is filled.
func companion(input string, fields []Field) []object {
	for _, field := range fields {
		if field.Name == input || field.Type == Amount && field.CurrencyInput() == input {
			return append(conditionsOf(field, fields), object{"required": []string{field.Name}})
		}
	}
	return nil
}

// property describes one answer.
func (d Definition) property(f Field, lang i18n.Lang) object {
	schema := d.shape(f, lang)
	schema["title"] = f.Label.In(lang)
	if help := f.Help.In(lang); help != "" {
		schema["description"] = help
	}
	if f.Sealed {
		schema["writeOnly"] = true
	}
	return schema
}

const (
	moneyPattern = `^\d{1,9}(\.\d{1,3})?$`
	largest      = 999_999_999_999_999 // as wholeNumber
)

func (d Definition) shape(f Field, lang i18n.Lang) object {
	switch f.Type {
	case Amount:
		return d.amountShape(f)
	case Price:
		return f.text(object{"pattern": moneyPattern})
	case Number:
		least, most := int64(0), int64(largest)
		if f.Min != nil {
			least = *f.Min
		}
		if f.Max != nil {
			most = *f.Max
		}
		return object{"type": "integer", "minimum": least, "maximum": most}
	case Date:
		return object{"type": "string", "format": "date"}
	case File:
		return object{"type": "string", "pattern": attachment.String()}
	case Choice:
		return object{"type": "string", "oneOf": f.options(lang)}
	case Choices:
		return object{"type": "array", "uniqueItems": true, "minItems": 1, "items": object{"type": "string", "oneOf": f.options(lang)}}
	case Rows:
		row := d.level(f.Fields, lang)
		row["title"] = f.RowTitle.In(lang)
		return object{"type": "array", "minItems": f.LeastRows(), "maxItems": f.MostRows(), "items": row}
	case Email:
		return f.text(object{"format": "email"})
	case URL:
		return f.text(object{"format": "uri", "pattern": `^[Hh][Tt][Tt][Pp][Ss]?://`})
	}
	return f.text(object{})
}

// text is a text that says something: whatever is left open is left out.
func (f Field) text(schema object) object {
	schema["type"] = "string"
	schema["minLength"] = max(1, f.MinLength)
	schema["maxLength"] = f.Longest()
	if f.Placeholder != "" {
		schema["examples"] = []string{f.Placeholder}
	}
	return schema
}

func (f Field) options(lang i18n.Lang) []object {
	options := make([]object, len(f.Choices))
	for i, option := range f.Choices {
		options[i] = object{"const": option.Value, "title": option.Label.In(lang)}
	}
	return options
}

func (d Definition) amountShape(f Field) object {
	properties := object{"currency": object{"type": "string", "enum": d.Currencies()}}
	required := []string{}
	if len(d.Limits) > 1 {
		required = append(required, "currency")
	}
	if f.Sum == nil {
		amount := object{"type": "string", "pattern": moneyPattern}
		if f.Placeholder != "" {
			amount["examples"] = []string{f.Placeholder}
		}
		properties["amount"] = amount
		required = append(required, "amount")
	}
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}
