package desk

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const catalogHome = "/desk/catalog"

func catalogPath(slug string) string { return catalogHome + "/" + url.PathEscape(slug) }

// catalog lists the services, or those that the query finds.
func (d *desk) catalog(v visit) error {
	page := view.CatalogPage{
		Chrome: d.chrome(v, v.words("catalogue.title")), Query: v.Query("q"), MayEdit: d.house.Policy.Allows(v.actor, access.EditCatalog),
	}
	list, err := d.house.Catalog.List(v.ctx())
	if err != nil {
		return err
	}
	for _, listing := range list {
		service := listing.Service
		service.Definition.Slug = listing.Slug // of what is only a draft there is nothing else
		if len(catalog.Search([]catalog.Service{service}, page.Query)) > 0 {
			page.Services = append(page.Services, listing)
		}
	}
	if page.People, err = d.people(v); err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Catalog(page))
}

// exportCatalog sends the services on offer as one file.
func (d *desk) exportCatalog(v visit) error {
	file, err := d.house.Catalog.Export(v.ctx())
	if err != nil {
		return err
	}
	return web.Attachment(v.Ctx, "pishkhan-catalog-"+day(d.house.Clock)+".json", fiber.MIMEApplicationJSONCharsetUTF8, file)
}

func day(c clock.Clock) string { return c.Now().In(jalali.Tehran).Format("2006-01-02") }

func (d *desk) newService(v visit) error {
	return d.newServicePage(v, fiber.StatusOK, view.CatalogForm{})
}

func (d *desk) newServicePage(v visit, status int, form view.CatalogForm) error {
	page := view.CatalogNewPage{Chrome: d.chrome(v, v.words("catalogue.new")), Form: form}
	page.Chrome.Path, page.Chrome.Failed = catalogHome+"/new", len(form.Wrong) > 0
	var err error
	if page.Services, err = d.house.Catalog.List(v.ctx()); err != nil {
		return err
	}
	return web.Render(v.Ctx, status, view.CatalogNew(page))
}

// reserved are the slugs that would hide behind addresses of the desk.
var reserved = []string{"new", "import", "export"}

// createService begins a draft: an empty one, or a copy of a service.
func (d *desk) createService(v visit) error {
	values := web.Typed(v.Ctx)
	definition, err := d.beginning(v, values)
	if err == nil {
		var raw []byte
		if raw, err = definition.JSON(); err == nil {
			_, err = d.house.Catalog.SaveDraft(v.ctx(), v.actor, definition.Slug, 0, raw)
		}
	}
	f := fault.Of(err)
	switch {
	case err == nil:
		return web.Redirect(v.Ctx, catalogPath(definition.Slug))
	case f != nil && f.Kind == fault.Conflict: // somebody began it at the same moment
		err = wrongSlug("catalog.definition.duplicate")
	case f == nil || f.Kind != fault.Invalid:
		return err
	}
	wrong := slices.Clone(fault.Of(err).Fields)
	for i := range wrong {
		wrong[i].Name = cmp.Or(view.InputAt(strings.TrimPrefix(wrong[i].Name, "/")), "slug")
	}
	return d.newServicePage(v, fiber.StatusUnprocessableEntity, view.CatalogForm{Values: values, Wrong: wrong})
}

func wrongSlug(key string) error {
	return fault.Fields{{Name: "/slug", Key: key}}.Err()
}

// beginning is the definition that a new service begins with.
func (d *desk) beginning(v visit, values map[string]string) (catalog.Definition, error) {
	definition := catalog.Definition{
		Limits: []catalog.Limit{}, Groups: []catalog.Group{},
	}
	slug, family := line(values["slug"]), catalog.Family(values["family"])
	list, err := d.house.Catalog.List(v.ctx())
	if err != nil {
		return definition, err
	}
	for _, listing := range list {
		if listing.Slug == slug {
			return definition, wrongSlug("catalog.definition.duplicate")
		}
		if listing.Slug == values["copy"] && listing.Service.Version > 0 {
			definition = listing.Service.Definition
		}
	}
	if slices.Contains(reserved, slug) {
		return definition, wrongSlug("catalog.definition.slug")
	}
	if !slices.Contains(catalog.Families, family) {
		return definition, fault.Fields{{Name: "/family", Key: "catalog.definition.unknown_value"}}.Err()
	}
	definition.Slug, definition.Family = slug, family
	return definition, nil
}
