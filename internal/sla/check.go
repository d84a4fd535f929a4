package sla

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that zones are known on any machine
	"unicode"
	"unicode/utf8"

	"pishkhan/internal/fault"
)

// Check returns nil when the calendar is sound, else an Invalid fault with a
// field for each flaw, named by its path in the calendar file ("dates[3].date",
// "week.saturday[0]"): an unknown zone, a window that is empty, overlaps
// another or crosses midnight, a date that does not exist or comes twice, a
// name of more than a line, or no open time at all.
func (c Calendar) Check() error {
	var flaws fault.Fields
	if _, err := c.location(); err != nil {
		flaws.Add("time_zone", "sla.error.time_zone", "zone", c.TimeZone)
	}
	open := false
	for _, wd := range weekdays {
		checkWindows(&flaws, "week."+wd.name, c.Week[wd.day])
		open = open || len(c.Week[wd.day]) > 0
	}
	seen := map[int64]int{}
	for i, rule := range c.Dates {
		path := fmt.Sprintf("dates[%d]", i)
		checkWindows(&flaws, path+".windows", rule.Windows)
		open = open || !rule.Closed()
		if utf8.RuneCountInString(rule.Name) > MaxName || strings.ContainsFunc(rule.Name, unicode.IsControl) {
			flaws.Add(path+".name", "sla.error.name", "max", MaxName)
		}
		if key := rule.Date.flaw(); key != "" {
			flaws.Add(path+".date", key, "date", rule.Date.String())
			continue
		}
		day := rule.Date.dayNumber()
		if first, twice := seen[day]; twice {
			flaws.Add(path+".date", "sla.error.date_twice", "date", rule.Date.String(), "first", fmt.Sprintf("dates[%d]", first))
			continue
		}
		seen[day] = i
	}
	if !open {
		flaws = append(flaws, neverOpen...)
	}
	return flaws.Err()
}

// neverOpen is the flaw of a calendar without any working time.
var neverOpen = fault.Fields{{Name: "week", Key: "sla.error.never_open"}}

// maxWindows bounds the windows of a day.
const maxWindows = 50

func checkWindows(flaws *fault.Fields, path string, windows []Window) {
	if len(windows) > maxWindows {
		flaws.Add(path, "sla.error.windows_many", "max", maxWindows)
		return
	}
	for i, w := range windows {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case w.From < 0 || w.From > EndOfDay || w.To < 0 || w.To > EndOfDay || w.From%60 != 0 || w.To%60 != 0:
			flaws.Add(at, "sla.error.window_format", "window", w.String())
		case w.From == w.To:
			flaws.Add(at, "sla.error.window_empty", "window", w.String())
		case w.From > w.To:
			flaws.Add(at, "sla.error.window_midnight", "window", w.String())
		default:
			overlaps := func(v Window) bool { return v.From < w.To && w.From < v.To }
			if j := slices.IndexFunc(windows[:i], overlaps); j >= 0 {
				flaws.Add(at, "sla.error.window_overlap", "window", w.String(), "other", windows[j].String())
			}
		}
	}
}

// location loads the calendar's zone. Names that mean "this machine's own"
// are refused: a deadline must not depend on where it is computed.
func (c Calendar) location() (*time.Location, error) {
	switch c.TimeZone {
	case "":
		return time.LoadLocation(DefaultZone)
	case "Local", "localtime", "posixrules":
		return nil, fmt.Errorf("zone %q belongs to a machine", c.TimeZone)
	}
	return time.LoadLocation(c.TimeZone)
}
