package desk

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pishkhan/internal/audit"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/fault"
	"pishkhan/internal/web"
	view "pishkhan/views/desk"
)

const alertsPath = "/desk/alerts"

func (d *desk) alerts(v visit) error {
	page, err := d.alertsPage(v)
	if err != nil {
		return err
	}
	page.Saved = v.Query("saved")
	return web.Render(v.Ctx, fiber.StatusOK, view.Alerts(page))
}

// chooseAlerts keeps what the reader wants to be told.
func (d *desk) chooseAlerts(v visit) error {
	ticked := values(v, "choice")
	typed := typedAlerts(v)
	var wrong fault.Fields
	from := whole(&wrong, "warn_from", typed["warn_from"])
	err := wrong.Err()
	if err == nil {
		err = d.house.Deadlines.Choose(v.ctx(), v.actor, deadlines.Wish{
			Names: ticked, WarnFrom: from, Mobile: strings.TrimSpace(typed["mobile"]), Lang: typed["message_lang"],
		})
	}
	return d.savedAlerts(v, "mine", err, func(page *view.AlertsPage) { page.Ticked = ticked })
}

// editAlertWarnings sets when warnings come, for all services and for those
// with shares of their own.
func (d *desk) editAlertWarnings(v visit) error {
	rules, err := d.house.Deadlines.Rules(v.ctx())
	if err != nil {
		return err
	}
	typed := typedAlerts(v)
	from, shares, services, err := readWarnings(typed, rules.Rules)
	if err == nil {
		err = d.house.Deadlines.EditWarnings(v.ctx(), v.actor, from, shares, services)
		if slug := typed["new_service"]; slug != "" { // which has no input of its own yet
			err = renamed(err, view.SharesField(slug), "new_shares")
		}
	}
	return d.savedAlerts(v, "warnings", err, nil)
}

// editAlertSteps sets the escalation.
func (d *desk) editAlertSteps(v visit) error {
	from, rows, steps, err := readSteps(typedAlerts(v))
	if err == nil {
		err = d.house.Deadlines.EditSteps(v.ctx(), v.actor, from, steps)
	}
	return d.savedAlerts(v, "steps", err, func(page *view.AlertsPage) { page.Steps = rows })
}

// editAlertHolidays sets when somebody is reminded of provisional holidays.
func (d *desk) editAlertHolidays(v visit) error {
	typed := typedAlerts(v)
	var wrong fault.Fields
	days := whole(&wrong, "holiday_days", typed["holiday_days"])
	err := wrong.Err()
	if err == nil {
		err = d.house.Deadlines.EditHolidays(v.ctx(), v.actor, seenVersion(typed), days)
	}
	return d.savedAlerts(v, "holidays", err, nil)
}

// seeWarnings takes warnings off the reader's screen.
func (d *desk) seeWarnings(v visit) error {
	subjects := values(v, "subject")
	if v.FormValue("all") != "" {
		subjects = values(v, "shown")
	}
	if err := d.house.Deadlines.Seen(v.ctx(), v.actor, subjects); err != nil {
		return err
	}
	return web.Redirect(v.Ctx, destination(v.FormValue("back")))
}

// warnings are what the reader is to see above a page.
func (d *desk) warnings(v visit) (view.Warnings, error) {
	screen, err := d.house.Deadlines.Screen(v.ctx(), v.actor)
	return view.Warnings{OnScreenNow: screen, CSRF: web.CSRF(v.Ctx, v.session), Back: v.here()}, err
}

// savedAlerts answers a form: the page anew, or the form with what was wrong.
func (d *desk) savedAlerts(v visit, form string, err error, keep func(*view.AlertsPage)) error {
	if err == nil {
		return web.Redirect(v.Ctx, alertsPath+"?saved="+form+"#"+form)
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	page, lost := d.alertsPage(v)
	if lost != nil {
		return lost
	}
	page.Failed, page.Typed, page.Wrong, page.Chrome.Failed = form, typedAlerts(v), f.Fields, true
	if len(f.Fields) == 0 {
		page.Refusal = v.said(f)
	}
	if keep != nil {
		keep(&page)
	}
	return web.Render(v.Ctx, f.Kind.Status(), view.Alerts(page))
}

func (d *desk) alertsPage(v visit) (page view.AlertsPage, err error) {
	page = view.AlertsPage{Chrome: d.chrome(v, v.words("alerts.title"))}
	page.Chrome.Path = alertsPath
	if page.History, err = d.house.Deadlines.RulesHistory(v.ctx(), 20); err != nil {
		return page, err
	}
	page.Rules = page.History[0]
	if page.Choices, err = d.house.Deadlines.MyChoices(v.ctx(), v.actor.ID); err != nil {
		return page, err
	}
	if page.Services, err = d.house.Catalog.List(v.ctx()); err != nil {
		return page, err
	}
	if page.Names, err = d.people(v); err != nil {
		return page, err
	}
	members, err := d.house.Staff.WithRoles(v.ctx(), d.house.Pool, audit.Supervisor, audit.Admin)
	page.People = map[int64]string{}
	for _, m := range members {
		page.People[m.ID] = m.Name
		if m.ID == v.actor.ID {
			page.Mobile = m.Mobile
		}
	}
	return page, err
}
