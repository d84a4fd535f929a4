package shop

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/checkout"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/sla"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// checkout asks who orders, with what was said in this browser or account
// before. A customer whose identity was approved is only shown it.
func (s *shop) checkout(c *fiber.Ctx) error {
	var page views.CheckoutPage
	if err := s.gather(c, &page.Basket); err != nil {
		return err
	}
	if len(page.Basket.Lines) == 0 || page.Basket.Expired() {
		return web.Redirect(c, "/basket")
	}
	values, err := s.knownIdentity(c)
	if err != nil {
		return err
	}
	page.Form.Values = values
	return s.showCheckout(c, fiber.StatusOK, page, c.Query("who") != "other")
}

// placeOrders makes orders of the basket and sends the customer to pay.
func (s *shop) placeOrders(c *fiber.Ctx) error {
	values := web.Typed(c)
	wrong, err := s.takeDocument(c, values)
	if err != nil {
		return err
	}
	placed, err := s.place(c, values, wrong)
	form, isRefused := refused(and(wrong, err), values)
	asKnown := values[views.AsKnown] != ""
	switch {
	case isRefused:
		return s.checkoutAgain(c, fiber.StatusUnprocessableEntity, views.CheckoutPage{Form: form}, asKnown, nil)
	case fault.Is(err, fault.Invalid): // an empty basket
		return web.Redirect(c, "/basket")
	case fault.Is(err, fault.Conflict):
		reason := fault.Of(err)
		page := views.CheckoutPage{Form: views.Form{Values: values}, Changed: t(c, reason.Key, reason.Args...)}
		return s.checkoutAgain(c, fiber.StatusConflict, page, asKnown, reason)
	case err != nil:
		return err
	}
	return s.sendToGateway(c, placed.Orders[0].Code, placed.Attempt)
}

// place orders for the customer who is known, or for who is typed. What is
// wrong with a document that was sent stops it.
func (s *shop) place(c *fiber.Ctx, values map[string]string, wrong fault.Fields) (checkout.Placed, error) {
	agreed, err := strconv.ParseInt(values["agreed"], 10, 64)
	if err != nil {
		agreed = 0 // no price is nothing: the prices are shown again
	}
	if len(wrong) > 0 {
		_, err := identityForm(values).Check(s.Clock.Now())
		return checkout.Placed{}, err
	}
	if values[views.AsKnown] != "" && visitor(c).CustomerID != 0 {
		return s.Checkout.PlaceKnown(c.UserContext(), actor(c), owner(c), lang(c), money.Rials(agreed))
	}
	return s.Checkout.Place(c.UserContext(), actor(c), owner(c), lang(c), identityForm(values), money.Rials(agreed))
}

// checkoutAgain shows what was typed with the prices of this moment. Those
// that ran out are renewed, and shown beside what they were. reason is why
// nothing was ordered, if a form was not to blame.
func (s *shop) checkoutAgain(c *fiber.Ctx, status int, page views.CheckoutPage, asKnown bool, reason *fault.Fault) (err error) {
	page.Basket.Repriced, err = s.Carts.Reprice(c.UserContext(), owner(c))
	if f := fault.Of(err); fault.Is(err, fault.Conflict) {
		return s.showBasket(c, fiber.StatusConflict, views.BasketPage{Refusal: t(c, f.Key, f.Args...)})
	}
	if err != nil {
		return err
	}
	if reason != nil && strings.HasPrefix(reason.Key, "campaigns.") && len(page.Basket.Repriced) == 0 {
		// The code is refused to who orders, whom the basket does not know: it would be again.
		if err := s.Carts.ClearCode(c.UserContext(), owner(c)); err != nil {
			return err
		}
	}
	if err := s.gather(c, &page.Basket); err != nil {
		return err
	}
	if len(page.Basket.Lines) == 0 {
		return web.Redirect(c, "/basket")
	}
	if page.Changed == "" && len(page.Basket.Repriced) > 0 {
		page.Changed = t(c, "checkout.error.prices_changed")
	}
	return s.showCheckout(c, status, page, asKnown)
}

func (s *shop) showCheckout(c *fiber.Ctx, status int, page views.CheckoutPage, asKnown bool) (err error) {
	level := checkout.Level(page.Basket.Lines)
	page.Document = level == customers.Document
	if customer := visitor(c).CustomerID; asKnown && customer != 0 {
		known, err := s.Customers.Approved(c.UserContext(), s.Pool, customer, level)
		if err == nil {
			page.Known = &known
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if page.Paper, err = s.paperName(c, page.Form.Values); err != nil {
		return err
	}
	if page.Promise, err = s.promise(c, page.Basket); err != nil {
		return err
	}
	chrome, err := s.chrome(c, "/checkout", t(c, "shop.checkout.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Checkout(chrome, page))
}

// promise says when the last order of a basket would be done, were all paid
// for and verified now.
func (s *shop) promise(c *fiber.Ctx, basket views.BasketPage) (sla.Promise, error) {
	calendar, err := s.Calendars.Newest(c.UserContext(), s.Pool)
	if fault.Is(err, fault.Unavailable) { // an installation without a calendar yet
		return sla.Promise{}, nil
	}
	if err != nil {
		return sla.Promise{}, err
	}
	var longest time.Duration
	for _, line := range basket.Lines {
		longest = max(longest, line.Service.Definition.Budget())
	}
	now := s.Clock.Now()
	due, ok := calendar.Engine.Due(now, longest)
	if !ok {
		return sla.Promise{}, nil
	}
	return calendar.Engine.Promise(now, due), nil
}

func identityForm(values map[string]string) customers.IdentityForm {
	document, err := strconv.ParseInt(values[views.DocumentKept], 10, 64)
	if err != nil {
		document = 0
	}
	return customers.IdentityForm{
		Name: values["name"], NationalCode: values["national_code"], BirthDate: values["birth_date"],
		Mobile: values["mobile"], Email: values["email"], DocumentID: document,
	}
}

// knownIdentity is what was said last in this account, or else in this
// browser, but for the national code, which stays sealed.
func (s *shop) knownIdentity(c *fiber.Ctx) (map[string]string, error) {
	v := visitor(c)
	if v.CustomerID == 0 {
		filed, err := s.Customers.Latest(c.UserContext(), v.ID)
		return identityOr(c, filed, err, map[string]string{})
	}
	mobile, err := s.Customers.Mobile(c.UserContext(), s.Pool, v.CustomerID)
	if err != nil {
		return nil, err
	}
	filed, err := s.Customers.Profile(c.UserContext(), v.CustomerID)
	return identityOr(c, filed, err, map[string]string{"mobile": lang(c).Digits(mobile)})
}

// identityOr are the values of a case that was found, or else others.
func identityOr(c *fiber.Ctx, filed customers.Case, err error, others map[string]string) (map[string]string, error) {
	if fault.Is(err, fault.NotFound) {
		return others, nil
	}
	return identityValues(c, filed), err
}

func identityValues(c *fiber.Ctx, filed customers.Case) map[string]string {
	return map[string]string{
		"name": filed.Name, "mobile": lang(c).Digits(filed.Mobile), "email": filed.Email,
		"birth_date": lang(c).Digits(jalali.FromTime(noon(filed.BirthDate)).String()),
	}
}

// noon is the middle of a civil day in Tehran; the day is kept as midnight UTC.
func noon(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, jalali.Tehran)
}
