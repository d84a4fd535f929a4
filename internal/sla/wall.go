package sla

import (
	"cmp"
	"slices"
)

const secondsPerDay = 24 * 60 * 60

// wall counts open seconds along the wall clock, as if no zone ever changed
// its offset. A wall second is the reading's distance from 1970-01-01 00:00.
// The grid repeats every week, and each date rule adds its difference from
// it, so that both directions are arithmetic and one binary search, however
// far or closed the days between.
type wall struct {
	week       [7]day   // from Sunday
	weekBefore [8]int64 // open seconds of a week before each day; [7] is the whole week
	rules      []ruleDay
}

// day is one day's windows, in order.
type day struct {
	windows []Window
	open    int64 // seconds
}

// ruleDay is a date whose hours are its own.
type ruleDay struct {
	day
	rule   DateRule
	number int64 // days since 1970-01-01
	before int64 // wall.before at its midnight
	shift  int64 // open seconds that the rules up to and with this one add to the grid
}

func newWall(c Calendar) *wall {
	w := &wall{}
	for i, windows := range c.Week {
		w.week[i] = newDay(windows)
		w.weekBefore[i+1] = w.weekBefore[i] + w.week[i].open
	}
	for _, rule := range c.Dates {
		w.rules = append(w.rules, ruleDay{day: newDay(rule.Windows), rule: rule, number: rule.Date.dayNumber()})
	}
	slices.SortFunc(w.rules, func(a, b ruleDay) int { return cmp.Compare(a.number, b.number) })
	var shift int64
	for i := range w.rules {
		r := &w.rules[i]
		r.before = w.gridBefore(r.number) + shift
		shift += r.open - w.week[weekdayOf(r.number)].open
		r.shift = shift
	}
	return w
}

func newDay(windows []Window) day {
	d := day{windows: slices.Clone(windows)}
	slices.SortFunc(d.windows, func(a, b Window) int { return cmp.Compare(a.From, b.From) })
	for _, w := range d.windows {
		d.open += int64(w.To - w.From)
	}
	return d
}

// before counts the open wall seconds before the given one (from an origin
// that is the same for all), and returns the window that it lies in, if any.
func (w *wall) before(second int64) (count int64, window Window, open bool) {
	number := floorDiv(second, secondsPerDay)
	at := TimeOfDay(second - number*secondsPerDay)
	d, shift := w.dayAndShift(number)
	count = w.gridBefore(number) + shift
	for _, v := range d.windows {
		if at < v.From {
			break
		}
		if at < v.To {
			return count + int64(at-v.From), v, true
		}
		count += int64(v.To - v.From)
	}
	return count, Window{}, false
}

// nth returns the wall second before which there are exactly k open ones and
// which is open itself. It fails when the grid is empty and the rules end
// before it.
func (w *wall) nth(k int64) (int64, bool) {
	lo, hi := 0, len(w.rules) // the last rule with before <= k is at lo-1
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if w.rules[mid].before <= k {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo > 0 {
		r := &w.rules[lo-1]
		if k < r.before+r.open {
			return r.number*secondsPerDay + r.nth(k-r.before), true
		}
		k -= r.shift
	}
	perWeek := w.weekBefore[7]
	if perWeek == 0 {
		return 0, false
	}
	week := floorDiv(k, perWeek)
	k -= week * perWeek
	dow := 0
	for w.weekBefore[dow+1] <= k {
		dow++
	}
	return (week*7+int64(dow)-epochWeekday)*secondsPerDay + w.week[dow].nth(k-w.weekBefore[dow]), true
}

// nth returns the day's open second number k, which must be less than d.open.
func (d *day) nth(k int64) int64 {
	for _, v := range d.windows {
		if length := int64(v.To - v.From); k >= length {
			k -= length
			continue
		}
		return int64(v.From) + k
	}
	panic("sla: the day has fewer open seconds")
}

// dayAndShift returns the hours of a day, and the open seconds that the rules
// before it add to the grid.
func (w *wall) dayAndShift(number int64) (*day, int64) {
	lo, hi := 0, len(w.rules) // the first rule on the day or after it
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if w.rules[mid].number < number {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	var shift int64
	if lo > 0 {
		shift = w.rules[lo-1].shift
	}
	if lo < len(w.rules) && w.rules[lo].number == number {
		return &w.rules[lo].day, shift
	}
	_, dow := weekAndDay(number)
	return &w.week[dow], shift
}

// gridBefore counts the open seconds of the bare grid before a day.
func (w *wall) gridBefore(number int64) int64 {
	week, dow := weekAndDay(number)
	return week*w.weekBefore[7] + w.weekBefore[dow]
}

// epochWeekday is the weekday of 1970-01-01, from Sunday.
const epochWeekday = 4

// weekAndDay splits a day number into a week, counted from the one that holds
// 1970-01-01, and a weekday from Sunday.
func weekAndDay(number int64) (week, dow int64) {
	week = floorDiv(number+epochWeekday, 7)
	return week, number + epochWeekday - week*7
}

// floorDiv divides, rounding down also below zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
