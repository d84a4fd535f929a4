package desk

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// editor is the head of a page about the service that the address names.
// Fault: NotFound.
func (d *desk) editor(v visit, tab string) (p view.CatalogEditor, err error) {
	p = view.CatalogEditor{Slug: v.Params("slug"), Tab: tab, MayEdit: d.house.Policy.Allows(v.actor, access.EditCatalog)}
	if p.Draft, err = d.house.Catalog.Draft(v.ctx(), p.Slug); err != nil {
		return p, err
	}
	p.Definition, p.Readable, p.Faults = readDraft(p.Draft.Definition)
	list, err := d.house.Catalog.List(v.ctx())
	if err != nil {
		return p, err
	}
	if i := slices.IndexFunc(list, func(l catalog.Listing) bool { return l.Slug == p.Slug }); i >= 0 {
		p.Listing = list[i]
	}
	if !p.Draft.Begun { // what is offered was accepted once: its faults are nobody's to mend now
		p.Faults = nil
	} else if p.SavedBy, err = d.memberName(v, p.Draft.SavedBy); err != nil {
		return p, err
	}
	title := p.Definition.Title.In(v.lang())
	if title == "" {
		title = p.Slug
	}
	p.Chrome = d.chrome(v, title)
	p.Chrome.Path = catalogPath(p.Slug)
	if tab != "about" {
		p.Chrome.Path += "/" + tab
	}
	return p, nil
}

func (d *desk) memberName(v visit, id int64) (string, error) {
	people, err := d.people(v)
	return people[id], err
}

// readDraft reads a draft as its forms edit it. It is not readable when the
// forms would lose something of it: then its text has to be mended first.
func readDraft(raw []byte) (d catalog.Definition, readable bool, faults []fault.Field) {
	whole, err := catalog.Decode(raw)
	if err == nil {
		return whole, true, nil
	}
	if f := fault.Of(err); f != nil {
		faults = f.Fields
	}
	if err := json.Unmarshal(raw, &d, json.RejectUnknownMembers(true)); err != nil {
		return catalog.Definition{}, false, faults
	}
	for _, limit := range d.Limits { // 1e999999999 would be shown with all its zeros
		if e := limit.Min.Exponent(); e < -20 || e > 20 {
			return catalog.Definition{}, false, faults
		}
		if e := limit.Max.Exponent(); e < -20 || e > 20 {
			return catalog.Definition{}, false, faults
		}
	}
	return d, true, faults
}

// keep makes the changed definition the draft, when the form was made from
// the draft as it is. Where nothing changed there is nothing to keep.
func (d *desk) keep(v visit, p view.CatalogEditor, changed catalog.Definition) error {
	raw, err := changed.JSON()
	if err != nil || bytes.Equal(raw, p.Draft.Definition) {
		return err
	}
	return d.keepText(v, raw)
}

func (d *desk) keepText(v visit, raw []byte) error {
	revision, err := strconv.ParseInt(v.FormValue("revision"), 10, 64)
	if err != nil {
		revision = -1 // no draft's
	}
	_, err = d.house.Catalog.SaveDraft(v.ctx(), v.actor, v.Params("slug"), revision, raw)
	return err
}

// refused puts into the page why a form was not kept. Any other error is
// returned. It tells what saving now would change, where somebody else saved
// meanwhile: changed is the definition with the form in it.
func (v visit) refused(p *view.CatalogEditor, err error, changed catalog.Definition) (status int, _ error) {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return 0, err
	}
	p.Chrome.Failed = true
	if f.Kind == fault.Conflict {
		p.Refusal = v.said(f)
		if f.Key == "catalog.error.draft_changed" {
			p.Refusal = v.words("catalogue.error.changed")
		}
		if p.Readable && len(p.Faults) == 0 { // a draft that is wrong may be of any size
			p.Clash = catalog.Changes(p.Definition, changed)
		}
	}
	return f.Kind.Status(), nil
}

func (d *desk) about(v visit) error {
	p, err := d.editor(v, "about")
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogAbout(view.CatalogAboutPage{
		CatalogEditor: p, Form: view.CatalogForm{Values: aboutValues(p.Definition), Wrong: view.Within(p.Faults, "")},
	}))
}

func (d *desk) saveAbout(v visit) error {
	p, err := d.editor(v, "about")
	if err != nil {
		return err
	}
	if !p.Readable {
		return web.Redirect(v.Ctx, catalogPath(p.Slug)+"/json")
	}
	values := web.Typed(v.Ctx)
	back := catalogPath(p.Slug)
	if swapRows(values, values["do"]) {
		back += "#f-limits"
	}
	changed, wrong := readAbout(p.Definition, values)
	if err = wrong.Err(); err == nil {
		err = d.keep(v, p, changed)
	}
	if err == nil {
		return web.Redirect(v.Ctx, back)
	}
	status, err := v.refused(&p, err, changed)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, status, view.CatalogAbout(view.CatalogAboutPage{
		CatalogEditor: p, Form: view.CatalogForm{Values: values, Wrong: wrong},
	}))
}

func (d *desk) text(v visit) error {
	p, err := d.editor(v, "json")
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogText(view.CatalogTextPage{CatalogEditor: p, Text: string(p.Draft.Definition)}))
}

// saveText keeps the draft as it was typed, right or not.
func (d *desk) saveText(v visit) error {
	p, err := d.editor(v, "json")
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(v.FormValue("text"), "\r\n", "\n")
	if err = d.keepText(v, []byte(text)); err == nil {
		return web.Redirect(v.Ctx, catalogPath(p.Slug)+"/json")
	}
	changed, readable, faults := readDraft([]byte(text))
	if !readable || len(faults) > 0 {
		changed = p.Definition
	}
	page := view.CatalogTextPage{Text: text}
	if f := fault.Of(err); f != nil {
		page.Wrong = f.Fields
	}
	status, err := v.refused(&p, err, changed)
	if err != nil {
		return err
	}
	page.CatalogEditor = p
	return web.Render(v.Ctx, status, view.CatalogText(page))
}
