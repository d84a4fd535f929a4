package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/fault"
	"pishkhan/internal/sla"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// week is the form of the weekly grid and the time zone.
func (d *desk) week(v visit) error {
	return d.showWeek(v, fiber.StatusOK, nil, nil)
}

func (d *desk) showWeek(v visit, status int, values map[string]string, refused *fault.Fault) error {
	page, err := d.calendarPage(v, v.words("calendar.week.title"))
	if err != nil {
		return err
	}
	page.Chrome.Path = calendarPath + "/week"
	form := view.WeekForm{Values: values}
	if values == nil {
		form.Values = view.WeekValues(v.lang(), page.Calendar)
	}
	if refused != nil {
		form.Wrong = weekFaults(refused.Fields)
		page.Chrome.Failed = true
		if len(form.Wrong) == 0 {
			page.Refuse(v.ctx(), refused)
		}
	}
	page.Week = form
	return web.Render(v.Ctx, status, view.CalendarWeek(page))
}

// saveWeek changes the weekly grid and the time zone.
func (d *desk) saveWeek(v visit) error {
	values := web.Typed(v.Ctx)
	return d.changeCalendar(v, calendarPath, func(c sla.Calendar) (sla.Calendar, error) {
		var wrong fault.Fields
		c.TimeZone = strings.TrimSpace(values["time_zone"])
		if c.TimeZone == "" {
			wrong.Add("time_zone", "fault.required")
		}
		for _, day := range view.WeekInputs() {
			windows, err := sla.ParseWindows(values[day.Name])
			if err != nil {
				wrong.AddErr(day.Name, err)
			}
			c.Week[day.Weekday] = windows
		}
		return c, wrong.Err()
	}, func(status int, f *fault.Fault) error { return d.showWeek(v, status, values, f) })
}

// weekFaults puts the faults of the calendar beside the inputs of the week's
// form: "week.saturday[1]" is Saturday's, "week" the first day's.
func weekFaults(found fault.Fields) (wrong fault.Fields) {
	for _, f := range found {
		if name, _, ok := strings.Cut(f.Name, "["); ok {
			f.Name = name
		}
		if f.Name == "week" {
			f.Name = view.WeekInputs()[0].Name
		}
		wrong = append(wrong, f)
	}
	return wrong
}
