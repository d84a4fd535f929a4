package desk

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
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

// deedWords name a button that has only an icon: what it does, and to what.
func deedWords(ctx context.Context, deed, place string) string {
	return i18n.T(ctx, "catalogue."+deed) + ": " + placeWords(ctx, catalog.Definition{}, pointerOf(place))
}
