package sla

import (
	"time"

	"pishkhan/internal/fault"
)

// Hold is a time during which a clock waited for the customer. To is zero
// while it still does.
type Hold struct {
	From, To time.Time
}

// Replay judges a clock anew from what happened to it, in order: the way that
// an open clock moves to a new version of the calendar. extra is what was
// agreed later on top of the budget. It returns the faults of Start, and a
// Conflict for holds that cannot have happened so: one that begins before the
// clock started or before the last one ended (sla.error.not_running), or that
// ends before it began (sla.error.not_held).
func Replay(e *Engine, start time.Time, budget, extra time.Duration, holds []Hold) (Clock, error) {
	c, err := Start(e, start, budget)
	if err == nil && extra > 0 {
		c.Extra = extra
		c, err = c.run(e, start)
	}
	ran := start // since when it has run
	for _, h := range holds {
		switch {
		case err != nil:
			return c, err
		case h.From.Before(ran):
			return c, fault.New(fault.Conflict, "sla.error.not_running")
		case !h.To.IsZero() && h.To.Before(h.From):
			return c, fault.New(fault.Conflict, "sla.error.not_held")
		}
		c, err = c.Hold(e, h.From)
		if err == nil && !h.To.IsZero() {
			c, err = c.Resume(e, h.To)
			ran = h.To
		}
	}
	return c, err
}

// Segments returns the working time that makes up the clock, given its holds
// in order: up to its end, to DueAt while it runs, or to the hold that it is
// in.
func (c Clock) Segments(e *Engine, holds []Hold) []Segment {
	var all []Segment
	from := c.StartedAt
	for _, h := range holds {
		all = append(all, e.Segments(from, h.From)...)
		if h.To.IsZero() {
			return all
		}
		from = h.To
	}
	end := c.DueAt
	if c.Stopped() {
		end = c.StoppedAt
	}
	return append(all, e.Segments(from, end)...)
}
