package shop

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/club"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
	views "pishkhan/views/shop"
)

// account shows a customer who they are here, and their orders from all
// browsers.
func (s *shop) account(c *fiber.Ctx) error {
	v := visitor(c)
	if v.CustomerID == 0 {
		return web.Redirect(c, parts.ShopSignIn)
	}
	var page views.AccountPage
	for _, read := range []func(*fiber.Ctx, customers.Visitor, *views.AccountPage) error{
		s.readProfile, s.readStanding, s.readOwnOrders,
	} {
		if err := read(c, v, &page); err != nil {
			return err
		}
	}
	chrome, err := s.chrome(c, parts.ShopAccount, t(c, "parts.account"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, views.Account(chrome, page))
}

func (s *shop) readProfile(c *fiber.Ctx, v customers.Visitor, page *views.AccountPage) (err error) {
	if page.Mobile, err = s.Customers.Mobile(c.UserContext(), s.Pool, v.CustomerID); err != nil {
		return err
	}
	filed, err := s.Customers.Profile(c.UserContext(), v.CustomerID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	page.Identity = &filed
	return err
}

func (s *shop) readStanding(c *fiber.Ctx, v customers.Visitor, page *views.AccountPage) (err error) {
	if page.Standing, err = s.Club.Standing(c.UserContext(), s.Pool, v.CustomerID); err != nil {
		return err
	}
	rules, err := s.Pricing.Club(c.UserContext(), s.Pool)
	if err != nil {
		return err
	}
	page.PeriodDays = rules.PeriodDays
	if tier, ok := rules.Tier(page.Standing.Tier); ok {
		page.Tier = &tier
	}
	if step, ok := club.Missing(rules, page.Standing); ok {
		page.Next = &step
	}
	return nil
}

func (s *shop) readOwnOrders(c *fiber.Ctx, _ customers.Visitor, page *views.AccountPage) error {
	placed, err := s.Orders.OfViewer(c.UserContext(), viewer(c))
	if err != nil {
		return err
	}
	page.Orders, err = s.named(c, placed)
	return err
}

// signOutElsewhere closes the account in every browser but this one.
func (s *shop) signOutElsewhere(c *fiber.Ctx) error {
	v := visitor(c)
	if v.CustomerID == 0 {
		return web.Redirect(c, parts.ShopSignIn)
	}
	if err := s.Customers.SignOutElsewhere(c.UserContext(), v, web.IP(c)); err != nil {
		return err
	}
	return web.Redirect(c, parts.ShopAccount)
}
