package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/views/parts"
)

// field is a question of the form, as it stands. Its words are those of its
// name; the two languages of a text share them.
func (f CatalogForm) field(ctx context.Context, name string, optional bool) parts.Field {
	own := name[strings.LastIndexByte(name, '.')+1:]
	stem, lang := own, ""
	for _, code := range []string{"fa", "en"} {
		if rest, ok := strings.CutSuffix(own, "_"+code); ok {
			stem, lang = rest, code
		}
	}
	field := parts.Field{
		Name: name, Label: i18n.T(ctx, "catalogue.f."+stem), Value: f.Values[name], Optional: optional, Autocomplete: "off",
		Error: parts.ErrorFor(ctx, f.Wrong, name), Attrs: templ.Attributes{},
	}
	if help := "catalogue.help." + stem; i18n.LangOf(ctx).Has(help) {
		field.Help = i18n.T(ctx, help)
	}
	if lang != "" {
		field.Label = i18n.T(ctx, "catalogue.in_"+lang, "what", field.Label)
		field.Attrs["lang"] = lang
		field.Attrs["dir"] = i18n.Lang(lang).Dir()
	}
	return field
}

// check is a question of yes or no.
func (f CatalogForm) check(ctx context.Context, name string) (parts.Field, bool) {
	field, on := f.field(ctx, name, true), f.Values[name] != ""
	field.Value = "1"
	return field, on
}

// label names what is wrong in a summary of errors.
func (f CatalogForm) label(ctx context.Context) func(string) string {
	return func(name string) string {
		words := f.field(ctx, name, true).Label
		list, rest, inRows := strings.Cut(name, ".")
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); inRows && err == nil {
			return i18n.T(ctx, "catalogue.nth."+list, "n", n) + i18n.T(ctx, "desk.list_comma") + " " + words
		}
		return words
	}
}

// rows is how many rows of a list the form shows.
func (f CatalogForm) rows(list string) int {
	most := 1
	for name := range f.Values {
		if rest, ok := strings.CutPrefix(name, list+"."); ok {
			number, _, _ := strings.Cut(rest, ".")
			if n, err := strconv.Atoi(number); err == nil && n <= 200 {
				most = max(most, n)
			}
		}
	}
	return most
}

func limitCurrencies() []parts.Option {
	var options []parts.Option
	for _, currency := range money.Currencies() {
		options = append(options, parts.Option{Value: string(currency), Label: string(currency)})
	}
	return options
}

// named are words for each of the values, whose keys begin with prefix.
func named[T ~string](ctx context.Context, prefix string, values ...T) []parts.Option {
	options := make([]parts.Option, len(values))
	for i, value := range values {
		options[i] = parts.Option{Value: string(value), Label: i18n.T(ctx, prefix+string(value))}
	}
	return options
}

// fieldTypes are the types to choose from, in the order of their use.
func fieldTypes(ctx context.Context, inRows bool) []parts.Option {
	types := []catalog.Type{
		catalog.Text, catalog.LongText, catalog.Choice, catalog.Choices, catalog.Number, catalog.Date, catalog.URL, catalog.Email, catalog.Phone, catalog.Price,
	}
	if !inRows {
		types = append(types, catalog.Amount, catalog.Rows, catalog.File, catalog.Login, catalog.Secret)
	}
	return named(ctx, "catalogue.type.", types...)
}

// asOptions are questions to point at.
func asOptions(ctx context.Context, fields []catalog.Field, fit func(catalog.Field) bool) []parts.Option {
	var options []parts.Option
	for _, field := range fields {
		if fit(field) {
			options = append(options, parts.Option{Value: field.Name, Label: fieldTitle(ctx, field)})
		}
	}
	return options
}

func fieldTitle(ctx context.Context, f catalog.Field) string {
	return cmp.Or(f.Label.In(i18n.LangOf(ctx)), f.Name)
}

func isOf(types ...catalog.Type) func(catalog.Field) bool {
	return func(f catalog.Field) bool { return slices.Contains(types, f.Type) }
}

// inLists are the questions of all lists' rows among the fields.
func inLists(fields []catalog.Field) []catalog.Field {
	var all []catalog.Field
	for _, field := range fields {
		for _, sub := range field.Fields {
			if !slices.ContainsFunc(all, func(f catalog.Field) bool { return f.Name == sub.Name && f.Type == sub.Type }) {
				all = append(all, sub)
			}
		}
	}
	return all
}

func choicesOf(ctx context.Context, f catalog.Field) []parts.Option {
	options := make([]parts.Option, len(f.Choices))
	for i, choice := range f.Choices {
		options[i] = parts.Option{Value: choice.Value, Label: cmp.Or(choice.Label.In(i18n.LangOf(ctx)), choice.Value)}
	}
	return options
}

// siteFields are the questions that may take the address to pay at.
func siteFields(ctx context.Context, d catalog.Definition) []parts.Option {
	return asOptions(ctx, slices.Collect(d.Fields()), isOf(catalog.URL))
}

// shownIn asks for which answers to another question this one comes up.
func (p CatalogPartPage) shownIn(ctx context.Context, control catalog.Field) parts.Field {
	return parts.Field{
		Name: "shown_in." + control.Name, Label: i18n.T(ctx, "catalogue.f.shown_in", "question", fieldTitle(ctx, control)),
		Error: parts.ErrorFor(ctx, p.Form.Wrong, "shown_if"),
	}
}

// controlling are the questions whose answers may bring another one up.
func controlling(fields []catalog.Field) []catalog.Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f catalog.Field) bool { return !isOf(catalog.Choice, catalog.Choices)(f) })
}

// canBeFilled tells the questions that have an answer of their own to wait for.
func canBeFilled(f catalog.Field) bool { return f.Type != catalog.Rows && f.Sum == nil }

// fieldFacts is a question in a few words: its type, and whether it is asked
// of everybody.
func fieldFacts(ctx context.Context, f catalog.Field) string {
	words := []string{i18n.LangOf(ctx).T("catalogue.type." + string(f.Type))}
	if !i18n.LangOf(ctx).Has("catalogue.type." + string(f.Type)) {
		words[0] = string(f.Type)
	}
	if f.Required {
		words = append(words, i18n.T(ctx, "catalogue.f.required"))
	}
	if f.ShownIf != nil {
		words = append(words, i18n.T(ctx, "catalogue.shown_if_short", "question", "\u2066"+f.ShownIf.Field+"\u2069"))
	}
	if len(f.Fields) > 0 {
		words = append(words, i18n.T(ctx, "catalogue.n_fields", "n", len(f.Fields)))
	}
	return list(ctx, words)
}

func split(joined string) []string { return strings.Split(joined, ",") }

// isList tells the place of a list, whose rows are asked, from that of a group.
func isList(place string) bool { return strings.Contains(place, "-") }

// pointerOf is partOf the other way round.
func pointerOf(place string) string {
	pointer := ""
	for i, number := range strings.Split(place, "-") {
		n, err := strconv.Atoi(number)
		if err != nil {
			return ""
		}
		pointer += []string{"/groups/", "/fields/", "/fields/"}[min(i, 2)] + strconv.Itoa(n-1)
	}
	return pointer
}

func leftToRightText(f parts.Field) parts.Field {
	f.Attrs["dir"] = "ltr"
	return f
}
