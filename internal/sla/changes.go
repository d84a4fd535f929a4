package sla

import (
	"slices"
	"time"
)

// ChangeKind says what part of a calendar a change is about.
type ChangeKind string

// The kinds of changes.
const (
	ZoneChange    ChangeKind = "zone"
	WeekdayChange ChangeKind = "weekday"
	DateChange    ChangeKind = "date"
)

// Change is one difference between two calendars.
type Change struct {
	Kind          ChangeKind
	Zone          [2]string    // of a ZoneChange: before and after
	Weekday       time.Weekday // of a WeekdayChange
	Date          Date         // of a DateChange, as it was entered last
	Before, After []Window     // the hours of the weekday or date; none: closed
	Old, New      *DateRule    // of a DateChange; nil: there is none, and the week counts
}

// Changes lists what differs between two calendars: the zone, the weekdays
// from Saturday on, then the dates in the order of time. A date that is
// spelt in another civil calendar is the same date.
func Changes(before, after Calendar) []Change {
	var all []Change
	if zones := [2]string{before.zone(), after.zone()}; zones[0] != zones[1] {
		all = append(all, Change{Kind: ZoneChange, Zone: zones})
	}
	for _, wd := range weekdays {
		if was, is := sorted(before.Week[wd.day]), sorted(after.Week[wd.day]); !slices.Equal(was, is) {
			all = append(all, Change{Kind: WeekdayChange, Weekday: wd.day, Before: was, After: is})
		}
	}
	old, fresh := before.byDay(), after.byDay()
	days := make([]int64, 0, len(old)+len(fresh))
	for day := range old {
		days = append(days, day)
	}
	for day := range fresh {
		if _, both := old[day]; !both {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	for _, day := range days {
		was, is := old[day], fresh[day]
		if was.same(is) {
			continue
		}
		c := Change{Kind: DateChange, Old: was, New: is, Before: before.on(day), After: after.on(day)}
		if c.Date = dateOfDay(day); is != nil {
			c.Date = is.Date
		} else if was != nil {
			c.Date = was.Date
		}
		all = append(all, c)
	}
	return all
}

// Rule returns the rule of a date; ok is false when the week counts on it.
func (c Calendar) Rule(d Date) (rule DateRule, ok bool) {
	if i := c.indexOf(d); i >= 0 {
		return c.Dates[i], true
	}
	return DateRule{}, false
}

// On returns the hours of a date, in order; none: it is closed.
func (c Calendar) On(d Date) []Window { return c.on(d.dayNumber()) }

func (c Calendar) on(day int64) []Window {
	if rule, ok := c.Rule(dateOfDay(day)); ok {
		return sorted(rule.Windows)
	}
	return sorted(c.Week[weekdayOf(day)])
}

// With returns the calendar with a rule for its date, in place of any other.
func (c Calendar) With(r DateRule) Calendar {
	c = c.Without(r.Date)
	i, _ := slices.BinarySearchFunc(c.Dates, r.Date, func(have DateRule, d Date) int { return have.Date.Compare(d) })
	c.Dates = slices.Insert(c.Dates, i, r)
	return c
}

// Without returns the calendar, its dates in the order of time, without a
// rule for the date: the week counts on it.
func (c Calendar) Without(d Date) Calendar {
	c.Dates = slices.Clone(c.Dates)
	c.Dates = slices.DeleteFunc(c.Dates, func(have DateRule) bool { return have.Date.Compare(d) == 0 })
	slices.SortFunc(c.Dates, func(a, b DateRule) int { return a.Date.Compare(b.Date) })
	return c
}

// ProvisionalFrom returns the provisional rules from a date on, in the order
// of time.
func (c Calendar) ProvisionalFrom(d Date) []DateRule {
	var all []DateRule
	for _, rule := range c.Dates {
		if rule.Provisional && rule.Date.Compare(d) >= 0 {
			all = append(all, rule)
		}
	}
	slices.SortFunc(all, func(a, b DateRule) int { return a.Date.Compare(b.Date) })
	return all
}

func (c Calendar) indexOf(d Date) int {
	return slices.IndexFunc(c.Dates, func(have DateRule) bool { return have.Date.Compare(d) == 0 })
}

func (c Calendar) byDay() map[int64]*DateRule {
	rules := make(map[int64]*DateRule, len(c.Dates))
	for i := range c.Dates {
		rules[c.Dates[i].Date.dayNumber()] = &c.Dates[i]
	}
	return rules
}

func (c Calendar) zone() string {
	if c.TimeZone == "" {
		return DefaultZone
	}
	return c.TimeZone
}

// same reports whether two rules of one date say the same; nil is no rule.
func (r *DateRule) same(other *DateRule) bool {
	if r == nil || other == nil {
		return r == other
	}
	return r.Name == other.Name && r.Provisional == other.Provisional && slices.Equal(sorted(r.Windows), sorted(other.Windows))
}

func sorted(windows []Window) []Window {
	return slices.SortedFunc(slices.Values(windows), func(a, b Window) int { return int(a.From - b.From) })
}
