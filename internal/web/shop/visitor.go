package shop

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/audit"
	"pishkhan/internal/carts"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/web"
)

// cookieAge is how long a browser keeps its cookie.
const cookieAge = 30 * 24 * time.Hour

type visitorKey struct{}

// recognise finds out whose browser asks. A token that this house did not
// give out is nobody's: it is never taken over.
func (s *shop) recognise(c *fiber.Ctx) error {
	session := web.Session(c, web.VisitorCookie)
	if session == "" {
		return c.Next()
	}
	v, err := s.Customers.Visitor(c.UserContext(), session)
	switch {
	case err == nil:
		c.Locals(visitorKey{}, v)
	case !fault.Is(err, fault.Unauthenticated):
		return err
	}
	return c.Next()
}

// checkForm refuses what no page of ours sent.
func checkForm(c *fiber.Ctx) error {
	if err := web.CheckCSRF(c, visitor(c).Token); err != nil {
		return err
	}
	return c.Next()
}

// visitor returns whose browser asks; with ID 0 nobody's whom we know.
func visitor(c *fiber.Ctx) customers.Visitor {
	v, _ := c.Locals(visitorKey{}).(customers.Visitor)
	return v
}

// owner is whose basket the browser shows: the customer's who is signed in,
// or its own.
func owner(c *fiber.Ctx) carts.Owner {
	v := visitor(c)
	return carts.Owner{VisitorID: v.ID, CustomerID: v.CustomerID}
}

// viewer is who looks at orders: this browser, and who is signed in there.
func viewer(c *fiber.Ctx) orders.Viewer {
	v := visitor(c)
	return orders.Viewer{VisitorID: v.ID, CustomerID: v.CustomerID}
}

// arrive returns whose browser asks, after giving it a cookie if it has none.
func (s *shop) arrive(c *fiber.Ctx) (customers.Visitor, error) {
	if v := visitor(c); v.ID != 0 {
		return v, nil
	}
	v, err := s.Customers.Arrive(c.UserContext())
	if err != nil {
		return customers.Visitor{}, err
	}
	web.SetSession(c, web.VisitorCookie, v.Token, cookieAge)
	c.Locals(visitorKey{}, v)
	return v, nil
}

// actor is the browser as the record names it.
func actor(c *fiber.Ctx) audit.Actor {
	return audit.Actor{Kind: audit.Customer, ID: visitor(c).ID, Name: "customer", IP: web.IP(c)}
}
