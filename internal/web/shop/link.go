package shop

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/token"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// orderLink shows what somebody is asked who came by a message's link.
// Nothing happens before they press a button: addresses are fetched by more
// than people.
func (s *shop) orderLink(c *fiber.Ctx) error {
	o, err := s.followed(c)
	if err != nil {
		return err
	}
	return s.showLink(c, fiber.StatusOK, o, nil)
}

// openByLink lets this browser see the whole order.
func (s *shop) openByLink(c *fiber.Ctx) error {
	o, err := s.enter(c)
	if err != nil {
		return err
	}
	return web.Redirect(c, "/orders/"+o.Code)
}

// answerByLink hands the customer's answer to who asked.
func (s *shop) answerByLink(c *fiber.Ctx) error {
	o, err := s.enter(c)
	if err != nil {
		return err
	}
	again, err := s.sendAnswer(c, o)
	if err != nil {
		return err
	}
	if again != nil {
		return s.showLink(c, fiber.StatusUnprocessableEntity, o, func(page *views.LinkPage) { page.Answer = *again })
	}
	return web.Redirect(c, "/orders/"+o.Code)
}

// payByOrderLink begins the payment of what is asked for besides the price.
func (s *shop) payByOrderLink(c *fiber.Ctx) error {
	o, err := s.enter(c)
	if err != nil {
		return err
	}
	return s.goToPayExtra(c, o, func(status int, down bool, refusal string) error {
		return s.showLink(c, status, o, func(page *views.LinkPage) { page.Down, page.Refusal = down, refusal })
	})
}

// payExtra is payByOrderLink on the order's own page.
func (s *shop) payExtra(c *fiber.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	return s.goToPayExtra(c, o, func(status int, down bool, refusal string) error {
		return s.showOrder(c, status, o.Code, func(page *views.OrderPage) { page.GatewayDown, page.Refusal = down, refusal })
	})
}

// goToPayExtra leads to the gateway, or shows why not.
func (s *shop) goToPayExtra(c *fiber.Ctx, o orders.Order, instead func(status int, down bool, refusal string) error) error {
	attempt, err := s.Checkout.PayExtra(c.UserContext(), o)
	if f := fault.Of(err); fault.Is(err, fault.Conflict) { // paid or withdrawn meanwhile
		return instead(fiber.StatusConflict, false, t(c, f.Key, f.Args...))
	}
	if err != nil {
		return err
	}
	to, err := s.Checkout.Pay(c.UserContext(), attempt)
	if fault.Is(err, fault.Unavailable) {
		web.Report(c, err)
		return instead(fiber.StatusServiceUnavailable, true, "")
	}
	if f := fault.Of(err); fault.Is(err, fault.Conflict) {
		web.Report(c, err)
		return instead(fiber.StatusConflict, false, t(c, f.Key, f.Args...))
	}
	if err != nil {
		return err
	}
	return s.showGateway(c, o.Code, attempt, to)
}

// followed is the order that the link leads to.
func (s *shop) followed(c *fiber.Ctx) (orders.Order, error) {
	id, err := s.Letters.Follow(c.UserContext(), token.Token(c.Params("token")))
	if err != nil {
		return orders.Order{}, err
	}
	return s.Orders.ByID(c.UserContext(), s.Pool, id)
}

// enter lets this browser see the order that the link leads to.
func (s *shop) enter(c *fiber.Ctx) (orders.Order, error) {
	o, err := s.followed(c)
	if err != nil {
		return o, err
	}
	v, err := s.arrive(c)
	if err != nil {
		return o, err
	}
	return o, s.Orders.ShowTo(c.UserContext(), v.ID, o.ID)
}

func (s *shop) showLink(c *fiber.Ctx, status int, o orders.Order, change func(*views.LinkPage)) error {
	service, err := s.Catalog.Version(c.UserContext(), s.Pool, catalog.VersionID(o.ServiceVersionID))
	if err != nil {
		return err
	}
	page := views.LinkPage{Order: o, Service: service.Definition.Title.In(lang(c)), Action: "/l/" + c.Params("token"), Now: s.Clock.Now()}
	if o.State == orders.WaitingCustomer {
		if page.Extra, err = s.openExtra(c, o); err != nil {
			return err
		}
		history, err := s.Orders.History(c.UserContext(), o.ID)
		if err != nil {
			return err
		}
		for _, e := range history {
			if e.Verb == orders.Hold {
				page.Question = e.Reason
			}
		}
	}
	if change != nil {
		change(&page)
	}
	chrome, err := s.chrome(c, page.Action, t(c, "shop.link.title", "code", o.Code))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Link(chrome, page))
}
