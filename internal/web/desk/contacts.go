package desk

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/contacts"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
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

// logCall writes down a call about an order.
func (d *desk) logCall(v visit) error {
	report, err := readReport(v, 0)
	if err == nil {
		err = renamedReport(d.house.Contacts.Log(v.ctx(), v.actor, v.Params("code"), report), 0)
	}
	if err != nil {
		return d.refuse(v, err, typedForm(v))
	}
	return d.sent(v, view.CallField("note", 0))
}

// logTask writes down what came of a call of the list.
func (d *desk) logTask(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	report, err := readReport(v, id)
	if err == nil {
		err = renamedReport(d.house.Contacts.LogTask(v.ctx(), v.actor, id, report), id)
	}
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
	page.Refused, page.Chrome.Failed = view.CallForm{ID: id, Values: web.Typed(v.Ctx), Wrong: f.Fields}, true
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Calls(page))
}

// readReport reads the form of a call; it returns Invalid for a date or a
// time that cannot be read.
func readReport(v visit, id int64) (contacts.Report, error) {
	value := func(name string) string { return v.FormValue(view.CallField(name, id)) }
	r := contacts.Report{
		Outcome: contacts.Outcome(value("outcome")), Note: value("note"), Next: contacts.Next{When: contacts.When(value("next"))},
	}
	if r.Next.When != contacts.AtTime {
		return r, nil
	}
	var wrong fault.Fields
	day, err := parseDay(value("date"))
	if err != nil {
		wrong.AddErr(view.CallField("date", id), err)
	}
	hour, minute, ok := parseClock(value("time"))
	if !ok {
		wrong.Add(view.CallField("time", id), "desk.error.time")
	}
	r.Next.At = time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, jalali.Tehran)
	return r, wrong.Err()
}

func renamedReport(err error, id int64) error {
	return renamedAll(err, "outcome", view.CallField("outcome", id), "note", view.CallField("note", id),
		"next_at", view.CallField("date", id), "next", view.CallField("next", id))
}

func (d *desk) callsPage(v visit) (view.CallsPage, error) {
	at, afterID := parseCursor(v.Query("after"))
	calls, more, err := d.house.Board.Calls(v.ctx(), at, afterID)
	if err != nil {
		return view.CallsPage{}, err
	}
	page := view.CallsPage{Chrome: d.chrome(v, v.words("desk.calls.title")), Calls: calls, Now: d.house.Clock.Now()}
	if more {
		last := calls[len(calls)-1]
		page.Next = callsPath + "?after=" + cursor(last.DueAt, last.ID)
	}
	if afterID > 0 {
		page.First = callsPath
	}
	return page, nil
}
