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

// showcase shows what there is to order: to htmx, what a search finds.
func (s *shop) showcase(c *fiber.Ctx) error {
	services, err := s.Catalog.Showcase(c.UserContext())
	if err != nil {
		return err
	}
	query := c.Query("q")
	found := views.ShowcasePage{Query: query, Families: byFamily(services)}
	if query != "" {
		found.Families = bestFirst(catalog.Search(services, query))
	}
	if web.IsFragment(c) {
		return web.Render(c, fiber.StatusOK, views.Found(found))
	}
	calculator, err := s.calculator(c, services)
	if err != nil {
		return err
	}
	return s.showShowcase(c, found, calculator)
}

// calculate says what an order would cost, before any form: to htmx in the
// words of the output alone.
func (s *shop) calculate(c *fiber.Ctx) error {
	services, err := s.Catalog.Showcase(c.UserContext())
	if err != nil {
		return err
	}
	calculator, err := s.calculator(c, services)
	if err != nil {
		return err
	}
	if web.IsFragment(c) {
		return web.Render(c, fiber.StatusOK, views.Calculated(calculator))
	}
	return s.showShowcase(c, views.ShowcasePage{Families: calculator.Families}, calculator)
}

func (s *shop) showShowcase(c *fiber.Ctx, page views.ShowcasePage, calculator views.Calculator) error {
	rates, err := s.Pricing.Rates(c.UserContext())
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/", t(c, "shop.showcase.page"))
	if err != nil {
		return err
	}
	page.Rates, page.Calculator = likeliest(rates), calculator
	return web.Render(c, fiber.StatusOK, views.Showcase(chrome, page))
}

// shownRates is how many rates the showcase has room for.
const shownRates = 6

// likeliest are the first rates in the order in which currencies are offered.
func likeliest(rates []pricing.Rate) []pricing.Rate {
	inOrder(rates)
	return rates[:min(shownRates, len(rates))]
}

func inOrder(rates []pricing.Rate) {
	offered := money.Currencies()
	slices.SortFunc(rates, func(a, b pricing.Rate) int {
		return slices.Index(offered, a.Currency) - slices.Index(offered, b.Currency)
	})
}

// bestFirst are the families in the order of the best that was found in each.
func bestFirst(found []catalog.Service) []views.Family {
	families := byFamily(found)
	place := func(f views.Family) int {
		return slices.IndexFunc(found, func(s catalog.Service) bool { return s.Definition.Family == f.Name })
	}
	slices.SortStableFunc(families, func(a, b views.Family) int { return place(a) - place(b) })
	return families
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
