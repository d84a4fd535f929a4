package board

import (
	"time"

	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// slot is the stretch of due times that one bar counts.
const slot = 30 * time.Minute

// DayBars are the running orders of a working day by their due time.
type DayBars struct {
	Day  time.Time // its midnight in Tehran
	Bars []Bar
}

// Bar counts the orders due after one instant and not after another.
type Bar struct {
	From, To time.Time
	OnTime   int // will be done in time at today's pace
	WillBe   int // will be late
	Late     int // are late
}

// Total is how many are due then.
func (b Bar) Total() int { return b.OnTime + b.WillBe + b.Late }

// bars draws up today and the next working day, half hour by half hour of
// their hours. A deadline at a closing belongs to the half hour that it ends.
func bars(e *sla.Engine, now time.Time, list []running, f Forecast) []DayBars {
	doomed := make(map[orders.ID]bool, len(f.Late))
	for _, d := range f.Late {
		doomed[d.ID] = true
	}
	days := []time.Time{midnight(now)}
	if opening, ok := e.NextOpening(midnight(now).AddDate(0, 0, 1)); ok {
		days = append(days, midnight(opening))
	}
	var all []DayBars
	for _, day := range days {
		d := DayBars{Day: day, Bars: slots(e, day)}
		at := map[time.Time]*Bar{}
		for i := range d.Bars {
			at[d.Bars[i].From] = &d.Bars[i]
		}
		for _, r := range list {
			bar := at[slotOf(r.due)]
			switch {
			case bar == nil:
			case r.due.Before(now):
				bar.Late++
			case doomed[r.id]:
				bar.WillBe++
			default:
				bar.OnTime++
			}
		}
		all = append(all, d)
	}
	return all
}

// slots are the half hours of a day that have working time in them.
func slots(e *sla.Engine, day time.Time) []Bar {
	var list []Bar
	for _, s := range e.Segments(day, day.AddDate(0, 0, 1)) {
		for from := s.Start.Truncate(slot); from.Before(s.End); from = from.Add(slot) {
			if n := len(list); n == 0 || list[n-1].From.Before(from) {
				list = append(list, Bar{From: from.UTC(), To: from.Add(slot).UTC()})
			}
		}
	}
	return list
}

// slotOf is the beginning of the half hour that a due time belongs to.
func slotOf(due time.Time) time.Time { return due.Add(-1).Truncate(slot).UTC() }
