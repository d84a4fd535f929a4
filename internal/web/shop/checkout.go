package shop

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// checkout asks who orders, with what this browser said of itself before.
func (s *shop) checkout(c *fiber.Ctx) error {
	page, err := s.gathered(c, nil)
	if err != nil {
		return err
	}
	if len(page.Lines) == 0 || page.Expired() {
		return web.Redirect(c, "/basket")
	}
	values, err := s.knownIdentity(c)
	if err != nil {
		return err
	}
	return s.showCheckout(c, fiber.StatusOK, views.CheckoutPage{Basket: page, Form: views.Form{Values: values}})
}

// placeOrders makes orders of the basket and sends the customer to pay.
func (s *shop) placeOrders(c *fiber.Ctx) error {
	values := typed(c)
	agreed, err := strconv.ParseInt(values["agreed"], 10, 64)
	if err != nil {
		agreed = 0 // no price is nothing: the prices are shown again
	}
	placed, err := s.Checkout.Place(c.UserContext(), actor(c), owner(c), lang(c), identityForm(values), money.Rials(agreed))
	form, isRefused := refused(err, values)
	switch {
	case isRefused:
		return s.checkoutAgain(c, fiber.StatusUnprocessableEntity, views.CheckoutPage{Form: form})
	case fault.Is(err, fault.Invalid): // an empty basket
		return web.Redirect(c, "/basket")
	case fault.Is(err, fault.Conflict):
		return s.checkoutAgain(c, fiber.StatusConflict, views.CheckoutPage{Form: views.Form{Values: values}, Changed: true})
	case err != nil:
		return err
	}
	return s.sendToGateway(c, placed.Orders[0].Code, placed.Attempt)
}

// checkoutAgain shows what was typed with the prices of this moment. Those
// that ran out are renewed, and shown beside what they were.
func (s *shop) checkoutAgain(c *fiber.Ctx, status int, page views.CheckoutPage) error {
	repriced, err := s.Carts.Reprice(c.UserContext(), owner(c))
	if err != nil {
		return err
	}
	if page.Basket, err = s.gathered(c, repriced); err != nil {
		return err
	}
	if len(page.Basket.Lines) == 0 {
		return web.Redirect(c, "/basket")
	}
	page.Changed = page.Changed || len(repriced) > 0
	return s.showCheckout(c, status, page)
}

func (s *shop) showCheckout(c *fiber.Ctx, status int, page views.CheckoutPage) error {
	chrome, err := s.chrome(c, "/checkout", t(c, "shop.checkout.title"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Checkout(chrome, page))
}

func identityForm(values map[string]string) customers.IdentityForm {
	return customers.IdentityForm{
		Name: values["name"], NationalCode: values["national_code"], BirthDate: values["birth_date"],
		Mobile: values["mobile"], Email: values["email"],
	}
}

// knownIdentity is what this browser said last, but for the national code,
// which stays sealed.
func (s *shop) knownIdentity(c *fiber.Ctx) (map[string]string, error) {
	filed, err := s.Customers.Latest(c.UserContext(), visitor(c).ID)
	if fault.Is(err, fault.NotFound) {
		return map[string]string{}, nil
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
