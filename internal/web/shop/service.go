package shop

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// service shows a service with its empty form.
func (s *shop) service(c *fiber.Ctx) error {
	service, err := s.Catalog.Service(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	values := map[string]string{carts.FormKey: string(token.New())}
	if field := service.Definition.AmountField(); field.Sum == nil { // from the calculator
		values[field.Name], values[field.CurrencyInput()] = c.Query("amount"), c.Query("currency")
	}
	price, err := s.priceOf(c, service, values)
	if err != nil {
		return err
	}
	return s.showService(c, fiber.StatusOK, views.ServicePage{Service: service, Price: price, Form: views.Form{Values: values}})
}

// addToBasket puts the answered form into the basket.
func (s *shop) addToBasket(c *fiber.Ctx) error {
	service, err := s.Catalog.Service(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	v, err := s.arrive(c)
	if err != nil {
		return err
	}
	values := web.Typed(c)
	wrong, err := s.takeFiles(c, v.ID, service.Definition, values)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.Carts.Add(c.UserContext(), owner(c), service, values)
	} else {
		_, err = service.Definition.Check(values, s.Clock.Now()) // all that is wrong is told at once
	}
	form, isRefused := refused(and(wrong, err), values)
	switch {
	case isRefused && web.IsFragment(c):
		page := views.ServicePage{Service: service, Form: form}
		if page.Files, err = s.keptFiles(c, v.ID, service.Definition, values); err != nil {
			return err
		}
		if page.Price, err = s.priceOf(c, service, values); err != nil {
			return err
		}
		return web.Render(c, fiber.StatusUnprocessableEntity, views.ServiceForm(web.CSRF(c, v.Token), page))
	case isRefused:
		return s.serviceAgain(c, fiber.StatusUnprocessableEntity, service, form)
	case err != nil:
		return err
	}
	return web.Redirect(c, "/basket")
}

// price says what the amount that was typed would cost: to htmx in the words
// of the output alone, without a script as the whole page.
func (s *shop) price(c *fiber.Ctx) error {
	service, err := s.Catalog.Service(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	values := web.Typed(c)
	if !web.IsFragment(c) {
		return s.serviceAgain(c, fiber.StatusOK, service, views.Form{Values: values})
	}
	price, err := s.priceOf(c, service, values)
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, views.PriceAnew(service.Definition, price))
}

// serviceAgain shows the whole page anew with what was typed, and its price.
func (s *shop) serviceAgain(c *fiber.Ctx, status int, service catalog.Service, form views.Form) error {
	price, err := s.priceOf(c, service, form.Values)
	if err != nil {
		return err
	}
	files, err := s.keptFiles(c, visitor(c).ID, service.Definition, form.Values)
	if err != nil {
		return err
	}
	return s.showService(c, status, views.ServicePage{Service: service, Form: form, Files: files, Price: price, Retype: true})
}

func (s *shop) showService(c *fiber.Ctx, status int, page views.ServicePage) error {
	d := page.Service.Definition
	chrome, err := s.chrome(c, "/services/"+d.Slug, d.Title.In(lang(c)))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Service(chrome, page))
}

// begun reports whether anything was typed that the amount comes from.
func begun(d catalog.Definition, values map[string]string) bool {
	field := d.AmountField()
	if field.Sum == nil {
		return values[field.Name] != ""
	}
	for name, value := range values {
		list, _, _ := strings.Cut(name, ".")
		if value != "" && (list == field.Sum.Rows || slices.Contains(field.Sum.Plus, name)) {
			return true
		}
	}
	return false
}

// askForAmount says what there is to fill in before there is a price.
func askForAmount(c *fiber.Ctx, service catalog.Service) string {
	if service.Definition.AmountField().Sum != nil {
		return t(c, "shop.price.ask_rows")
	}
	return t(c, "shop.price.ask")
}

// priceOf is the price of what was typed, or a hint of what is missing.
func (s *shop) priceOf(c *fiber.Ctx, service catalog.Service, values map[string]string) (views.Price, error) {
	if !begun(service.Definition, values) {
		return views.Price{Hint: askForAmount(c, service)}, nil
	}
	amount, err := service.Definition.ReadAmount(values)
	if err == nil {
		quote, priced := s.Pricing.Preview(c.UserContext(), service, amount, pricing.Alone)
		if priced == nil {
			return views.Price{Quote: quote, Known: true}, nil
		}
		err = priced
	}
	f := fault.Of(err)
	switch {
	case f == nil:
		return views.Price{}, err
	case len(f.Fields) > 0 && service.Definition.AmountField().Sum != nil && f.Fields[0].Name != service.Definition.AmountField().Name:
		return views.Price{Hint: askForAmount(c, service)}, nil // a line is not filled in yet
	case len(f.Fields) > 0:
		return views.Price{Hint: t(c, f.Fields[0].Key, f.Fields[0].Args...)}, nil
	}
	return views.Price{Hint: t(c, f.Key, f.Args...)}, nil
}
