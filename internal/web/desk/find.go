package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/board"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// mostFound is how many orders the palette offers.
const mostFound = 8

// find answers the palette with the orders and customers that fit.
func (d *desk) find(v visit) error {
	query := v.Query("q")
	if len(query) > maxQuery {
		query = ""
	}
	found, err := d.house.Board.Search(v.ctx(), query)
	if err != nil {
		return err
	}
	customers := firstOrders(found)
	rows, err := d.rows(v, found[:min(len(found), mostFound)])
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Found(rows, customers))
}

// firstOrders are the customers among the found orders, each by the newest.
func firstOrders(found []board.Row) []board.Row {
	var customers []board.Row
	seen := map[string]bool{}
	for _, row := range found {
		if !seen[row.Mobile] && len(customers) < mostFound/2 {
			seen[row.Mobile] = true
			customers = append(customers, row)
		}
	}
	return customers
}
