package parts

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// Field is one question of a form and what was answered so far. Its texts are
// already in the reader's language.
type Field struct {
	Name         string
	Label        string
	Help         string
	Value        string
	Error        string // what is wrong, without the word «خطا»
	Optional     bool
	Disabled     bool
	ReadOnly     bool
	Autocomplete string           // the HTML token, such as "email" or "one-time-code"
	Placeholder  string           // an example; never the only explanation
	Attrs        templ.Attributes // hx-*, data-*, maxlength and the like, for the input
}

// Option is one answer to choose from.
type Option struct {
	Value    string
	Label    string
	Help     string // for radio buttons and check boxes
	Disabled bool
}

// ErrorFor returns what is wrong with the named field in words, or "".
func ErrorFor(ctx context.Context, fields []fault.Field, name string) string {
	i := slices.IndexFunc(fields, func(f fault.Field) bool { return f.Name == name })
	if i < 0 {
		return ""
	}
	return i18n.T(ctx, fields[i].Key, fields[i].Args...)
}

// FieldID is the id of the named field's first input: what a summary of errors links to.
func FieldID(name string) string { return "f-" + name }

func (f Field) id() string { return FieldID(f.Name) }

// attributes are those that all kinds of input share.
func (f Field) attributes() templ.Attributes {
	attributes := templ.Attributes{"id": f.id(), "name": f.Name}
	for name, value := range f.Attrs {
		attributes[name] = value
	}
	for name, value := range f.describing() {
		attributes[name] = value
	}
	for name, value := range map[string]string{"autocomplete": f.Autocomplete, "placeholder": f.Placeholder} {
		if value != "" {
			attributes[name] = value
		}
	}
	for name, on := range map[string]bool{"disabled": f.Disabled, "readonly": f.ReadOnly} {
		if on {
			attributes[name] = true
		}
	}
	if !f.Optional {
		attributes["aria-required"] = "true"
	}
	return attributes
}

// describing ties the help and the error to the input, or to a group of them.
func (f Field) describing() templ.Attributes {
	attributes := templ.Attributes{}
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.id()+"-help")
	}
	if f.Error != "" {
		ids = append(ids, f.id()+"-error")
		attributes["aria-invalid"] = "true"
	}
	if len(ids) > 0 {
		attributes["aria-describedby"] = strings.Join(ids, " ")
	}
	return attributes
}
