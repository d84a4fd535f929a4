package desk

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/access"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/sla"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const calendarPath = "/desk/calendar"

// calendar shows a month of the working calendar: of the draft to who may
// edit it, else of the version that counts.
func (d *desk) calendar(v visit) error { return d.showCalendar(v, fiber.StatusOK, nil) }

func (d *desk) showCalendar(v visit, status int, refused *fault.Fault) error {
	page, err := d.calendarPage(v, v.words("calendar.title"))
	if err != nil {
		return err
	}
	page.Refuse(v.ctx(), refused)
	page.Month = monthOf(page.Today)
	if asked := askedMonth(v); asked != "" {
		month, err := sla.ParseDate(asked+"-01", true)
		if err != nil {
			page.Refuse(v.ctx(), fault.New(fault.Invalid, "calendar.error.month"))
		} else {
			page.Month = month
		}
	}
	if day, ok := readDay(v.Query("day")); ok && page.MayEdit {
		page.Day = &view.DayForm{Date: day, Values: view.DayValues(v.lang(), page.Calendar, day)}
		if askedMonth(v) == "" {
			page.Month = monthOf(day)
		}
	}
	return web.Render(v.Ctx, status, view.Calendar(page))
}

// askedMonth is the month of the address, or of the form that jumps to one.
func askedMonth(v visit) string {
	if year := iran.ASCIIDigits(strings.TrimSpace(v.Query("year"))); year != "" {
		n, err := strconv.Atoi(iran.ASCIIDigits(v.Query("m")))
		if err != nil {
			n = 0
		}
		return year + "-" + twoDigits(n)
	}
	return v.Query("month")
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// calendarPage is what all pages of the calendar know.
func (d *desk) calendarPage(v visit, title string) (page view.CalendarPage, err error) {
	page = view.CalendarPage{Chrome: d.chrome(v, title), Now: d.house.Clock.Now(), MayEdit: d.house.Policy.Allows(v.actor, access.EditCalendar)}
	if v.Method() != fiber.MethodGet {
		page.Chrome.Path = calendarPath
	}
	if page.Newest, err = d.house.Calendars.Newest(v.ctx(), d.house.Pool); err != nil {
		return page, err
	}
	page.Calendar = page.Newest.Calendar
	if page.MayEdit {
		if page.Draft, err = d.house.Calendars.Draft(v.ctx(), d.house.Pool); err != nil {
			return page, err
		}
		page.Calendar = page.Draft.Calendar
		page.Changes = sla.Changes(page.Newest.Calendar, page.Calendar)
	}
	page.Today = sla.DateAt(page.Now.In(page.Newest.Engine.Location())).InJalali()
	page.People, err = d.people(v)
	return page, err
}

func monthOf(d sla.Date) sla.Date {
	d = d.InJalali()
	return sla.Date{Year: d.Year, Month: d.Month, Day: 1, Jalali: true}
}

// readDay reads a Jalali date of an address.
func readDay(s string) (sla.Date, bool) {
	day, err := sla.ParseDate(s, true)
	return day, err == nil
}

// day is the date that the address names; NotFound when there is none.
func (v visit) day() (sla.Date, error) {
	day, ok := readDay(v.Params("date"))
	if !ok {
		return day, fault.New(fault.NotFound, "fault.not_found")
	}
	return day, nil
}

func monthPath(d sla.Date) string { return calendarPath + "?month=" + d.InJalali().String()[:7] }

// changeCalendar saves what change makes of the draft, over the revision that
// the form was read with, and leads to a page. What is refused is shown by
// again.
func (d *desk) changeCalendar(v visit, to string, change func(sla.Calendar) (sla.Calendar, error), again func(status int, f *fault.Fault) error) error {
	err := d.saveCalendar(v, change)
	if err == nil {
		return web.Redirect(v.Ctx, to)
	}
	if f := fault.Of(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		return again(f.Kind.Status(), f)
	}
	return err
}

func (d *desk) saveCalendar(v visit, change func(sla.Calendar) (sla.Calendar, error)) error {
	draft, err := d.house.Calendars.Draft(v.ctx(), d.house.Pool)
	if err != nil {
		return err
	}
	if draft.Revision != v.revision() {
		return fault.New(fault.Conflict, "sla.error.draft_changed")
	}
	next, err := change(draft.Calendar)
	if err != nil {
		return err
	}
	_, err = d.house.Calendars.SaveDraft(v.ctx(), d.house.Pool, d.house.Clock.Now(), v.actor, draft.Revision, next)
	return err
}

// refuseCalendar shows the month again, with why nothing was done.
func (d *desk) refuseCalendar(v visit) func(int, *fault.Fault) error {
	return func(status int, f *fault.Fault) error { return d.showCalendar(v, status, f) }
}

// discardCalendar throws the draft away.
func (d *desk) discardCalendar(v visit) error {
	err := d.house.Calendars.ThrowDraftAway(v.ctx(), d.house.Pool, d.house.Clock.Now(), v.actor, v.revision())
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		return d.showCalendar(v, f.Kind.Status(), f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(v.Ctx, calendarPath)
}
