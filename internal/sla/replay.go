package sla

import "time"

// Hold is a time during which a clock waited for the customer. To is zero
// while it still does.
type Hold struct {
	From, To time.Time
}

// Replay judges a clock anew from what happened to it, in order: the way that
// an open clock moves to a new version of the calendar. extra is what was
// agreed later on top of the budget. It returns the faults of Start, and the
// conflicts of Hold and Resume when the holds overlap.
func Replay(e *Engine, start time.Time, budget, extra time.Duration, holds []Hold) (Clock, error) {
	c, err := Start(e, start, budget)
	if err == nil && extra > 0 {
		c.Extra = extra
		c, err = c.run(e, start)
	}
	for _, h := range holds {
		if err == nil {
			c, err = c.Hold(e, h.From)
		}
		if err == nil && !h.To.IsZero() {
			c, err = c.Resume(e, h.To)
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
