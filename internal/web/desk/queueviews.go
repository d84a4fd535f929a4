package desk

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
	"pishkhan/internal/web"
	"pishkhan/views/parts"
)

// saveView keeps the list that the reader sees under a name. Its query is
// read as the page's address is, so that nothing else is kept.
func (d *desk) saveView(v visit) error {
	v.Request().URI().SetQueryString(v.FormValue("query"))
	query := readQuery(v)
	err := d.house.Staff.SaveQueueView(v.ctx(), v.actor.ID, v.FormValue("view_name"), query.Encode(), v.FormValue("shared") != "")
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		return d.showQueue(v, fiber.StatusUnprocessableEntity, v.words(f.Fields[0].Key, f.Fields[0].Args...))
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, query.Path())
}

// dropView removes a view of the reader's own.
func (d *desk) dropView(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := d.house.Staff.DropQueueView(v.ctx(), v.actor.ID, id); err != nil {
		return err
	}
	return web.Redirect(v.Ctx, parts.DeskHome)
}

// saveLook keeps which columns the reader wants to see, and how high rows are.
func (d *desk) saveLook(v visit) error {
	shown, look := formValues(v, "column"), staff.QueueLook{Compact: v.FormValue("compact") != ""}
	for _, column := range staff.QueueColumns {
		if !slices.Contains(shown, column) {
			look.Hidden = append(look.Hidden, column)
		}
	}
	if err := d.house.Staff.SaveQueueLook(v.ctx(), v.actor.ID, look); err != nil {
		return err
	}
	return web.Redirect(v.Ctx, destination(v.FormValue("back")))
}

// formValues are all answers to one question of a form.
func formValues(v visit, name string) []string {
	var values []string
	for _, value := range v.Request().PostArgs().PeekMulti(name) {
		values = append(values, string(value))
	}
	return values
}
