package shop

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// orders lists the orders that this browser may see.
func (s *shop) orders(c *fiber.Ctx) error {
	placed, err := s.Orders.OfViewer(c.UserContext(), viewer(c))
	if err != nil {
		return err
	}
	list, err := s.named(c, placed)
	if err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/orders", t(c, "parts.my_orders"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, views.Orders(chrome, list))
}

// order shows one of them; any other order is not found.
func (s *shop) order(c *fiber.Ctx) error {
	return s.showOrder(c, fiber.StatusOK, c.Params("code"), nil)
}

// payAgain begins another payment for the orders placed together.
func (s *shop) payAgain(c *fiber.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	attempt, err := s.Checkout.PayAgain(c.UserContext(), o)
	if err != nil {
		return err
	}
	return s.sendToGateway(c, o.Code, attempt)
}

// cancel ends the orders placed together, before they are paid.
func (s *shop) cancel(c *fiber.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	if err := s.Checkout.Cancel(c.UserContext(), actor(c), o, ""); err != nil {
		return err
	}
	return web.Redirect(c, "/orders/"+o.Code)
}

// answer hands the customer's answer to who asked.
func (s *shop) answer(c *fiber.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	again, err := s.sendAnswer(c, o)
	if err != nil {
		return err
	}
	if again != nil {
		return s.showOrder(c, fiber.StatusUnprocessableEntity, o.Code, func(page *views.OrderPage) { page.Answer = *again })
	}
	return web.Redirect(c, "/orders/"+o.Code)
}

// refileIdentity hands in another identity after the first was rejected.
func (s *shop) refileIdentity(c *fiber.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	values := web.Typed(c)
	wrong, err := s.takeDocument(c, values)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		err = s.Checkout.RefileIdentity(c.UserContext(), actor(c), o, identityForm(values))
	}
	if form, ok := refused(and(wrong, err), values); ok {
		paper, err := s.paperName(c, values)
		if err != nil {
			return err
		}
		return s.showOrder(c, fiber.StatusUnprocessableEntity, o.Code, func(page *views.OrderPage) { page.Refile, page.Paper = form, paper })
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/orders/"+o.Code)
}

// receipt hands out the proof of an order that is done.
func (s *shop) receipt(c *fiber.Ctx) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || o.State != orders.Done {
		return fault.New(fault.NotFound, "receipt.error.not_found")
	}
	r, content, err := s.Receipts.Read(c.UserContext(), int64(o.ID), id)
	if err != nil {
		return err
	}
	return web.Attachment(c, r.Name, r.MIME, content)
}

// own is the order that the address names, if this browser may see it.
func (s *shop) own(c *fiber.Ctx) (orders.Order, error) {
	return s.Orders.ForViewer(c.UserContext(), viewer(c), c.Params("code"))
}

// named adds their services' names to orders.
func (s *shop) named(c *fiber.Ctx, list []orders.Order) ([]views.Listed, error) {
	listed := make([]views.Listed, len(list))
	for i, o := range list {
		service, err := s.Catalog.Version(c.UserContext(), s.Pool, catalog.VersionID(o.ServiceVersionID))
		if err != nil {
			return nil, err
		}
		listed[i] = views.Listed{Order: o, Service: service.Definition.Title}
	}
	return listed, nil
}
