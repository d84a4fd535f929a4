package desk

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/board"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

func (d *desk) queue(v visit) error { return d.showQueue(v, fiber.StatusOK, "") }

// next claims the order that is due first and opens it.
func (d *desk) next(v visit) error {
	o, err := d.house.Queue.Next(v.ctx(), v.actor)
	if f := fault.Of(err); f != nil && f.Kind == fault.NotFound {
		return d.showQueue(v, fiber.StatusNotFound, v.said(f))
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, orderPath(o.Code))
}

func (d *desk) showQueue(v visit, status int, notice string) error {
	which := parseView(v.Query("view"))
	due, id := parseCursor(v.Query("after"))
	after := board.After{Due: due, ID: orders.ID(id)}
	list, err := d.house.Board.Queue(v.ctx(), which, v.actor.ID, after)
	if err != nil {
		return err
	}
	counts, err := d.house.Board.Counts(v.ctx(), v.actor.ID)
	if err != nil {
		return err
	}
	rows, err := d.rows(v, list.Rows)
	if err != nil {
		return err
	}
	page := view.QueuePage{
		Chrome: d.chrome(v, v.words("desk.queue.title")), View: which, Counts: counts, Rows: rows,
		MayTake: d.house.Policy.Allows(v.actor, access.ClaimOrder), Notice: notice,
		First: firstPage(which, after), Next: nextPage(which, list.Next),
	}
	if len(rows) == 0 {
		if page.Opens, page.IsOpen, _, err = d.house.Board.Opening(v.ctx()); err != nil {
			return err
		}
	}
	return web.Render(v.Ctx, status, view.Queue(page))
}

// rows adds to the board's rows what the reader sees of them.
func (d *desk) rows(v visit, list []board.Row) ([]view.Row, error) {
	mayTake := d.house.Policy.Allows(v.actor, access.ClaimOrder)
	rows := make([]view.Row, len(list))
	for i, row := range list {
		service, err := d.house.Catalog.Version(v.ctx(), d.house.Pool, catalog.VersionID(row.ServiceVersionID))
		if err != nil {
			return nil, err
		}
		rows[i] = view.Row{Row: row, Service: service.Definition.Title.In(v.lang()), Me: v.actor.ID, MayTake: mayTake}
	}
	return rows, nil
}

func parseView(name string) board.View {
	if v := board.View(name); slices.Contains(board.Views, v) {
		return v
	}
	return board.Free
}

func firstPage(which board.View, after board.After) string {
	if after.ID == 0 {
		return ""
	}
	return "/desk?view=" + string(which)
}

func nextPage(which board.View, after *board.After) string {
	if after == nil {
		return ""
	}
	return "/desk?view=" + string(which) + "&after=" + cursor(after.Due, int64(after.ID))
}

func orderPath(code string) string { return "/desk/orders/" + url.PathEscape(code) }
