package shop

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/catalog"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/pricing"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// showOrder shows an order that this browser may see, after change, if any,
// has said what just happened.
func (s *shop) showOrder(c *fiber.Ctx, status int, code string, change func(*views.OrderPage)) error {
	o, err := s.Orders.ForViewer(c.UserContext(), viewer(c), code)
	if err != nil {
		return err
	}
	page, err := s.orderPage(c, o)
	if err != nil {
		return err
	}
	if change != nil {
		change(&page)
	}
	chrome, err := s.chrome(c, "/orders/"+o.Code, page.Service.Definition.Title.In(lang(c)))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Order(chrome, page))
}

// orderPage reads what is known of an order: what it is, then how it stands.
func (s *shop) orderPage(c *fiber.Ctx, o orders.Order) (views.OrderPage, error) {
	page := views.OrderPage{Order: o, Now: s.Clock.Now()}
	for _, read := range []func(*fiber.Ctx, *views.OrderPage) error{
		s.readPlaced, s.readTogether, s.readIdentity, s.readProgress,
	} {
		if err := read(c, &page); err != nil {
			return views.OrderPage{}, err
		}
	}
	return page, nil
}

func (s *shop) readPlaced(c *fiber.Ctx, page *views.OrderPage) (err error) {
	ctx, o := c.UserContext(), page.Order
	if page.Service, err = s.Catalog.Version(ctx, s.Pool, catalog.VersionID(o.ServiceVersionID)); err != nil {
		return err
	}
	page.Quote, err = s.Pricing.Quote(ctx, s.Pool, pricing.QuoteID(o.QuoteID))
	return err
}

// readTogether reads the orders of the same payment, and which of them this
// browser may see.
func (s *shop) readTogether(c *fiber.Ctx, page *views.OrderPage) error {
	together, err := s.Orders.OfCheckout(c.UserContext(), page.Order.CheckoutID)
	if err != nil {
		return err
	}
	visible, err := s.Orders.OfViewer(c.UserContext(), viewer(c))
	if err != nil {
		return err
	}
	page.Visible = map[string]bool{}
	for _, o := range visible {
		page.Visible[o.Code] = true
	}
	page.Together, err = s.named(c, together)
	return err
}

// readIdentity reads the verdict on the customer; what they wrote is offered
// again only to the browser that wrote it.
func (s *shop) readIdentity(c *fiber.Ctx, page *views.OrderPage) (err error) {
	page.Identity, err = s.Customers.Case(c.UserContext(), s.Pool, page.Order.IdentityCaseID)
	if err != nil {
		return err
	}
	if page.Identity.Verdict == customers.Rejected && page.Identity.VisitorID == visitor(c).ID {
		page.Refile.Values = identityValues(c, page.Identity)
	}
	return nil
}

func (s *shop) readProgress(c *fiber.Ctx, page *views.OrderPage) (err error) {
	ctx, o := c.UserContext(), page.Order
	if page.Past, err = web.Past(ctx, s.House, o.ID); err != nil {
		return err
	}
	if page.Attempts, err = s.Payments.OfCheckout(ctx, s.Pool, o.CheckoutID); err != nil {
		return err
	}
	if page.Extra, err = s.openExtra(c, o); err != nil {
		return err
	}
	if page.Refunds, err = s.Refunds.Of(ctx, s.Pool, o.ID); err != nil {
		return err
	}
	if page.Messages, err = s.Notices.Of(ctx, int64(o.ID)); err != nil || o.State != orders.Done {
		return err
	}
	page.Receipts, err = s.Receipts.Of(ctx, s.Pool, int64(o.ID))
	return err
}

// openExtra is what is asked for an order besides its price; ID 0 when
// nothing is.
func (s *shop) openExtra(c *fiber.Ctx, o orders.Order) (payments.Extra, error) {
	extra, err := s.Payments.OpenExtra(c.UserContext(), s.Pool, int64(o.ID))
	if fault.Is(err, fault.NotFound) {
		return payments.Extra{}, nil
	}
	return extra, err
}
