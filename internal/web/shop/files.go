package shop

import (
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// takeFiles keeps the files that came along with a form, and puts their
// numbers among what was typed: what is wrong elsewhere in the form costs
// nobody an upload. wrong is what is wrong with the files themselves.
func (s *shop) takeFiles(c *fiber.Ctx, visitorID int64, d catalog.Definition, values map[string]string) (wrong fault.Fields, err error) {
	form, err := c.MultipartForm()
	if err != nil {
		return nil, nil // a form without files
	}
	for field := range d.Fields() {
		if field.Type != catalog.File || len(form.File[field.Name]) == 0 {
			continue
		}
		header := form.File[field.Name][0]
		if header.Size > views.MaxFileBytes {
			wrong.Add(field.Name, "attachments.error.size", "megabytes", views.MaxFileBytes>>20)
			continue
		}
		file, err := header.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(file)
		file.Close()
		if err != nil {
			return nil, err
		}
		kept, err := s.Attachments.Keep(c.UserContext(), visitorID, web.IP(c), header.Filename, content)
		if fault.Is(err, fault.Invalid) {
			wrong.AddErr(field.Name, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		values[field.Name] = strconv.FormatInt(kept.ID, 10)
	}
	return wrong, nil
}

// keptFiles are the names of the files whose numbers are among what was
// typed, by input name. A number that is not this browser's has none.
func (s *shop) keptFiles(c *fiber.Ctx, visitorID int64, d catalog.Definition, values map[string]string) (map[string]string, error) {
	names := map[string]string{}
	for field := range d.Fields() {
		id, err := strconv.ParseInt(values[field.Name], 10, 64)
		if field.Type != catalog.File || err != nil {
			continue
		}
		if err := s.Attachments.Own(c.UserContext(), s.Pool, visitorID, []int64{id}); fault.Is(err, fault.NotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		kept, err := s.Attachments.Of(c.UserContext(), s.Pool, []int64{id})
		if err != nil {
			return nil, err
		}
		for _, file := range kept {
			names[field.Name] = file.Name
		}
	}
	return names, nil
}
