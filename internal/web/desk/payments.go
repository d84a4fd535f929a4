package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// payments shows what finance must look at.
func (d *desk) payments(v visit) error {
	attempts, err := d.house.Payments.Unfinished(v.ctx())
	if err != nil {
		return err
	}
	ids := make([]int64, len(attempts))
	for i, a := range attempts {
		ids[i] = a.CheckoutID
	}
	codes, err := d.house.Board.OfCheckouts(v.ctx(), ids)
	if err != nil {
		return err
	}
	page := view.PaymentsPage{Chrome: d.chrome(v, v.words("desk.payments.title")), Attempts: attempts, Codes: codes}
	return web.Render(v.Ctx, fiber.StatusOK, view.Payments(page))
}
