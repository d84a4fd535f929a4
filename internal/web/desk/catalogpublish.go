package desk

import (
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// beforePublishing shows what publishing the draft would change.
func (d *desk) beforePublishing(v visit) error {
	page, err := d.publishPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogPublish(page))
}

func (d *desk) publishPage(v visit) (page view.CatalogPublishPage, err error) {
	page.CatalogEditor, err = d.editor(v, "publish")
	if err == nil && page.Readable && len(page.Faults) == 0 && page.Listing.Service.Version > 0 {
		page.Changes = catalog.Changes(page.Listing.Service.Definition, page.Definition)
	}
	return page, err
}

// publish offers the draft from now on. Why is said in a note.
func (d *desk) publish(v visit) error {
	note, err := readNote(v)
	revision, unread := strconv.ParseInt(v.FormValue("revision"), 10, 64)
	if unread != nil {
		revision = -1
	}
	if err == nil {
		_, err = d.house.Catalog.Publish(v.ctx(), v.actor, v.Params("slug"), revision, note)
	}
	if err == nil {
		return web.Redirect(v.Ctx, catalogPath(v.Params("slug"))+"/history")
	}
	page, lost := d.publishPage(v)
	if lost != nil {
		return lost
	}
	status, other := v.refused(&page.CatalogEditor, err, page.Definition)
	if other != nil {
		return other
	}
	page.Note, page.Wrong = v.FormValue("note"), fault.Of(err).Fields
	return web.Render(v.Ctx, status, view.CatalogPublish(page))
}

// readNote reads why something is published: at the desk that is said.
func readNote(v visit) (string, error) {
	note := paragraph(v.FormValue("note"))
	if note == "" {
		return "", fault.Fields{{Name: "note", Key: "catalogue.error.note"}}.Err()
	}
	return note, nil
}

// discardDraft throws the draft away. Of a service that was never published
// nothing is left.
func (d *desk) discardDraft(v visit) error {
	p, err := d.editor(v, "about")
	if err != nil {
		return err
	}
	revision, err := strconv.ParseInt(v.FormValue("revision"), 10, 64)
	if err != nil {
		revision = -1
	}
	to := catalogPath(p.Slug)
	if p.Listing.Service.Version == 0 {
		to = catalogHome
	}
	return d.afterwards(v, to, d.house.Catalog.DiscardDraft(v.ctx(), v.actor, p.Slug, revision))
}

func (d *desk) retire(v visit) error {
	slug := v.Params("slug")
	return d.afterwards(v, catalogPath(slug), d.house.Catalog.Retire(v.ctx(), v.actor, slug))
}

func (d *desk) restore(v visit) error {
	slug := v.Params("slug")
	return d.afterwards(v, catalogPath(slug), d.house.Catalog.Restore(v.ctx(), v.actor, slug))
}

// afterwards goes on when something was done; otherwise the service's page
// says why it was not.
func (d *desk) afterwards(v visit, to string, err error) error {
	if err == nil {
		return web.Redirect(v.Ctx, to)
	}
	p, lost := d.editor(v, "about")
	if lost != nil {
		return lost
	}
	status, other := v.refused(&p, err, p.Definition)
	if other != nil {
		return other
	}
	return web.Render(v.Ctx, status, view.CatalogAbout(view.CatalogAboutPage{
		CatalogEditor: p, Form: view.CatalogForm{Values: aboutValues(p.Definition)},
	}))
}

func (d *desk) serviceHistory(v visit) error {
	page, err := d.historyPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.CatalogHistory(page))
}

// rollBack offers an earlier version again.
func (d *desk) rollBack(v visit) error {
	slug := v.Params("slug")
	version, err := strconv.Atoi(v.FormValue("version"))
	if err != nil || version < 1 || version > math.MaxInt32 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	note, err := readNote(v)
	if err == nil {
		_, err = d.house.Catalog.RollBack(v.ctx(), v.actor, slug, version, note)
	}
	if err == nil {
		return web.Redirect(v.Ctx, catalogPath(slug)+"/history")
	}
	page, lost := d.historyPage(v)
	if lost != nil {
		return lost
	}
	status, other := v.refused(&page.CatalogEditor, err, page.Definition)
	if other != nil {
		return other
	}
	page.Version, page.Note, page.Wrong = version, v.FormValue("note"), fault.Of(err).Fields
	return web.Render(v.Ctx, status, view.CatalogHistory(page))
}

// historyPage is the versions, each with what it changed of the one before.
func (d *desk) historyPage(v visit) (page view.CatalogHistoryPage, err error) {
	if page.CatalogEditor, err = d.editor(v, "history"); err != nil {
		return page, err
	}
	if page.People, err = d.people(v); err != nil {
		return page, err
	}
	versions, err := d.house.Catalog.Versions(v.ctx(), page.Slug)
	if fault.Is(err, fault.NotFound) { // only a draft yet
		return page, nil
	}
	if err != nil {
		return page, err
	}
	var later catalog.Definition
	for i, info := range versions { // the newest first
		service, err := d.house.Catalog.Version(v.ctx(), d.house.Pool, info.ID)
		if err != nil {
			return page, err
		}
		if i > 0 {
			page.Versions[i-1].Changes = catalog.Changes(service.Definition, later)
		}
		later = service.Definition
		page.Versions = append(page.Versions, view.CatalogVersion{VersionInfo: info})
	}
	return page, nil
}
