package desk

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/sla"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const versionsAPage = 20

// calendarHistory lists the versions, each with what it changed.
func (d *desk) calendarHistory(v visit) error { return d.showCalendarHistory(v, fiber.StatusOK, nil) }

func (d *desk) showCalendarHistory(v visit, status int, refused *fault.Fault) error {
	base, err := d.calendarPage(v, v.words("calendar.history"))
	if err != nil {
		return err
	}
	base.Refuse(v.ctx(), refused)
	page := view.CalendarHistoryPage{CalendarPage: base}
	before, err := strconv.ParseInt(v.Query("before", "0"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	list, err := d.house.Calendars.Versions(v.ctx(), d.house.Pool, before, versionsAPage+1)
	if err != nil {
		return err
	}
	if before > 0 {
		page.First = calendarPath + "/history"
	}
	if len(list) > versionsAPage {
		list = list[:versionsAPage]
		page.Next = calendarPath + "/history?before=" + strconv.FormatInt(list[versionsAPage-1].ID, 10)
	}
	for _, info := range list {
		version := view.CalendarVersion{Info: info}
		if info.Previous != 0 {
			previous, err := d.house.Calendars.Version(v.ctx(), d.house.Pool, info.Previous)
			if err != nil {
				return err
			}
			version.Changes = sla.Changes(previous.Calendar, info.Calendar)
		}
		page.Versions = append(page.Versions, version)
	}
	return web.Render(v.Ctx, status, view.CalendarHistory(page))
}

// reuseCalendar makes an earlier version the draft.
func (d *desk) reuseCalendar(v visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return d.changeCalendar(v, calendarPath, func(sla.Calendar) (sla.Calendar, error) {
		earlier, err := d.house.Calendars.Version(v.ctx(), d.house.Pool, id)
		return earlier.Calendar, err
	}, func(status int, f *fault.Fault) error { return d.showCalendarHistory(v, status, f) })
}
