package shop

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// editLine shows a line's form with what was answered.
func (s *shop) editLine(c *fiber.Ctx) error {
	line, err := s.lineOf(c)
	if err != nil {
		return err
	}
	values := retyped(line.Newest.Definition, line.Answers, lang(c))
	return s.showLine(c, fiber.StatusOK, line, views.Form{Values: values})
}

// saveLine changes the answers of a line.
func (s *shop) saveLine(c *fiber.Ctx) error {
	line, err := s.lineOf(c)
	if err != nil {
		return err
	}
	values := web.Typed(c)
	wrong, err := s.takeFiles(c, visitor(c).ID, line.Newest.Definition, values)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.Carts.Edit(c.UserContext(), owner(c), line.ID, values)
	}
	form, isRefused := refused(and(wrong, err), values)
	switch {
	case isRefused && web.IsFragment(c):
		page, err := s.linePage(c, line, form)
		if err != nil {
			return err
		}
		return web.Render(c, fiber.StatusUnprocessableEntity, views.ServiceForm(web.CSRF(c, visitor(c).Token), page))
	case isRefused:
		return s.showLine(c, fiber.StatusUnprocessableEntity, line, form)
	case err != nil:
		return err
	}
	return web.Redirect(c, "/basket")
}

// priceLine says what the line would cost with what was typed.
func (s *shop) priceLine(c *fiber.Ctx) error {
	line, err := s.lineOf(c)
	if err != nil {
		return err
	}
	values := web.Typed(c)
	if !web.IsFragment(c) {
		return s.showLine(c, fiber.StatusOK, line, views.Form{Values: values})
	}
	price, err := s.priceOf(c, line.Newest, values)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, views.PriceAnew(line.Newest.Definition, price))
}

func (s *shop) lineOf(c *fiber.Ctx) (carts.Editing, error) {
	id, err := number(c)
	if err != nil {
		return carts.Editing{}, err
	}
	return s.Carts.Open(c.UserContext(), owner(c), id)
}

func (s *shop) showLine(c *fiber.Ctx, status int, line carts.Editing, form views.Form) error {
	page, err := s.linePage(c, line, form)
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/basket/lines/"+strconv.FormatInt(line.ID, 10)+"/edit", t(c, "shop.edit.title", "service", line.Newest.Definition.Title))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Service(chrome, page))
}

func (s *shop) linePage(c *fiber.Ctx, line carts.Editing, form views.Form) (page views.ServicePage, err error) {
	page = views.ServicePage{Service: line.Newest, Form: form, Line: &line}
	if page.Price, err = s.priceOf(c, line.Newest, form.Values); err != nil {
		return page, err
	}
	if page.Files, err = s.keptFiles(c, visitor(c).ID, line.Newest.Definition, form.Values); err != nil {
		return page, err
	}
	return page, s.nameFiles(c, line, page.Files)
}

// nameFiles adds the files that came with the line from whatever browser.
func (s *shop) nameFiles(c *fiber.Ctx, line carts.Editing, names map[string]string) error {
	for field := range line.Newest.Definition.Fields() {
		id, err := strconv.ParseInt(line.Answers[field.Name], 10, 64)
		if field.Type != catalog.File || err != nil {
			continue
		}
		kept, err := s.Attachments.Of(c.UserContext(), s.Pool, []int64{id})
		if err != nil {
			return err
		}
		for _, file := range kept {
			if names[field.Name] == "" {
				names[field.Name] = file.Name
			}
		}
	}
	return nil
}
