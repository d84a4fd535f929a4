package deadline

import (
	"slices"
	"time"

	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// Past is what explains the deadlines of an order: its history and its
// clocks, oldest first, and the calendars that they name.
type Past struct {
	Events    []orders.Event
	Clocks    []orders.Clock
	Calendars map[int64]sla.Version
}

// Versions lists the calendars that a history names.
func Versions(events []orders.Event) []int64 {
	var ids []int64
	for _, e := range events {
		if note, ok := e.Clock(); ok && !slices.Contains(ids, note.VersionID) {
			ids = append(ids, note.VersionID)
		}
	}
	return ids
}

// Turn is what one event did to the clock of its order.
type Turn struct {
	orders.ClockNote
	Event    orders.Event
	From     time.Time     // the due time before, when the event moved one
	Before   *orders.Clock // that was stopped when a reopened order got this one
	calendar sla.Version
	changes  []sla.Change // of the calendar, in the days of this clock
}

// Turn returns what the event with index i did to the clock; ok is false when
// it did nothing, or when it is from before histories told.
func (p Past) Turn(i int) (t Turn, ok bool) {
	e := p.Events[i]
	note, ok := e.Clock()
	if !ok {
		return Turn{}, false
	}
	version, ok := p.Calendars[note.VersionID]
	if !ok {
		return Turn{}, false
	}
	zone := version.Engine.Location()
	note.Due, note.FirstDue = note.Due.In(zone), note.FirstDue.In(zone)
	t = Turn{ClockNote: note, Event: e, calendar: version}
	if from, _, ok := e.Moved(); ok {
		t.From = from.In(zone)
	}
	n := p.clockAt(i)
	switch {
	case e.Verb == orders.Reopen && n > 0 && n <= len(p.Clocks):
		t.Before = &p.Clocks[n-1]
	case e.Verb == orders.Retime && n < len(p.Clocks):
		t.changes = p.changes(i, p.Clocks[n].StartedAt)
	}
	return t, true
}

// clockAt returns the index of the clock that an event is about.
func (p Past) clockAt(i int) (n int) {
	for _, e := range p.Events[:i+1] {
		if e.Verb == orders.Reopen {
			n++
		}
	}
	return n
}

// changes returns what event i changed in the calendar, between the start of
// the clock and the later of its due times: all else did not move it.
func (p Past) changes(i int, start time.Time) []sla.Change {
	now, _ := p.Events[i].Clock()
	for j := i - 1; j >= 0; j-- {
		was, ok := p.Events[j].Clock()
		if !ok {
			continue
		}
		before, known := p.Calendars[was.VersionID]
		after := p.Calendars[now.VersionID]
		if !known {
			return nil
		}
		end := now.Due
		if from, _, ok := p.Events[i].Moved(); ok && from.After(end) {
			end = from
		}
		zone := after.Engine.Location()
		first, last := noon(dateOf(start.In(zone))), noon(dateOf(end.In(zone)))
		return slices.DeleteFunc(sla.Changes(before.Calendar, after.Calendar), func(c sla.Change) bool {
			return c.Kind == sla.DateChange && (noon(c.Date).Before(first) || noon(c.Date).After(last))
		})
	}
	return nil
}

// segments are the working time from the event to the due time; none unless
// the clock runs, and in time.
func (t Turn) segments() []sla.Segment {
	if t.State != orders.ClockRuns || t.late() {
		return nil
	}
	return t.calendar.Engine.Segments(t.Event.At, t.Due)
}

// promise is the due time as it was told then.
func (t Turn) promise() sla.Promise { return t.calendar.Engine.Promise(t.Event.At, t.Due) }

// late reports whether the deadline had passed when it happened.
func (t Turn) late() bool { return t.Event.At.After(t.Due) }

// extended reports whether a later time was agreed than the first promise.
func (t Turn) extended() bool { return !t.FirstDue.Equal(t.Due) }

// whole is the working time promised in all.
func (t Turn) whole() time.Duration { return t.Used + t.Left }

// told reports what the event says of itself.
func (t Turn) told(name string) bool { yes, _ := t.Event.Detail[name].(bool); return yes }

func (t Turn) agreed() string { how, _ := t.Event.Detail["agreed"].(string); return how }
