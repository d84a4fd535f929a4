package shop

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/checkout"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// payLink shows what somebody is to pay who was sent here by another shop
// front. Nothing begins before they press the button: addresses are fetched
// by more than people.
func (s *shop) payLink(c *fiber.Ctx) error {
	link, err := s.linked(c)
	if err != nil {
		return err
	}
	return s.showPayLink(c, fiber.StatusOK, views.PayLinkPage{Link: link})
}

// payByLink begins the payment and leads to the gateway.
func (s *shop) payByLink(c *fiber.Ctx) error {
	link, err := s.linked(c)
	if err != nil {
		return err
	}
	if _, err := s.arrive(c); err != nil {
		return err
	}
	attempt, err := s.Counter.PayByLink(c.UserContext(), actor(c), link)
	if fault.Is(err, fault.Conflict) { // paid or over meanwhile: the page says which
		if link, err = s.linked(c); err != nil {
			return err
		}
		return s.showPayLink(c, fiber.StatusConflict, views.PayLinkPage{Link: link})
	}
	if err != nil {
		return err
	}
	to, err := s.Checkout.Pay(c.UserContext(), attempt)
	if fault.Is(err, fault.Unavailable) {
		web.Report(c, err)
		return s.showPayLink(c, fiber.StatusServiceUnavailable, views.PayLinkPage{Link: link, Down: true})
	}
	if f := fault.Of(err); fault.Is(err, fault.Conflict) {
		web.Report(c, err)
		return s.showPayLink(c, fiber.StatusConflict, views.PayLinkPage{Link: link, Refusal: t(c, f.Key, f.Args...)})
	}
	if err != nil {
		return err
	}
	return s.showGateway(c, link.Orders[0].Code, attempt, to)
}

func (s *shop) linked(c *fiber.Ctx) (checkout.PayLink, error) {
	return s.Counter.PayLink(c.UserContext(), token.Token(c.Params("token")))
}

func (s *shop) showPayLink(c *fiber.Ctx, status int, page views.PayLinkPage) error {
	page.Action, page.Now = c.Path(), s.Clock.Now()
	chrome, err := s.chrome(c, c.Path(), t(c, page.TitleKey()))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.PayLink(chrome, page))
}

// settled leads on from a payment that is made: back to the shop front that
// placed the order, or to the order's own page.
func (s *shop) settled(c *fiber.Ctx, o orders.Order) error {
	address, err := s.Counter.ReturnTo(c.UserContext(), o)
	if err != nil {
		return err
	}
	if address == "" {
		return web.Redirect(c, "/orders/"+o.Code)
	}
	back, err := url.Parse(address)
	if err != nil {
		return err
	}
	query := back.Query()
	query.Set("order", o.Code)
	back.RawQuery = query.Encode()
	return web.Redirect(c, back.String())
}
