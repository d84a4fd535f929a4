package shop

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/bulk"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// bulkFile is the name of the input that takes a file of orders.
const bulkFile = "file"

// bulkOf explains how a service is ordered by a file, and takes one.
func (s *shop) bulkOf(c *fiber.Ctx) error {
	service, err := s.bulkService(c)
	if err != nil {
		return err
	}
	return s.showBulk(c, fiber.StatusOK, views.BulkPage{Service: service})
}

// bulkCSV and bulkXLSX hand out the template.
func (s *shop) bulkCSV(c *fiber.Ctx) error {
	return s.template(c, ".csv", "text/csv; charset=utf-8", bulk.TemplateCSV)
}

func (s *shop) bulkXLSX(c *fiber.Ctx) error {
	return s.template(c, ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bulk.TemplateXLSX)
}

func (s *shop) template(c *fiber.Ctx, ending, contentType string, write func(catalog.Definition, i18n.Lang) ([]byte, error)) error {
	service, err := s.bulkService(c)
	if err != nil {
		return err
	}
	content, err := write(service.Definition, lang(c))
	if err != nil {
		return err
	}
	return web.Attachment(c, service.Definition.Slug+ending, contentType, content)
}

// bulkService is the service of the address, if it is ordered by files.
func (s *shop) bulkService(c *fiber.Ctx) (catalog.Service, error) {
	service, err := s.Catalog.Service(c.UserContext(), c.Params("slug"))
	if err == nil && !bulk.Takes(service.Definition) {
		err = fault.New(fault.NotFound, "bulk.error.not_taken")
	}
	return service, err
}

// takeBulk checks a file. What is wrong with its lines is shown at once; when
// all is right, the browser watches them being added.
func (s *shop) takeBulk(c *fiber.Ctx) error {
	service, err := s.bulkService(c)
	if err != nil {
		return err
	}
	if _, err := s.arrive(c); err != nil {
		return err
	}
	name, content, err := uploaded(c, bulkFile, bulk.MaxBytes)
	switch {
	case fault.Is(err, fault.TooLarge):
		err = wrongFile("bulk.error.too_large", "size", bulk.MaxBytes>>20)
	case err == nil && content == nil:
		err = wrongFile("bulk.error.no_file")
	}
	var id int64
	if err == nil {
		id, err = s.Bulk.Take(c.UserContext(), owner(c), service, name, content)
	}
	if form, ok := refused(err, nil); ok {
		return s.showBulk(c, fiber.StatusUnprocessableEntity, views.BulkPage{Service: service, Form: form})
	}
	if err != nil {
		return err
	}
	upload, err := s.Bulk.Upload(c.UserContext(), owner(c), id)
	if err != nil {
		return err
	}
	if upload.State == bulk.Refused {
		return s.showBulk(c, fiber.StatusUnprocessableEntity, views.BulkPage{Service: service, Upload: &upload, Page: 1, Failed: true})
	}
	return web.Redirect(c, uploadPath(id))
}

func wrongFile(key string, args ...any) error {
	var wrong fault.Fields
	wrong.Add(bulkFile, key, args...)
	return wrong.Err()
}

func uploadPath(id int64) string { return "/bulk/" + strconv.FormatInt(id, 10) }

// bulkUpload shows how far a file is, or what was wrong with it. Once it is in
// the basket and nothing is left to say, the basket is what follows.
func (s *shop) bulkUpload(c *fiber.Ctx) error {
	upload, err := s.uploadOf(c)
	if err != nil {
		return err
	}
	if upload.State == bulk.Added && len(upload.Findings) == 0 {
		return web.Redirect(c, "/basket")
	}
	return s.showBulk(c, fiber.StatusOK, views.BulkPage{Service: upload.Service, Upload: &upload, Page: max(c.QueryInt("page"), 1)})
}

// bulkProgress is what the page asks for every second.
func (s *shop) bulkProgress(c *fiber.Ctx) error {
	upload, err := s.uploadOf(c)
	if err != nil {
		return err
	}
	if upload.Ended() {
		return web.Redirect(c, uploadPath(upload.ID))
	}
	return web.Render(c, fiber.StatusOK, views.BulkProgress(upload))
}

// bulkFindings hands out what was found in a file, as a table.
func (s *shop) bulkFindings(c *fiber.Ctx) error {
	upload, err := s.uploadOf(c)
	if err != nil {
		return err
	}
	content, err := bulk.FindingsCSV(upload.Findings, lang(c))
	if err != nil {
		return err
	}
	return web.Attachment(c, "findings-"+strconv.FormatInt(upload.ID, 10)+".csv", "text/csv; charset=utf-8", content)
}

func (s *shop) uploadOf(c *fiber.Ctx) (bulk.Upload, error) {
	id, err := number(c)
	if err != nil {
		return bulk.Upload{}, err
	}
	return s.Bulk.Upload(c.UserContext(), owner(c), id)
}

func (s *shop) showBulk(c *fiber.Ctx, status int, page views.BulkPage) error {
	path := "/services/" + page.Service.Definition.Slug + "/bulk"
	if page.Upload != nil {
		path = uploadPath(page.Upload.ID)
	}
	chrome, err := s.chrome(c, path, t(c, "shop.bulk.title", "service", page.Service.Definition.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Bulk(chrome, page))
}
