package orders

import (
	"maps"
	"time"

	"pishkhan/internal/sla"
)

// ClockNote is how an order's clock stood after an event that turned it. It is
// kept with the event, so that the history can explain each deadline of then.
type ClockNote struct {
	VersionID int64 // of the calendar
	State     ClockState
	Due       time.Time // on hold and after the end: the one before
	FirstDue  time.Time // without what was agreed with the customer later
	Used      time.Duration
	Left      time.Duration // working time until Due; negative when late
}

// ClockState says what a clock does.
type ClockState string

// The states of a clock.
const (
	ClockRuns    ClockState = "running"
	ClockHeld    ClockState = "held"
	ClockStopped ClockState = "stopped"
)

// Clock returns how the clock stood after the event; ok is false for an event
// that did not turn it.
func (e Event) Clock() (note ClockNote, ok bool) {
	kept, ok := e.Detail["clock"].(map[string]any)
	if !ok {
		return ClockNote{}, false
	}
	number := func(name string) int64 { n, _ := kept[name].(float64); return int64(n) }
	state, _ := kept["state"].(string)
	return ClockNote{
		VersionID: number("calendar"), State: ClockState(state), Due: timeIn(kept, "due"), FirstDue: timeIn(kept, "first_due"),
		Used: time.Duration(number("used_seconds")) * time.Second, Left: time.Duration(number("left_seconds")) * time.Second,
	}, true
}

// Moved returns the due times before and after an event that moved one; ok is
// false for other events.
func (e Event) Moved() (from, to time.Time, ok bool) {
	from, to = timeIn(e.Detail, "from"), timeIn(e.Detail, "to")
	return from, to, !from.IsZero() && !to.IsZero()
}

func timeIn(detail map[string]any, name string) time.Time {
	text, _ := detail[name].(string)
	t, _ := time.Parse(time.RFC3339Nano, text)
	return t
}

// withClock returns the detail of an event with how it leaves the clock.
func withClock(detail map[string]any, c Clock, now time.Time) map[string]any {
	if detail = maps.Clone(detail); detail == nil {
		detail = map[string]any{}
	}
	detail["clock"] = noteOf(c, now)
	return detail
}

// noteOf is a ClockNote as an event keeps it.
func noteOf(c Clock, now time.Time) map[string]any {
	return map[string]any{
		"calendar": c.VersionID, "state": stateOf(c.Clock), "due": c.DueAt, "first_due": c.FirstDueAt,
		"used_seconds": int64(c.UsedAt(c.Calendar, now) / time.Second), "left_seconds": int64(c.Remaining(c.Calendar, now) / time.Second),
	}
}

func stateOf(c sla.Clock) ClockState {
	switch {
	case c.Stopped():
		return ClockStopped
	case c.OnHold():
		return ClockHeld
	}
	return ClockRuns
}
