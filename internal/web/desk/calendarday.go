package desk

import (
	"strings"

	"pishkhan/internal/fault"
	"pishkhan/internal/sla"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

// saveDay closes a day, gives it hours of its own, or returns it to the week.
func (d *desk) saveDay(v visit) error {
	day, err := v.day()
	if err != nil {
		return err
	}
	form := view.DayForm{Date: day, Values: web.Typed(v.Ctx)}
	return d.changeCalendar(v, monthPath(day), func(c sla.Calendar) (sla.Calendar, error) {
		rule, ruled, err := readRuleOf(day, form.Values)
		if err != nil {
			return c, err
		}
		if !ruled {
			return c.Without(day), nil
		}
		return c.With(rule), nil
	}, func(status int, f *fault.Fault) error {
		page, err := d.calendarPage(v, v.words("calendar.title"))
		if err != nil {
			return err
		}
		form.Wrong = dayFaults(f.Fields)
		page.Month, page.Day, page.Chrome.Failed = monthOf(day), &form, true
		if len(form.Wrong) == 0 {
			page.Refuse(v.ctx(), f)
		}
		return web.Render(v.Ctx, status, view.Calendar(page))
	})
}

// readRuleOf reads the form of a day; ruled is false when the week counts.
func readRuleOf(day sla.Date, values map[string]string) (rule sla.DateRule, ruled bool, err error) {
	var wrong fault.Fields
	rule = sla.DateRule{Date: day, Name: strings.Join(strings.Fields(values["name"]), " "), Provisional: values["provisional"] != ""}
	switch values["kind"] {
	case "week":
		return rule, false, nil
	case "closed":
		return rule, true, nil
	case "hours":
		rule.Windows, err = sla.ParseWindows(values["windows"])
		if err != nil {
			wrong.AddErr("windows", err)
		} else if len(rule.Windows) == 0 {
			wrong.Add("windows", "calendar.error.no_windows")
		}
	default:
		wrong.Add("kind", "calendar.error.kind")
	}
	return rule, true, wrong.Err()
}

// dayFaults puts the faults of the calendar beside the inputs of the day's
// form: nothing else has changed.
func dayFaults(found fault.Fields) (wrong fault.Fields) {
	for _, f := range found {
		switch {
		case strings.Contains(f.Name, ".windows"):
			f.Name = "windows"
		case strings.HasSuffix(f.Name, ".name"):
			f.Name = "name"
		case f.Name != "windows" && f.Name != "name":
			f.Name = "kind"
		}
		wrong = append(wrong, f)
	}
	return wrong
}

// confirmDay makes a provisional holiday certain.
func (d *desk) confirmDay(v visit) error {
	day, err := v.day()
	if err != nil {
		return err
	}
	return d.changeCalendar(v, monthPath(day)+"#provisional", func(c sla.Calendar) (sla.Calendar, error) {
		return c.Confirm(day)
	}, d.refuseCalendar(v))
}

// moveDay puts a provisional holiday a day earlier or later.
func (d *desk) moveDay(v visit) error {
	day, err := v.day()
	if err != nil {
		return err
	}
	days := 1
	if v.FormValue("to") == "before" {
		days = -1
	}
	return d.changeCalendar(v, monthPath(day.AddDays(days))+"#provisional", func(c sla.Calendar) (sla.Calendar, error) {
		return c.Move(day, days)
	}, d.refuseCalendar(v))
}
