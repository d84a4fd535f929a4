package sla

import (
	"time"

	"pishkhan/internal/fault"
)

// Clock is the state of one promise: so much working time, from the start
// until the work is finished, less the time on hold. It is a value: each verb
// returns the clock as it is afterwards.
//
// A later time that is agreed with the customer adds Extra to the budget; the
// first promise goes on to be judged beside it, for the record.
//
// It is running, on hold or stopped. Used is in whole seconds, as it is
// stored: a hold forgives the fraction of a second in which it begins.
type Clock struct {
	Budget       time.Duration // working time promised first
	Extra        time.Duration // working time agreed with the customer later, on top
	StartedAt    time.Time
	RunningSince time.Time     // the start or the last resume; zero on hold and when stopped
	Used         time.Duration // working time used before RunningSince
	PausedAt     time.Time     // the start of the present hold; zero when there is none
	DueAt        time.Time     // on hold it is the one before, and does not count
	FirstDueAt   time.Time     // what DueAt would be without Extra: the first promise
	StoppedAt    time.Time     // zero until finished
}

// Start returns a clock that runs from now. It returns an Invalid fault for a
// budget that is not positive (sla.error.budget) or that the calendar has not
// enough open time left for (sla.error.no_opening).
func Start(e *Engine, now time.Time, budget time.Duration) (Clock, error) {
	if budget <= 0 {
		return Clock{}, fault.New(fault.Invalid, "sla.error.budget", "seconds", int64(budget/time.Second))
	}
	return Clock{Budget: budget, StartedAt: now}.run(e, now)
}

// Hold stops the clock until Resume; the unused budget is kept. It returns a
// Conflict fault when the clock does not run (sla.error.not_running).
func (c Clock) Hold(e *Engine, now time.Time) (Clock, error) {
	if !c.Running() {
		return c, fault.New(fault.Conflict, "sla.error.not_running")
	}
	c.Used = c.UsedAt(e, now).Truncate(time.Second)
	c.RunningSince, c.PausedAt = time.Time{}, now
	return c, nil
}

// Resume ends a hold: the due times are computed anew from now. A deadline that
// had passed before the hold stays as it was: holding does not undo a breach.
// It returns a Conflict fault when the clock is not on hold
// (sla.error.not_held), and sla.error.no_opening as Start does.
func (c Clock) Resume(e *Engine, now time.Time) (Clock, error) {
	if !c.OnHold() {
		return c, fault.New(fault.Conflict, "sla.error.not_held")
	}
	return c.run(e, now)
}

// Extend moves the deadline to the instant until, as agreed with the customer:
// the working time up to then is added to the budget. The first promise stays
// on record as FirstDueAt. It returns a Conflict fault when the clock does not
// run (sla.error.not_running), and Invalid ones for an instant that is not
// after DueAt and now (sla.error.extension_earlier) or outside working time
// (sla.error.extension_closed); a closing instant is not outside.
func (c Clock) Extend(e *Engine, now, until time.Time) (Clock, error) {
	if !c.Running() {
		return c, fault.New(fault.Conflict, "sla.error.not_running")
	}
	if !until.After(c.DueAt) || !until.After(now) {
		return c, fault.New(fault.Invalid, "sla.error.extension_earlier", "due", c.DueAt)
	}
	whole := c.Used + e.Elapsed(c.RunningSince, until)
	if due, ok := e.Due(c.RunningSince, whole-c.Used); !ok || !due.Equal(until) {
		return c, fault.New(fault.Invalid, "sla.error.extension_closed", "until", until)
	}
	c.Extra, c.DueAt = whole-c.Budget, until
	return c, nil
}

// Stop ends the clock, for ever. It returns a Conflict fault when it has
// ended before (sla.error.stopped).
func (c Clock) Stop(e *Engine, now time.Time) (Clock, error) {
	if c.Stopped() {
		return c, fault.New(fault.Conflict, "sla.error.stopped")
	}
	c.Used = c.UsedAt(e, now).Truncate(time.Second)
	c.RunningSince, c.StoppedAt = time.Time{}, now
	return c, nil
}

// Reopen returns a new clock with the whole budget, and no extension, which has its own outcome;
// c stays as it was judged. It returns a Conflict fault when c has not ended
// (sla.error.not_stopped), and sla.error.no_opening as Start does.
func (c Clock) Reopen(e *Engine, now time.Time) (Clock, error) {
	if !c.Stopped() {
		return c, fault.New(fault.Conflict, "sla.error.not_stopped")
	}
	return Start(e, now, c.Budget)
}

// Running reports whether working time is being used.
func (c Clock) Running() bool { return !c.RunningSince.IsZero() }

// OnHold reports whether the clock waits to be resumed.
func (c Clock) OnHold() bool { return !c.PausedAt.IsZero() && !c.Stopped() }

// Stopped reports whether the clock has ended.
func (c Clock) Stopped() bool { return !c.StoppedAt.IsZero() }

// Breached reports whether the promise is broken by now: a fact of time, true
// from the first instant after DueAt, and never becoming true during a hold
// or after the end.
func (c Clock) Breached(now time.Time) bool { return c.judgedAt(now).After(c.DueAt) }

// FirstBreached is Breached for the first promise, whatever was agreed later.
func (c Clock) FirstBreached(now time.Time) bool { return c.judgedAt(now).After(c.FirstDueAt) }

// judgedAt returns the instant that decides by now: a hold and the end stop
// the judging.
func (c Clock) judgedAt(now time.Time) time.Time {
	switch {
	case !c.PausedAt.IsZero():
		return c.PausedAt
	case c.Stopped():
		return c.StoppedAt
	}
	return now
}

// Met reports whether the work was finished in time; exactly at DueAt is in
// time.
func (c Clock) Met() bool { return c.Stopped() && !c.Breached(c.StoppedAt) }

// Whole returns the working time promised in all.
func (c Clock) Whole() time.Duration { return c.Budget + c.Extra }

// UsedAt returns the working time used until now.
func (c Clock) UsedAt(e *Engine, now time.Time) time.Duration {
	if !c.Running() {
		return c.Used
	}
	return c.Used + max(e.Elapsed(c.RunningSince, now), 0)
}

// Remaining returns the working time left of the promise; negative is how much
// working time it is late by.
func (c Clock) Remaining(e *Engine, now time.Time) time.Duration {
	return c.Whole() - c.UsedAt(e, now)
}

// WarnAt returns the instant at which the given percentage of the promise is
// used, in working time. One that was reached before the last resume is due
// at once. It is false on hold and after the end: no warning is due then.
func (c Clock) WarnAt(e *Engine, percent int) (time.Time, bool) {
	p := time.Duration(percent)
	return c.ReachAt(e, c.Whole()/100*p+c.Whole()%100*p/100)
}

// ReachAt returns the instant at which the clock has used that much working
// time, as WarnAt does; Whole less half an hour is the warning at 30 working
// minutes left.
func (c Clock) ReachAt(e *Engine, used time.Duration) (time.Time, bool) {
	if !c.Running() {
		return time.Time{}, false
	}
	return e.Due(c.RunningSince, used-c.Used)
}

// run starts or resumes the clock at now.
func (c Clock) run(e *Engine, now time.Time) (Clock, error) {
	resumed := c
	resumed.RunningSince, resumed.PausedAt = now, time.Time{}
	var ok, firstOK = true, true
	if !c.OnHold() || !c.Breached(now) {
		resumed.DueAt, ok = e.Due(now, c.Whole()-c.Used)
	}
	if !c.OnHold() || !c.FirstBreached(now) {
		resumed.FirstDueAt, firstOK = e.Due(now, c.Budget-c.Used)
	}
	if !ok || !firstOK {
		return c, fault.New(fault.Invalid, "sla.error.no_opening")
	}
	return resumed, nil
}
