package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// maxQuery is more than any name, number or site that is searched for.
const maxQuery = 200

// search leads straight to the order of a code, or lists what else fits.
func (d *desk) search(v visit) error {
	query := v.Query("q")
	if len(query) > maxQuery {
		query = ""
	}
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, query)
	if err == nil {
		return web.Redirect(v.Ctx, orderPath(o.Code))
	}
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	found, err := d.house.Board.Search(v.ctx(), query)
	if err != nil {
		return err
	}
	rows, err := d.rows(v, found)
	if err != nil {
		return err
	}
	page := view.SearchPage{Chrome: d.chrome(v, v.words("desk.search.title")), Query: query, Rows: rows}
	return web.Render(v.Ctx, fiber.StatusOK, view.Search(page))
}
