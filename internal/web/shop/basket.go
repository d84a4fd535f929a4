package shop

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/carts"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// basket shows what the visitor gathered.
func (s *shop) basket(c *fiber.Ctx) error {
	return s.showBasket(c, nil)
}

// repriceBasket renews the prices that ran out, and shows both.
func (s *shop) repriceBasket(c *fiber.Ctx) error {
	repriced, err := s.Carts.Reprice(c.UserContext(), owner(c))
	if err != nil {
		return err
	}
	return s.showBasket(c, repriced)
}

// removeLine takes a line out of the basket.
func (s *shop) removeLine(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return fiber.ErrNotFound
	}
	if err := s.Carts.Remove(c.UserContext(), owner(c), id); err != nil {
		return err
	}
	return web.Redirect(c, "/basket")
}

func (s *shop) showBasket(c *fiber.Ctx, repriced []carts.Repriced) error {
	page, err := s.gathered(c, repriced)
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/basket", t(c, "shop.basket.title"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, views.Basket(chrome, page))
}

// gathered is the basket as it stands.
func (s *shop) gathered(c *fiber.Ctx, repriced []carts.Repriced) (views.BasketPage, error) {
	lines, err := s.Carts.Lines(c.UserContext(), owner(c))
	return views.BasketPage{Lines: lines, Repriced: repriced, Now: s.Clock.Now()}, err
}
