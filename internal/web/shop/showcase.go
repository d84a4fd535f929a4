package shop

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// showcase shows what there is to order.
func (s *shop) showcase(c *fiber.Ctx) error {
	services, err := s.Catalog.Showcase(c.UserContext())
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/", t(c, "shop.showcase.page"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, views.Showcase(chrome, byFamily(services)))
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
