package sla

import "time"

// stretch is a time during which the zone keeps one offset from UTC. The open
// seconds before an instant u in it are wall.before(u+offset) + shift.
type stretch struct {
	start  int64 // Unix seconds; the first one has no start
	offset int64 // seconds east of UTC
	shift  int64
	before int64 // open seconds before start
}

// The years to walk a zone's history from, and the one from which every zone
// follows a yearly rule for ever: the longest list of single changes known
// (Morocco's Ramadans) ends in 2087.
const firstZoneYear, ruleYear = 1800, 2100

// fourCenturies is the period of the Gregorian calendar, a whole number of
// weeks: zones that change by a yearly rule repeat themselves after it.
const fourCenturies = 146097 * secondsPerDay

// stretches lists the zone's offsets from its beginning up to the given
// instant, and reports whether the last one lasts for ever.
func stretches(loc *time.Location, until int64) (all []stretch, final bool) {
	t := time.Date(firstZoneYear, 1, 1, 0, 0, 0, 0, time.UTC).In(loc)
	for t.Unix() < until {
		if _, offset := t.Zone(); len(all) == 0 || all[len(all)-1].offset != int64(offset) {
			all = append(all, stretch{start: t.Unix(), offset: int64(offset)})
		}
		_, end := t.ZoneBounds()
		if end.IsZero() {
			return all, true
		}
		if !end.After(t) { // the bounds of the last day of a leap year are a day short
			end = t.Add(time.Hour)
		}
		t = end
	}
	return all, false
}
