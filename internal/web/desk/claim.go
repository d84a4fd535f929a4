package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// claim takes a free order and opens it. When a colleague was first, the
// list's row says who, or the order's page does.
func (d *desk) claim(v visit) error {
	_, err := d.house.Queue.Claim(v.ctx(), v.actor, v.Params("code"))
	switch {
	case err == nil:
		return d.back(v)
	case fault.Is(err, fault.Conflict) && strings.HasPrefix(v.Get("HX-Target"), "tr#"):
		return d.showTaken(v, fault.Of(err))
	}
	return d.refuse(v, err, view.Typed{})
}

func (d *desk) showTaken(v visit, f *fault.Fault) error {
	o, err := d.house.Orders.ByCode(v.ctx(), d.house.Pool, v.Params("code"))
	if err != nil {
		return err
	}
	row, err := d.house.Board.Row(v.ctx(), o.ID)
	if err != nil {
		return err
	}
	rows, err := d.rows(v, []board.Row{row})
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusConflict, view.Taken(rows[0], v.said(f)))
}

// release gives the order back to the queue.
func (d *desk) release(v visit) error {
	typed := view.Typed{Release: v.FormValue("release_reason")}
	if err := d.house.Queue.Release(v.ctx(), v.actor, v.Params("code"), typed.Release); err != nil {
		return d.refuse(v, renamed(err, "reason", "release_reason"), typed)
	}
	return d.sent(v, "release_reason")
}

// hold asks the customer a question, and stops the clock.
func (d *desk) hold(v visit) error {
	typed := view.Typed{Question: v.FormValue("question")}
	if err := d.house.Queue.Hold(v.ctx(), v.actor, v.Params("code"), typed.Question); err != nil {
		return d.refuse(v, err, typed)
	}
	return d.sent(v, "question")
}

// answer writes down what the customer said on the phone; the clock goes on.
func (d *desk) answer(v visit) error {
	typed := view.Typed{Answer: v.FormValue("answer")}
	o, err := d.heldBy(v)
	if err == nil {
		err = d.house.Queue.Answer(v.ctx(), v.actor, o.ID, typed.Answer)
	}
	if err != nil {
		return d.refuse(v, err, typed)
	}
	return d.sent(v, "answer")
}
