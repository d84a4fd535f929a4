package sla

import "time"

// Segment is an unbroken stretch of working time that a deadline is made of.
// It lies within one window of one day and under one offset of the zone, so
// that its length is what the wall clock shows.
type Segment struct {
	Start, End time.Time     // instants, in the calendar's zone
	Date       Date          // Gregorian
	From, To   TimeOfDay     // the wall clock at Start and End; 24:00 for the end of a day
	Open       time.Duration // End - Start
}

// Explain returns the segments that make up a deadline: those of
// Due(start, budget). Their lengths add up to the budget. It returns nil
// when Due fails, and when there is no budget. Its length, unlike the work of
// Due, grows with the number of windows in between.
func (e *Engine) Explain(start time.Time, budget time.Duration) []Segment {
	due, ok := e.Due(start, budget)
	if !ok || budget <= 0 {
		return nil
	}
	return e.Segments(start, due)
}

// Segments returns the working time between two instants.
func (e *Engine) Segments(from, to time.Time) []Segment {
	var all []Segment
	for {
		open, ok := e.NextOpening(from)
		if !ok || !open.Before(to) {
			return all
		}
		s := e.segmentAt(open)
		if s.End.After(to) {
			s.To -= TimeOfDay(s.End.Unix() - to.Unix())
			s.End = to.In(e.loc)
		}
		s.Open = s.End.Sub(s.Start)
		all = append(all, s)
		from = s.End
	}
}

// segmentAt returns the segment from an open instant to the end of its window,
// or to the change of the zone's offset if that comes first.
func (e *Engine) segmentAt(open time.Time) Segment {
	unix := open.Unix()
	offset, until := e.offsetAt(unix)
	second := unix + offset
	day := floorDiv(second, secondsPerDay)
	at := TimeOfDay(second - day*secondsPerDay)
	_, window, _ := e.wall.before(second)
	end := min(unix+int64(window.To-at), until)
	return Segment{
		Start: open.In(e.loc), End: time.Unix(end, 0).In(e.loc),
		Date: dateOfDay(day), From: at, To: at + TimeOfDay(end-unix),
	}
}
