package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/sla"
	"pishkhan/views/parts"
)

// CalendarPage is the working calendar: the version that counts, and to who
// may edit it the draft.
type CalendarPage struct {
	Chrome   parts.Chrome
	Calendar sla.Calendar // what is shown
	Newest   sla.Version
	Draft    sla.Draft
	Changes  []sla.Change // from the newest version to the draft
	People   map[int64]string
	Now      time.Time
	Today    sla.Date // in the calendar's zone
	MayEdit  bool
	Refusal  string // why something was not done, in words

	Month sla.Date // its first day
	Day   *DayForm // of the chosen day
	Week  WeekForm
}

// Refuse notes why something was not done; nil is nothing.
func (p *CalendarPage) Refuse(ctx context.Context, f *fault.Fault) {
	if f == nil {
		return
	}
	p.Chrome.Failed, p.Refusal = true, i18n.T(ctx, f.Key, f.Args...)
	if len(f.Fields) > 0 {
		p.Refusal = i18n.T(ctx, f.Fields[0].Key, f.Fields[0].Args...)
	}
}

// DayForm is the form of one day, as it was typed.
type DayForm struct {
	Date   sla.Date
	Values map[string]string
	Wrong  []fault.Field
}

// DayValues fills the form of a day from the calendar.
func DayValues(lang i18n.Lang, c sla.Calendar, day sla.Date) map[string]string {
	values := map[string]string{"kind": "week", "windows": lang.Digits(windowTexts(c.On(day)))}
	rule, ok := c.Rule(day)
	if !ok {
		return values
	}
	values["kind"], values["name"] = "hours", rule.Name
	if rule.Closed() {
		values["kind"] = "closed"
		values["windows"] = lang.Digits(windowTexts(c.Week[day.Weekday()]))
	}
	if rule.Provisional {
		values["provisional"] = "1"
	}
	return values
}

// WeekForm is the form of the weekly grid, as it was typed.
type WeekForm struct {
	Values map[string]string
	Wrong  []fault.Field
}

// WeekInput is the input of one weekday.
type WeekInput struct {
	Name    string // as in the calendar file: "week.saturday"
	Weekday time.Weekday
}

// WeekInputs are the inputs of the week, from Saturday on.
func WeekInputs() []WeekInput {
	var all []WeekInput
	for _, day := range jalali.Weekdays() {
		all = append(all, WeekInput{Name: "week." + strings.ToLower(day.String()), Weekday: day})
	}
	return all
}

// WeekValues fills the form of the week from the calendar.
func WeekValues(lang i18n.Lang, c sla.Calendar) map[string]string {
	values := map[string]string{"time_zone": c.TimeZone}
	if c.TimeZone == "" {
		values["time_zone"] = sla.DefaultZone
	}
	for _, day := range WeekInputs() {
		values[day.Name] = lang.Digits(windowTexts(c.Week[day.Weekday]))
	}
	return values
}

func (f WeekForm) field(ctx context.Context, name, label string) parts.Field {
	return parts.Field{Name: name, Label: label, Value: f.Values[name], Autocomplete: "off", Error: parts.ErrorFor(ctx, f.Wrong, name)}
}

func (f DayForm) field(ctx context.Context, name string) parts.Field {
	return parts.Field{
		Name: name, Label: i18n.T(ctx, "calendar.day."+name), Value: f.Values[name], Autocomplete: "off", Error: parts.ErrorFor(ctx, f.Wrong, name),
	}
}

// cell is a day of the month's page.
type cell struct {
	date       sla.Date // Jalali
	rule       *sla.DateRule
	hours      []sla.Window
	today      bool
	chosen     bool
	changed    bool // in the draft
	otherMonth bool
}

// weeks are the rows of the month, from Saturday on; a day of another month
// is an empty cell.
func (p CalendarPage) weeks() [][]cell {
	changed := map[sla.Date]bool{}
	for _, c := range p.Changes {
		if c.Kind == sla.DateChange {
			changed[c.Date.InJalali()] = true
		}
	}
	lead := slices.Index(weekOrder(), p.Month.Weekday())
	length := jalali.MonthDays(p.Month.Year, p.Month.Month)
	var rows [][]cell
	for first := -lead; first < length; first += 7 {
		row := make([]cell, 7)
		for i := range row {
			n := first + i
			if n < 0 || n >= length {
				row[i].otherMonth = true
				continue
			}
			date := p.Month.AddDays(n)
			row[i] = cell{
				date: date, hours: p.Calendar.On(date), today: date.Compare(p.Today) == 0, changed: changed[date],
				chosen: p.Day != nil && p.Day.Date.Compare(date) == 0,
			}
			if rule, ok := p.Calendar.Rule(date); ok {
				row[i].rule = &rule
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func weekOrder() []time.Weekday { w := jalali.Weekdays(); return w[:] }

// named are the rules of the month, in the order of time.
func (p CalendarPage) named() []sla.DateRule {
	var all []sla.DateRule
	for _, row := range p.weeks() {
		for _, c := range row {
			if c.rule != nil {
				all = append(all, *c.rule)
			}
		}
	}
	return all
}

// provisional are the holidays that are not certain, from today on.
func (p CalendarPage) provisional() []sla.DateRule { return p.Calendar.ProvisionalFrom(p.Today) }

// monthAt is the first day of a month so many months away, within the years
// that the conversion knows.
func (p CalendarPage) monthAt(step int) (sla.Date, bool) {
	n := p.Month.Year*12 + p.Month.Month - 1 + step
	d := sla.Date{Year: n / 12, Month: n%12 + 1, Day: 1, Jalali: true}
	return d, d.Year >= jalali.MinYear && d.Year <= jalali.MaxYear
}

func calendarMonthPath(d sla.Date) string { return "/desk/calendar?month=" + monthKey(d) }

func calendarDayPath(d sla.Date) string {
	return calendarMonthPath(d) + "&day=" + d.InJalali().String() + "#day-title"
}

func dayDeed(d sla.Date, deed string) string {
	return "/desk/calendar/days/" + d.InJalali().String() + deed
}

func monthKey(d sla.Date) string { return d.InJalali().String()[:7] }

func monthOptions(ctx context.Context) []parts.Option {
	var all []parts.Option
	for n := 1; n <= 12; n++ {
		all = append(all, parts.Option{Value: strconv.Itoa(n), Label: monthName(ctx, n)})
	}
	return all
}

func zoneNames() []string {
	return []string{"Asia/Tehran", "Asia/Dubai", "Asia/Istanbul", "Asia/Kabul", "Europe/Berlin", "Europe/London", "UTC"}
}

func changeID(c sla.Change) string {
	switch c.Kind {
	case sla.DateChange:
		return "change-" + c.Date.InJalali().String()
	case sla.WeekdayChange:
		return "change-" + strings.ToLower(c.Weekday.String())
	}
	return "change-zone"
}
