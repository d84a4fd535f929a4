package desk

import (
	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// addNote writes a note for colleagues on the order.
func (d *desk) addNote(v visit) error {
	if err := d.house.Notes.Add(v.ctx(), v.actor, v.Params("code"), v.FormValue("order_note")); err != nil {
		return d.refuse(v, err, typedForm(v))
	}
	return d.back(v)
}

func (d *desk) removeNote(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := d.house.Notes.Remove(v.ctx(), v.actor, v.Params("code"), id); err != nil {
		return err
	}
	return d.back(v)
}

// restoreNote undoes a removal of a moment ago.
func (d *desk) restoreNote(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := d.house.Notes.Restore(v.ctx(), v.actor, v.Params("code"), id); err != nil {
		return d.refuse(v, err, view.Typed{})
	}
	return d.back(v)
}

// keepDrafts keeps what is being typed, so that a reload does not lose it.
func (d *desk) keepDrafts(v visit) error {
	if err := d.house.Notes.Keep(v.ctx(), v.actor, v.Params("code"), web.Typed(v.Ctx)); err != nil {
		return err
	}
	return v.SendStatus(fiber.StatusNoContent)
}

// sent shows the order after the words of some fields were sent: their drafts
// are done with.
func (d *desk) sent(v visit, fields ...string) error {
	d.forget(v, fields...)
	return d.back(v)
}

// forget drops drafts whose deed is done. It never fails: a draft that stays
// does less harm than a page that says the deed was not done, which is then
// done twice.
func (d *desk) forget(v visit, fields ...string) {
	if err := d.house.Notes.Drop(v.ctx(), v.actor, v.Params("code"), fields...); err != nil {
		web.Report(v.Ctx, err)
	}
}

// changed is the order's page in the parts that a colleague's change touches.
// What is typed stays: forms come anew only when they are others now.
func (d *desk) changed(v visit) error {
	page, err := d.dossier(v)
	if err != nil {
		return err
	}
	return web.Render(v.Ctx, fiber.StatusOK, view.Changed(page, v.Query("seen")))
}
