package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const callsPath = "/desk/contacts"

func (d *desk) calls(v visit) error {
	page, err := d.callsPage(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Calls(page))
}

// closeCall writes down what came of a call.
func (d *desk) closeCall(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	field := view.CallField(id)
	typed := v.FormValue(field)
	err = renamed(d.house.Contacts.Close(v.ctx(), v.actor, id, typed), "outcome", field)
	if err == nil {
		return web.Redirect(v.Ctx, callsPath)
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	page, lost := d.callsPage(v)
	if lost != nil {
		return lost
	}
	page.WrongOne, page.Wrong, page.Typed, page.Chrome.Failed = id, f.Fields, map[int64]string{id: typed}, true
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Calls(page))
}

func (d *desk) callsPage(v visit) (view.CallsPage, error) {
	at, afterID := parseCursor(v.Query("after"))
	calls, more, err := d.house.Board.Calls(v.ctx(), at, afterID)
	if err != nil {
		return view.CallsPage{}, err
	}
	page := view.CallsPage{Chrome: d.chrome(v, v.words("desk.calls.title")), Calls: calls}
	if more {
		last := calls[len(calls)-1]
		page.Next = callsPath + "?after=" + cursor(last.OpenedAt, last.ID)
	}
	if afterID > 0 {
		page.First = callsPath
	}
	return page, nil
}
