package shop

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
	views "pishkhan/views/shop"
)

// sendToGateway shows the page that leads to the gateway. When the gateway
// does not answer, the order is kept, and its page says so.
func (s *shop) sendToGateway(c *fiber.Ctx, code string, attempt payments.Attempt) error {
	to, err := s.Checkout.Pay(c.UserContext(), attempt)
	if fault.Is(err, fault.Unavailable) {
		web.Report(c, err)
		return s.showOrder(c, fiber.StatusServiceUnavailable, code, func(page *views.OrderPage) { page.GatewayDown = true })
	}
	if f := fault.Of(err); fault.Is(err, fault.Conflict) {
		web.Report(c, err)
		return s.showOrder(c, fiber.StatusConflict, code, func(page *views.OrderPage) { page.Refusal = t(c, f.Key, f.Args...) })
	}
	if err != nil {
		return err
	}
	return s.showGateway(c, code, attempt, to)
}

func (s *shop) showGateway(c *fiber.Ctx, code string, attempt payments.Attempt, to payments.Redirect) error {
	chrome, err := s.chrome(c, "/orders/"+code, t(c, "shop.gateway.title"))
	if err != nil {
		return err
	}
	page := views.GatewayPage{To: to, Amount: attempt.Amount, Code: code}
	if address, err := url.Parse(to.URL); err == nil {
		page.Host = address.Host
	}
	return web.Render(c, fiber.StatusOK, views.Gateway(chrome, page))
}

// callback is where the gateway sends browsers back to. What they bring
// proves nothing: the gateway itself is asked, here or, when it does not
// answer, by the job that looks for lost callbacks.
func (s *shop) callback(c *fiber.Ctx) error {
	invoice, err := strconv.ParseInt(c.Query("invoice"), 10, 64)
	if err != nil {
		return c.Redirect("/payments/return", fiber.StatusSeeOther)
	}
	_, err = s.Checkout.Resolve(c.UserContext(), invoice)
	switch {
	case fault.Is(err, fault.Unavailable):
		web.Report(c, err)
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	}
	return c.Redirect("/payments/return?invoice="+strconv.FormatInt(invoice, 10), fiber.StatusSeeOther)
}

// paymentReturn tells the customer how the payment went. Others learn nothing
// from an invoice's number.
func (s *shop) paymentReturn(c *fiber.Ctx) error {
	invoice := c.Query("invoice")
	attempt, order, err := s.ownPayment(c, invoice)
	if fault.Is(err, fault.NotFound) {
		return s.showPayment(c, views.PaymentPage{End: views.Stranger})
	}
	if err != nil {
		return err
	}
	attempt, err = s.Checkout.Resolve(c.UserContext(), attempt.ID)
	page := views.PaymentPage{Invoice: invoice, Order: order, Now: s.Clock.Now()}
	switch {
	case fault.Is(err, fault.Unavailable):
		page.End = views.Unknown
	case err != nil:
		return err
	case attempt.Paid(), attempt.ExtraID == 0 && order.State != orders.AwaitingPayment:
		return s.settled(c, order)
	case attempt.ExtraID != 0 && endOf(attempt) == views.NotPaid: // its page asks again
		return web.Redirect(c, "/orders/"+order.Code)
	default:
		page.End = endOf(attempt)
	}
	return s.showPayment(c, page)
}

// ownPayment returns an attempt of this browser's, with one of its orders;
// NotFound for any other.
func (s *shop) ownPayment(c *fiber.Ctx, invoice string) (payments.Attempt, orders.Order, error) {
	id, err := strconv.ParseInt(invoice, 10, 64)
	if err != nil {
		return payments.Attempt{}, orders.Order{}, fault.New(fault.NotFound, "payments.error.not_found")
	}
	attempt, err := s.Payments.Attempt(c.UserContext(), id)
	if err != nil {
		return payments.Attempt{}, orders.Order{}, err
	}
	together, err := s.Orders.OfCheckout(c.UserContext(), attempt.CheckoutID)
	if err != nil {
		return payments.Attempt{}, orders.Order{}, err
	}
	for _, o := range together {
		if attempt.ExtraID != 0 && !s.asks(c, o, attempt) {
			continue
		}
		order, err := s.Orders.ForViewer(c.UserContext(), viewer(c), o.Code)
		if !fault.Is(err, fault.NotFound) {
			return attempt, order, err
		}
	}
	return payments.Attempt{}, orders.Order{}, fault.New(fault.NotFound, "payments.error.not_found")
}

// asks reports whether the attempt pays what is asked for this order.
func (s *shop) asks(c *fiber.Ctx, o orders.Order, attempt payments.Attempt) bool {
	extra, err := s.Payments.Extra(c.UserContext(), s.Pool, attempt.ExtraID)
	return err == nil && extra.OrderID == int64(o.ID)
}

func endOf(a payments.Attempt) views.PaymentEnd {
	switch a.State {
	case payments.Quarantined:
		return views.Held
	case payments.Reversed:
		return views.GivenBack
	}
	return views.NotPaid
}

func (s *shop) showPayment(c *fiber.Ctx, page views.PaymentPage) error {
	if web.IsFragment(c) {
		return web.Render(c, fiber.StatusOK, views.PaymentEndWords(web.CSRF(c, visitor(c).Token), page))
	}
	chrome, err := s.chrome(c, parts.ShopOrders, t(c, "shop.payment."+string(page.End)+".title"))
	if err != nil {
		return err
	}
	if page.End != views.Stranger {
		chrome.Path = "/payments/return?invoice=" + url.QueryEscape(page.Invoice)
	}
	return web.Render(c, fiber.StatusOK, views.Payment(chrome, page))
}
