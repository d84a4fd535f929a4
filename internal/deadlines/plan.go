package deadlines

import (
	"time"

	"pishkhan/internal/orders"
)

// fact is something that comes true of a promise at an instant.
type fact struct {
	Kind  Kind
	Level int // a warning's percentage, an escalation's working minutes late
	At    time.Time
}

// key is what makes a fact one: it is told once.
type key struct {
	clock int64
	kind  Kind
	level int
}

func (f fact) key(clock int64) key { return key{clock, f.Kind, f.Level} }

// plan returns what comes true of a clock while it runs on, and when. Nothing
// does on hold and after the end.
func plan(c orders.Clock, shares []int, steps []Step) []fact {
	if !c.Running() {
		return nil
	}
	var facts []fact
	for _, share := range shares {
		if at, ok := c.WarnAt(c.Calendar, share); ok && at.Before(c.DueAt) {
			facts = append(facts, fact{Warning, share, at})
		}
	}
	broken := brokenAt(c)
	facts = append(facts, fact{Breach, 0, broken})
	for _, step := range steps {
		at, ok := c.ReachAt(c.Calendar, c.Whole()+late(step.AfterMinutes))
		if !ok {
			continue
		}
		if at.Before(broken) {
			at = broken
		}
		facts = append(facts, fact{Escalation, step.AfterMinutes, at})
	}
	return facts
}

// brokenAt is the first instant, as the database counts them, at which the
// promise is broken: finished exactly at the due time is in time.
func brokenAt(c orders.Clock) time.Time { return c.DueAt.Add(time.Microsecond) }

func late(minutes int) time.Duration { return time.Duration(minutes) * time.Minute }

// slack is what holds may take off a clock: they forgive the fraction of a
// second in which they begin.
const slack = 2 * time.Second

// undone reports whether a turn of the clock has undone a fact: the deadline
// that passed is ahead again, or less of the promised time is used.
func undone(k key, c orders.Clock, now time.Time) bool {
	used := c.UsedAt(c.Calendar, now) + slack
	switch k.kind {
	case Warning:
		p := time.Duration(k.level)
		return used < c.Whole()/100*p+c.Whole()%100*p/100
	case Escalation:
		return !c.Breached(now) || used < c.Whole()+late(k.level)
	}
	return !c.Breached(now)
}
