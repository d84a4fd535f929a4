package desk

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/views/parts"
)

// CatalogPage lists the services, family by family.
type CatalogPage struct {
	Chrome   parts.Chrome
	Services []catalog.Listing
	Query    string
	People   map[int64]string // names of the staff
	MayEdit  bool
}

// CatalogNewPage begins a service.
type CatalogNewPage struct {
	Chrome   parts.Chrome
	Services []catalog.Listing // to copy from
	Form     CatalogForm
}

// CatalogImportPage takes a file of services, and shows what it would change.
type CatalogImportPage struct {
	Chrome  parts.Chrome
	Wrong   []fault.Field // by the path in the file
	Read    bool          // the file was read: Changes is what it would do
	Changes []catalog.ServiceChange
	File    string // its text, until it is confirmed
	Seen    string // stands for Changes: another word, and they are others by now
	Moved   bool   // the catalogue changed between the two steps
	Note    string
	NoteBad []fault.Field
}

// CatalogForm is what stands in a form of the editor, by input name, and what
// is wrong with it.
type CatalogForm struct {
	Values map[string]string
	Wrong  []fault.Field
}

// CatalogEditor is the head of each page about one service: its draft, how
// that stands, and the ways on.
type CatalogEditor struct {
	Chrome     parts.Chrome
	Slug       string
	Tab        string             // about, form, json, history, publish
	Listing    catalog.Listing    // what is published, and whether it is on offer
	Draft      catalog.Draft      // where there is none: the newest version
	Definition catalog.Definition // the draft as far as it can be read
	Readable   bool               // false: only its text can be edited
	Faults     []fault.Field      // of the draft, by path
	SavedBy    string
	MayEdit    bool
	Refusal    string           // why something was not done, in words
	Clash      []catalog.Change // somebody else saved meanwhile: what saving now would change of theirs
}

// CatalogAboutPage is what a service says of itself.
type CatalogAboutPage struct {
	CatalogEditor
	Form CatalogForm
}

// CatalogFormPage is the structure of the order form.
type CatalogFormPage struct {
	CatalogEditor
}

// CatalogPartPage is one group or one question of the order form.
type CatalogPartPage struct {
	CatalogEditor
	Form    CatalogForm
	Place   string
	Title   i18n.Text
	Group   bool
	InRows  bool            // a question of each row of a list
	Gone    bool            // somebody took it away meanwhile
	Beside  []catalog.Field // the other questions on its level
	Earlier []catalog.Field // those before it
	Fields  []catalog.Field // of a list: what is asked of each row
}

// CatalogTextPage is the draft as JSON.
type CatalogTextPage struct {
	CatalogEditor
	Text  string
	Wrong []fault.Field
}

// CatalogPublishPage shows what publishing the draft would change.
type CatalogPublishPage struct {
	CatalogEditor
	Changes []catalog.Change
	Note    string
	Wrong   []fault.Field
}

// CatalogHistoryPage lists the versions of a service, newest first.
type CatalogHistoryPage struct {
	CatalogEditor
	Versions []CatalogVersion
	People   map[int64]string
	Wrong    []fault.Field
	Version  int    // of a refused roll-back
	Note     string // of a refused roll-back
}

// CatalogVersion is a version, and what it changed of the one before.
type CatalogVersion struct {
	catalog.VersionInfo
	Changes []catalog.Change
}

const catalogHome = "/desk/catalog"

func (p CatalogEditor) path(rest string) string { return catalogPath(p.Slug) + rest }

func catalogPath(slug string) string { return catalogHome + "/" + url.PathEscape(slug) }

// partPath is the form of a group or a question, written as "2-3".
func (p CatalogEditor) partPath(place string) string { return p.path("/form/" + place) }

func (p CatalogEditor) revision() string { return strconv.FormatInt(p.Draft.Revision, 10) }

// published reports whether any version was ever offered.
func (p CatalogEditor) published() bool { return p.Listing.Service.Version > 0 }

// outrun reports whether a version was published after the draft was saved.
func (p CatalogEditor) outrun() bool {
	return p.Draft.Begun && p.Listing.Service.Version > p.Draft.Base
}

func (p CatalogEditor) title(ctx context.Context) string {
	title := p.Definition.Title
	if title == (i18n.Text{}) {
		title = p.Listing.Service.Definition.Title
	}
	return cmp.Or(title.In(i18n.LangOf(ctx)), p.Slug)
}

func (p CatalogEditor) tabs(ctx context.Context) []parts.NavItem {
	tabs := []parts.NavItem{}
	for _, tab := range []struct{ name, path string }{{"about", ""}, {"form", "/form"}, {"json", "/json"}, {"history", "/history"}} {
		tabs = append(tabs, parts.NavItem{
			Label: i18n.T(ctx, "catalogue.tab."+tab.name), Href: p.path(tab.path), Current: p.Tab == tab.name,
		})
	}
	return tabs
}

// byWhom names who published a version: a member, or the program itself.
func byWhom(ctx context.Context, people map[int64]string, member int64) string {
	if member == 0 {
		return i18n.T(ctx, "catalogue.by_program")
	}
	return people[member]
}

func (p CatalogPage) of(family catalog.Family) []catalog.Listing {
	var list []catalog.Listing
	for _, listing := range p.Services {
		if listing.Service.Definition.Family == family {
			list = append(list, listing)
		}
	}
	return list
}

func (p CatalogPage) title(ctx context.Context, listing catalog.Listing) string {
	return cmp.Or(listing.Service.Definition.Title.In(i18n.LangOf(ctx)), listing.Slug)
}

func copyOptions(ctx context.Context, services []catalog.Listing) []parts.Option {
	var options []parts.Option
	for _, listing := range services {
		if listing.Service.Version > 0 {
			options = append(options, parts.Option{Value: listing.Slug, Label: listing.Service.Definition.Title.In(i18n.LangOf(ctx))})
		}
	}
	return options
}

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

// refusedFields are what this very form was refused for; what else is wrong
// with the draft stands in its list above.
func (p CatalogAboutPage) refusedFields() []fault.Field {
	if !p.Chrome.Failed {
		return nil
	}
	return p.Form.Wrong
}

func trimSlash(pointer string) string { return strings.TrimPrefix(pointer, "/") }

func (p CatalogPartPage) refusedFields() []fault.Field {
	if !p.Chrome.Failed {
		return nil
	}
	return p.Form.Wrong
}

// backPath leads back to the structure, to where this part stands.
func (p CatalogPartPage) backPath() string {
	if p.InRows {
		list := p.Place[:strings.LastIndexByte(p.Place, '-')]
		return p.partPath(list) + "#p-" + p.Place
	}
	return p.path("/form#p-" + p.Place)
}

func (p CatalogPartPage) isList() bool { return p.isAny(string(catalog.Rows)) }

// isAny reports whether the question is of one of these types, spaces between.
func (p CatalogPartPage) isAny(types string) bool {
	return slices.Contains(strings.Fields(types), p.Form.Values["type"])
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

// deedWords name a button that has only an icon: what it does, and to what.
func deedWords(ctx context.Context, deed, place string) string {
	return i18n.T(ctx, "catalogue."+deed) + ": " + placeWords(ctx, catalog.Definition{}, pointerOf(place))
}
