package sla

import (
	"slices"
	"time"
)

// Promise is a deadline in the terms that people are told it in: "today until
// 16:30", "Saturday until 10:30, because Thursday afternoon and Friday are
// closed". It holds values; the words are chosen where it is shown.
type Promise struct {
	Due         time.Time // in the calendar's zone
	DayDistance int       // calendar days from now to Due, there: 0 today, 1 tomorrow
	Closed      []Closure // what makes it later than the usual hours would, in order
}

// Closure is working time that the usual hours would have had and that a day,
// or several days in a row for one reason, does not have.
type Closure struct {
	First, Last Date // Gregorian; the same for one day
	Part        Part
	Since, To   TimeOfDay // the closed part of the usual hours
	Name        string    // of the date rule; empty for the weekly grid
	Provisional bool
}

// Part is the part of a day that is closed.
type Part string

// The parts of a day.
const (
	WholeDay  Part = "day"
	Morning   Part = "morning"   // it opens later than usual
	Afternoon Part = "afternoon" // it closes earlier than usual
)

// maxClosedDays bounds how far a promise looks for its reasons: nobody reads
// further.
const maxClosedDays = 400

// Promise puts a deadline in words for somebody who reads it now. The usual
// hours are those from the earliest opening to the latest closing of the
// week; nights and lunch breaks are no reason for anything.
func (e *Engine) Promise(now, due time.Time) Promise {
	nowDay, nowAt := e.reading(now)
	dueDay, dueAt := e.reading(due)
	p := Promise{Due: due.In(e.loc), DayDistance: int(dueDay - nowDay)}
	from, to := e.usualHours()
	for day := nowDay; day <= min(dueDay, nowDay+maxClosedDays); day++ {
		for _, c := range e.closures(day, from, to) {
			if day == nowDay && c.To <= nowAt || day == dueDay && c.Since >= dueAt {
				continue // over by now, or not in the way
			}
			p.add(c)
		}
	}
	return p
}

// add appends a closure, or extends the last one by a day.
func (p *Promise) add(c Closure) {
	if n := len(p.Closed); n > 0 && c.Part == WholeDay {
		last := &p.Closed[n-1]
		if last.Part == WholeDay && last.Name == c.Name && last.Provisional == c.Provisional &&
			last.Last.dayNumber()+1 == c.First.dayNumber() {
			last.Last = c.Last
			return
		}
	}
	p.Closed = append(p.Closed, c)
}

// closures returns the parts of the usual hours at either end of a day that
// are closed on it.
func (e *Engine) closures(number int64, from, to TimeOfDay) []Closure {
	date := dateOfDay(number)
	c := Closure{First: date, Last: date, Part: WholeDay, Since: from, To: to}
	i, ruled := slices.BinarySearchFunc(e.wall.rules, number, func(r ruleDay, n int64) int { return int(r.number - n) })
	if ruled {
		c.Name, c.Provisional = e.wall.rules[i].rule.Name, e.wall.rules[i].rule.Provisional
	}
	hours, _ := e.wall.dayAndShift(number)
	if len(hours.windows) == 0 {
		return []Closure{c}
	}
	var all []Closure
	if opens := hours.windows[0].From; opens > from {
		morning := c
		morning.Part, morning.To = Morning, opens
		all = append(all, morning)
	}
	if closes := hours.windows[len(hours.windows)-1].To; closes < to {
		afternoon := c
		afternoon.Part, afternoon.Since = Afternoon, closes
		all = append(all, afternoon)
	}
	return all
}

// usualHours returns the earliest opening and the latest closing of the week;
// for an empty week, the whole day.
func (e *Engine) usualHours() (from, to TimeOfDay) {
	from, to = EndOfDay, 0
	for _, d := range e.wall.week {
		if n := len(d.windows); n > 0 {
			from, to = min(from, d.windows[0].From), max(to, d.windows[n-1].To)
		}
	}
	if from > to {
		return 0, EndOfDay
	}
	return from, to
}

// reading returns what the wall clock shows at an instant.
func (e *Engine) reading(t time.Time) (number int64, at TimeOfDay) {
	unix := t.Unix()
	offset, _ := e.offsetAt(unix)
	second := unix + offset
	number = floorDiv(second, secondsPerDay)
	return number, TimeOfDay(second - number*secondsPerDay)
}
