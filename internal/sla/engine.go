package sla

import (
	"math"
	"time"
)

// Engine is a calendar made ready for counting. It never changes, and may be
// used by any number of goroutines. None of its counting walks over days:
// closed weeks cost nothing, and there is no horizon after which it is wrong.
type Engine struct {
	loc     *time.Location
	wall    *wall
	changes []stretch // the zone's offsets, in order

	// A zone that changes its offset every year repeats itself from
	// cycleStart on, every fourCenturies: after as many open seconds as
	// cycleOpen. Zero for a zone whose last offset lasts for ever.
	cycleStart, cycleEnd   int64 // Unix seconds
	cycleBefore, cycleOpen int64 // open seconds before cycleStart, and from there to cycleEnd
}

// Prepare makes a calendar ready for counting. It returns the faults of Check.
func Prepare(c Calendar) (*Engine, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	loc, err := c.location()
	if err != nil {
		return nil, err
	}
	e := &Engine{loc: loc, wall: newWall(c)}
	repeats := time.Date(ruleYear, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	if n := len(e.wall.rules); n > 0 {
		repeats = max(repeats, (e.wall.rules[n-1].number+7)*secondsPerDay)
	}
	changes, final := stretches(loc, repeats+fourCenturies+2*366*secondsPerDay) // so that the cycle's last stretch has an end
	for i := 1; i < len(changes); i++ {
		s, last := &changes[i], changes[i-1]
		here, _, _ := e.wall.before(s.start + last.offset)
		there, _, _ := e.wall.before(s.start + s.offset)
		s.before = here + last.shift
		s.shift = s.before - there
	}
	changes[0].start, changes[0].before = math.MinInt64, math.MinInt64
	e.changes = changes
	end, _ := e.openBefore(repeats + fourCenturies)
	if !final {
		e.cycleStart, e.cycleEnd = repeats, repeats+fourCenturies
		e.cycleBefore, _ = e.openBefore(repeats)
		e.cycleOpen = end - e.cycleBefore
	}
	if e.wall.weekBefore[7] == 0 && end == 0 { // its only windows lie in hours that the zone skipped
		return nil, neverOpen.Err()
	}
	return e, nil
}

// Location returns the calendar's time zone.
func (e *Engine) Location() *time.Location { return e.loc }

// Due returns the instant at which budget of open time has passed since
// start: the earliest such instant, so that work which ends exactly at closing
// is due at the closing instant. It is false when the calendar has less open
// time left than that, which happens only when its week is empty and all its
// open time lies in date rules. A budget of zero, or a negative one, is due at
// the first open instant from start on.
func (e *Engine) Due(start time.Time, budget time.Duration) (time.Time, bool) {
	done, part := e.passed(start)
	budget = max(budget, 0)
	done += int64(budget / time.Second)
	if part += budget % time.Second; part >= time.Second {
		done++
		part -= time.Second
	}
	var due int64
	var ok bool
	if budget > 0 && part == 0 { // the end of an open second, not the start of the next
		due, ok = e.nth(done - 1)
		due++
	} else {
		due, ok = e.nth(done)
	}
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(due, int64(part)).In(e.loc), true
}

// Elapsed returns the open time from one instant to another, negative when
// the second comes first. Like every time.Duration it ends at about 292 years.
func (e *Engine) Elapsed(from, to time.Time) time.Duration {
	a, aPart := e.passed(from)
	b, bPart := e.passed(to)
	seconds, part := b-a, bPart-aPart
	if most := int64(math.MaxInt64/time.Second) - 1; seconds > most {
		return math.MaxInt64
	} else if seconds < -most {
		return math.MinInt64
	}
	return time.Duration(seconds)*time.Second + part
}

// Remaining returns the open time from now until due; negative is how much
// working time has passed since.
func (e *Engine) Remaining(now, due time.Time) time.Duration { return e.Elapsed(now, due) }

// OpenAt reports whether t is working time. A closing instant is not.
func (e *Engine) OpenAt(t time.Time) bool {
	_, open := e.openBefore(t.Unix())
	return open
}

// NextOpening returns the first open instant from t on: t itself when it is
// open. It is false when there is none.
func (e *Engine) NextOpening(t time.Time) (time.Time, bool) { return e.Due(t, 0) }

// passed returns the open time before t: whole seconds, and the part of t's
// own second when that is open.
func (e *Engine) passed(t time.Time) (seconds int64, part time.Duration) {
	seconds, open := e.openBefore(t.Unix())
	if open {
		part = time.Duration(t.Nanosecond())
	}
	return seconds, part
}

// openBefore counts the open seconds before the second that starts at the
// given instant, and reports whether that second is open.
func (e *Engine) openBefore(unix int64) (count int64, open bool) {
	unix, cycles := e.intoCycle(unix)
	s := &e.changes[e.stretchAt(unix)]
	count, _, open = e.wall.before(unix + s.offset)
	return count + s.shift + cycles*e.cycleOpen, open
}

// nth returns the open second before which there are exactly k.
func (e *Engine) nth(k int64) (unix int64, ok bool) {
	var cycles int64
	if e.cycleEnd != 0 && k >= e.cycleBefore+e.cycleOpen {
		if e.cycleOpen == 0 {
			return 0, false
		}
		cycles = (k - e.cycleBefore) / e.cycleOpen
		k -= cycles * e.cycleOpen
	}
	lo, hi := 0, len(e.changes)-1 // the last stretch with before <= k
	if e.changes[hi].before <= k {
		lo = hi
	}
	for lo < hi {
		mid := int(uint(lo+hi+1) / 2)
		if e.changes[mid].before <= k {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	s := &e.changes[lo]
	second, ok := e.wall.nth(k - s.shift)
	return second - s.offset + cycles*fourCenturies, ok
}

// offsetAt returns the offset in force at an instant, and the instant at which
// the next one comes into force.
func (e *Engine) offsetAt(unix int64) (offset, until int64) {
	unix, cycles := e.intoCycle(unix)
	i := e.stretchAt(unix)
	until = math.MaxInt64
	if i+1 < len(e.changes) {
		until = e.changes[i+1].start + cycles*fourCenturies
	}
	return e.changes[i].offset, until
}

// intoCycle moves an instant back by whole cycles into the known stretches.
func (e *Engine) intoCycle(unix int64) (known, cycles int64) {
	if e.cycleEnd != 0 && unix >= e.cycleEnd {
		cycles = (unix - e.cycleStart) / fourCenturies
	}
	return unix - cycles*fourCenturies, cycles
}

// stretchAt returns the index of the stretch that holds an instant.
func (e *Engine) stretchAt(unix int64) int {
	lo, hi := 0, len(e.changes)-1
	if e.changes[hi].start <= unix { // most zones keep their last offset
		lo = hi
	}
	for lo < hi {
		mid := int(uint(lo+hi+1) / 2)
		if e.changes[mid].start <= unix {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}
