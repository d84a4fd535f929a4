package shop

import (
	"io"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// takeDocument keeps the picture of a document that came along with an
// identity, and puts its number among what was typed: what is wrong elsewhere
// costs nobody an upload. wrong is what is wrong with the picture itself.
func (s *shop) takeDocument(c *fiber.Ctx, values map[string]string) (wrong fault.Fields, err error) {
	name, content, err := uploaded(c, views.DocumentFile, views.MaxFileBytes)
	if fault.Is(err, fault.TooLarge) {
		wrong.Add(views.DocumentFile, "attachments.error.size", "megabytes", views.MaxFileBytes>>20)
		return wrong, nil
	}
	if err != nil || content == nil {
		return nil, err
	}
	v, err := s.arrive(c)
	if err != nil {
		return nil, err
	}
	kept, err := s.Attachments.Keep(c.UserContext(), v.ID, web.IP(c), name, content)
	if fault.Is(err, fault.Invalid) {
		wrong.AddErr(views.DocumentFile, err)
		return wrong, nil
	}
	if err != nil {
		return nil, err
	}
	values[views.DocumentKept] = strconv.FormatInt(kept.ID, 10)
	return nil, nil
}

// paperName is the name of the document whose number is among what was typed,
// if it is this browser's.
func (s *shop) paperName(c *fiber.Ctx, values map[string]string) (string, error) {
	id, err := strconv.ParseInt(values[views.DocumentKept], 10, 64)
	if err != nil {
		return "", nil
	}
	if err := s.Attachments.Own(c.UserContext(), s.Pool, visitor(c).ID, []int64{id}); fault.Is(err, fault.NotFound) {
		delete(values, views.DocumentKept)
		return "", nil
	} else if err != nil {
		return "", err
	}
	kept, err := s.Attachments.Of(c.UserContext(), s.Pool, []int64{id})
	if err != nil || len(kept) == 0 {
		return "", err
	}
	return kept[0].Name, nil
}

// uploaded reads the file of a form's input; nil content when none was
// chosen, TooLarge above most bytes.
func uploaded(c *fiber.Ctx, input string, most int64) (name string, content []byte, err error) {
	header, err := c.FormFile(input)
	if err != nil || header.Filename == "" {
		return "", nil, nil
	}
	if header.Size > most {
		return "", nil, fault.New(fault.TooLarge, "web.error.too_large")
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	content, err = io.ReadAll(file)
	if content == nil {
		content = []byte{}
	}
	return header.Filename, content, err
}
