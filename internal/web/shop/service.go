package shop

import (
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
	return s.showService(c, fiber.StatusOK, views.ServicePage{
		Service: service, Price: views.Price{Hint: askForAmount(c, service)},
		Form: views.Form{Values: map[string]string{carts.FormKey: string(token.New())}},
	})
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
	values := typed(c)
	err = s.Carts.Add(c.UserContext(), v.ID, service, values)
	form, isRefused := refused(err, values)
	switch {
	case isRefused && web.IsFragment(c):
		page := views.ServicePage{Service: service, Form: form}
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
	values := typed(c)
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
	return s.showService(c, status, views.ServicePage{Service: service, Form: form, Price: price, Retype: true})
}

func (s *shop) showService(c *fiber.Ctx, status int, page views.ServicePage) error {
	d := page.Service.Definition
	chrome, err := s.chrome(c, "/services/"+d.Slug, d.Title.In(lang(c)))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Service(chrome, page))
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
	field := service.Definition.AmountField()
	if field.Sum == nil && values[field.Name] == "" {
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
	case len(f.Fields) > 0:
		return views.Price{Hint: t(c, f.Fields[0].Key, f.Fields[0].Args...)}, nil
	}
	return views.Price{Hint: t(c, f.Key, f.Args...)}, nil
}
