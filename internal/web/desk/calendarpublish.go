package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const clocksPath = calendarPath + "/clocks"

// checkCalendar shows what the draft would make of the open orders, before
// it is published.
func (d *desk) checkCalendar(v visit) error {
	return d.showCheck(v, fiber.StatusOK, view.CalendarCheckPage{}, nil)
}

func (d *desk) showCheck(v visit, status int, page view.CalendarCheckPage, refused *fault.Fault) (err error) {
	if page.CalendarPage, err = d.calendarPage(v, v.words("calendar.check")); err != nil {
		return err
	}
	page.Chrome.Path = calendarPath + "/check"
	if len(page.Changes) > 0 {
		if page.Forecast, err = d.house.Deadlines.DryRun(v.ctx(), page.Calendar); err != nil {
			return err
		}
	}
	if refused != nil {
		page.Wrong, page.Chrome.Failed = refused.Fields, true
		if len(page.Wrong) == 0 {
			page.Refuse(v.ctx(), refused)
		}
	}
	return web.Render(v.Ctx, status, view.CalendarCheck(page))
}

// publishCalendar makes the draft the version that counts and, where that was
// chosen, lets the open clocks move to it.
func (d *desk) publishCalendar(v visit) error {
	page := view.CalendarCheckPage{Note: v.FormValue("note"), Clocks: v.FormValue("clocks")}
	var wrong fault.Fields
	if page.Clocks != "move" && page.Clocks != "keep" {
		wrong.Add("clocks", "calendar.error.clocks")
	}
	err := wrong.Err()
	if err == nil {
		err = d.publishAndMove(v, page.Clocks == "move", page.Note)
	}
	f := fault.Of(err)
	switch {
	case err == nil:
		return web.Redirect(v.Ctx, clocksPath)
	case f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict):
		return d.showCheck(v, f.Kind.Status(), page, f)
	}
	return err
}

// publishAndMove publishes first: a moving that is refused then is offered
// again on the page of the clocks.
func (d *desk) publishAndMove(v visit, move bool, note string) error {
	version, err := d.house.Calendars.PublishDraft(v.ctx(), d.house.Pool, d.house.Clock.Now(), v.actor, v.revision(), note)
	if err != nil || !move {
		return err
	}
	_, err = d.house.Deadlines.Approve(v.ctx(), v.actor, version.ID)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// clocks shows how the move of the open clocks comes along, and what moving
// them to the newest version would do when none goes on.
func (d *desk) clocks(v visit) error { return d.showClocks(v, fiber.StatusOK, nil) }

func (d *desk) showClocks(v visit, status int, refused *fault.Fault) error {
	base, err := d.calendarPage(v, v.words("calendar.clocks.title"))
	if err != nil {
		return err
	}
	page := view.CalendarClocksPage{CalendarPage: base}
	page.Chrome.Path = clocksPath
	page.Refuse(v.ctx(), refused)
	last, err := d.house.Deadlines.Progress(v.ctx())
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil {
		page.Last = &last
	}
	if page.Running() {
		return web.Render(v.Ctx, status, view.CalendarClocks(page))
	}
	if page.Forecast, err = d.house.Deadlines.DryRun(v.ctx(), page.Newest.Calendar); err != nil {
		return err
	}
	if page.Last != nil {
		if page.Shifts, err = d.house.Orders.Shifts(v.ctx(), d.house.Pool, page.Last.ID, 0, view.MostShifts); err != nil {
			return err
		}
	}
	if page.Last != nil && page.Last.Aside > 0 {
		if page.Asides, err = d.house.Orders.Asides(v.ctx(), d.house.Pool, page.Last.ID, 0, view.MostShifts); err != nil {
			return err
		}
	}
	return web.Render(v.Ctx, status, view.CalendarClocks(page))
}

// moveClocks lets the open clocks move to the version that was looked at.
func (d *desk) moveClocks(v visit) error {
	version, err := strconv.ParseInt(v.FormValue("version"), 10, 64)
	if err != nil {
		version = 0 // no version has it: NotFound
	}
	_, err = d.house.Deadlines.Approve(v.ctx(), v.actor, version)
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		return d.showClocks(v, f.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, clocksPath)
}
