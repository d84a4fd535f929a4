package shop

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/web"
	views "pishkhan/views/shop"
)

// trackForm asks for an order's code and its customer's mobile number.
func (s *shop) trackForm(c *fiber.Ctx) error {
	return s.showTrack(c, fiber.StatusOK, views.TrackPage{})
}

// track lets this browser see an order whose code and mobile number its
// reader knows. A wrong code and a wrong number get the same answer.
func (s *shop) track(c *fiber.Ctx) error {
	values := web.Typed(c)
	mobile, err := checkTracking(values)
	if form, ok := refused(err, values); ok {
		return s.showTrack(c, fiber.StatusUnprocessableEntity, views.TrackPage{Form: form})
	}
	v, err := s.arrive(c)
	if err != nil {
		return err
	}
	customerID, err := s.Customers.ByMobile(c.UserContext(), mobile)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	o, err := s.Orders.Track(c.UserContext(), v.ID, customerID, values["code"], web.IP(c))
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.TooMany) {
		f := fault.Of(err)
		return s.showTrack(c, f.Kind.Status(), views.TrackPage{Form: views.Form{Values: values}, Answer: t(c, trackAnswer(f))})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/orders/"+o.Code)
}

func trackAnswer(f *fault.Fault) string {
	if f.Kind == fault.TooMany {
		return f.Key
	}
	return "shop.track.not_found"
}

// checkTracking reads the form. Faults, Invalid with the input's name: code
// (shop.track.code_empty), mobile (iran.error.mobile).
func checkTracking(values map[string]string) (mobile string, err error) {
	var wrong fault.Fields
	if strings.TrimSpace(values["code"]) == "" {
		wrong.Add("code", "shop.track.code_empty")
	}
	number, err := iran.ParseMobile(values["mobile"])
	if err != nil {
		wrong.AddErr("mobile", err)
	}
	return number.String(), wrong.Err()
}

func (s *shop) showTrack(c *fiber.Ctx, status int, page views.TrackPage) error {
	chrome, err := s.chrome(c, "/track", t(c, "parts.track"))
	if err != nil {
		return err
	}
	return web.Render(c, status, views.Track(chrome, page))
}
