package shop

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// showcase shows what there is to order.
func (s *shop) showcase(c *fiber.Ctx) error {
	services, err := s.Catalog.Showcase(c.UserContext())
	if err != nil {
		return err
	}
	rates, err := s.Pricing.Rates(c.UserContext())
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/", t(c, "shop.showcase.page"))
	if err != nil {
		return err
	}
	page := views.ShowcasePage{Families: byFamily(services), Rates: likeliest(rates)}
	return web.Render(c, fiber.StatusOK, views.Showcase(chrome, page))
}

// shownRates is how many rates the showcase has room for.
const shownRates = 5

// likeliest are the first rates in the order in which currencies are offered.
func likeliest(rates []pricing.Rate) []pricing.Rate {
	offered := money.Currencies()
	slices.SortFunc(rates, func(a, b pricing.Rate) int {
		return slices.Index(offered, a.Currency) - slices.Index(offered, b.Currency)
	})
	return rates[:min(shownRates, len(rates))]
}

func byFamily(services []catalog.Service) []views.Family {
	families := make([]views.Family, len(catalog.Families))
	for i, name := range catalog.Families {
		families[i].Name = name
		for _, service := range services {
			if service.Definition.Family == name {
				families[i].Services = append(families[i].Services, service)
			}
		}
	}
	return families
}
