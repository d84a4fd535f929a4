package desk

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// structure shows the groups and questions of the order form.
func (d *desk) structure(v visit) error {
	p, err := d.editor(v, "form")
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogStructure(view.CatalogFormPage{CatalogEditor: p}))
}

// restructure moves, copies, removes or adds a group or a question: "up 2-3",
// "add 2". It shows the draft as it is where somebody else changed it.
func (d *desk) restructure(v visit) error {
	p, err := d.editor(v, "form")
	if err != nil {
		return err
	}
	if !p.Readable {
		return web.Redirect(v.Ctx, catalogPath(p.Slug)+"/json")
	}
	changed := copyOf(p.Definition)
	next, ok := apply(&changed, v.FormValue("do"), catalog.Type(v.FormValue("type")))
	if ok {
		err = d.keep(v, p, changed)
	} else {
		err = fault.New(fault.Conflict, "catalogue.error.no_such_part")
	}
	if err == nil {
		return web.Redirect(v.Ctx, afterDeed(p.Slug, v.FormValue("do"), next, changed))
	}
	status, err := v.refused(&p, err, p.Definition)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, status, view.CatalogStructure(view.CatalogFormPage{CatalogEditor: p}))
}

// apply does what a button says, and returns where to look next.
func apply(definition *catalog.Definition, do string, kind catalog.Type) (place, bool) {
	name, where, _ := strings.Cut(do, " ")
	if name == "group" {
		return addGroup(definition)
	}
	at, ok := readPlace(where)
	if !ok {
		return nil, false
	}
	if name == "add" {
		return add(definition, at, kind)
	}
	deed, ok := deeds[name]
	if !ok {
		return nil, false
	}
	return deed(definition, at)
}

// afterDeed is what to see after a change: what is new, in its own form;
// otherwise the list that the part stands in, and the part in it. What was
// moved has the focus on the same button, while it can be moved on.
func afterDeed(slug, do string, next place, changed catalog.Definition) string {
	form := catalogPath(slug) + "/form"
	name, _, _ := strings.Cut(do, " ")
	mark := "#p-"
	if name == "up" || name == "down" {
		further := copyOf(changed)
		if _, more := deeds[name](&further, next); more {
			mark = "#" + name + "-"
		}
	}
	switch {
	case name == "add", name == "group":
		return form + "/" + next.String()
	case len(next) == deepest:
		return form + "/" + next.within().String() + mark + next.String()
	case name == "remove" && len(next) == 2: // a question of that list's rows
		return form + "/" + next.String()
	case len(next) == 0:
		return form
	}
	return form + mark + next.String()
}

// part shows the form of one group or one question.
func (d *desk) part(v visit) error {
	p, at, err := d.partOf(v)
	if err != nil {
		return err
	}
	if !p.Readable {
		return web.Render(v.Ctx, fiber.StatusOK, view.CatalogPart(view.CatalogPartPage{CatalogEditor: p}))
	}
	page, ok := partPage(p, at, nil)
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	page.Form.Wrong = view.Within(p.Faults, at.String())
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogPart(page))
}

// savePart keeps what was typed about a group or a question. It is looked for
// by the name that it had, since others may have moved it.
func (d *desk) savePart(v visit) error {
	p, at, err := d.partOf(v)
	if err != nil {
		return err
	}
	if !p.Readable {
		return web.Redirect(v.Ctx, catalogPath(p.Slug)+"/json")
	}
	values := web.Typed(v.Ctx)
	back := catalogPath(p.Slug) + "/form/" + at.String() + "#f-choices"
	if !swapRows(values, values["do"]) {
		back = afterDeed(p.Slug, "", at, p.Definition)
	}
	if moved, ok := find(&p.Definition, values["was"], at); ok && len(at) > 1 {
		at = moved
	}
	changed := copyOf(p.Definition)
	wrong, ok := write(&changed, at, values)
	if err = wrong.Err(); !ok {
		err = fault.New(fault.Conflict, "catalogue.error.no_such_part")
	} else if err == nil {
		err = d.keep(v, p, changed)
	}
	if err == nil {
		return web.Redirect(v.Ctx, back)
	}
	status, err := v.refused(&p, err, changed)
	if err != nil {
		return err
	}
	page, ok := partPage(p, at, values)
	page.Gone, page.Form.Wrong = !ok, wrong
	return web.Render(v.Ctx, status, view.CatalogPart(page))
}

func (d *desk) partOf(v visit) (view.CatalogEditor, place, error) {
	at, ok := readPlace(v.Params("place"))
	if !ok {
		return view.CatalogEditor{}, nil, fault.New(fault.NotFound, "fault.not_found")
	}
	p, err := d.editor(v, "form")
	p.Chrome.Path += "/" + at.String()
	return p, at, err
}

// write puts what was typed into the definition; ok is false where there is
// no such part, or it is another one by now.
func write(definition *catalog.Definition, at place, values map[string]string) (wrong fault.Fields, ok bool) {
	if len(at) == 1 {
		if at[0] >= len(definition.Groups) {
			return nil, false
		}
		definition.Groups[at[0]].Title = bilingual(values, "title")
		return nil, true
	}
	before, ok := question(definition, at)
	if !ok || before.Name != values["was"] {
		return nil, false
	}
	field, wrong := readField(*before, values)
	return wrong, put(definition, at, field)
}

// partPage is the form of the part that stands there; with values, as they
// were typed. ok is false where there is none.
func partPage(p view.CatalogEditor, at place, values map[string]string) (page view.CatalogPartPage, ok bool) {
	page = view.CatalogPartPage{
		CatalogEditor: p, Place: at.String(), Group: len(at) == 1, InRows: len(at) == deepest, Form: view.CatalogForm{Values: values},
	}
	if page.Group {
		if at[0] >= len(p.Definition.Groups) {
			return page, false
		}
		title := p.Definition.Groups[at[0]].Title
		page.Title = title
		if values == nil {
			page.Form.Values = map[string]string{}
			spread(page.Form.Values, "title", title)
		}
		return page, true
	}
	field, ok := question(&p.Definition, at)
	if !ok || values != nil && field.Name != values["was"] {
		return page, false
	}
	if values == nil {
		page.Form.Values = fieldValues(*field)
		page.Form.Values["was"] = field.Name
	}
	page.Title, page.Fields = field.Label, field.Fields
	page.Earlier, page.Beside = around(&p.Definition, at)
	return page, true
}

// around are the questions before one on its level, and all but itself.
func around(definition *catalog.Definition, at place) (earlier, beside []catalog.Field) {
	var level []catalog.Field
	own := at.last()
	if len(at) == deepest {
		level = *questions(definition, at.within())
	} else {
		for g, group := range definition.Groups {
			if g == at[0] {
				own += len(level)
			}
			level = append(level, group.Fields...)
		}
	}
	return level[:own], slices.Concat(level[:own], level[own+1:])
}
