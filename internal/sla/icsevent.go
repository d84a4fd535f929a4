package sla

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

// icsEvent is what counts of an event of an iCalendar file.
type icsEvent struct {
	name, start, end, length string
	wholeDays                bool
	status, rule             string
	tentative                bool
	series                   bool // with exceptions, or one of a series
}

func readEvent(event *ics.VEvent) icsEvent {
	value := func(name ics.ComponentProperty) string {
		if p := event.GetProperty(name); p != nil {
			return strings.TrimSpace(p.Value)
		}
		return ""
	}
	e := icsEvent{
		name: cleanName(value(ics.ComponentPropertySummary)), start: value(ics.ComponentPropertyDtStart), end: value(ics.ComponentPropertyDtEnd),
		length: value(ics.ComponentPropertyDuration), status: strings.ToUpper(value(ics.ComponentPropertyStatus)),
		rule: strings.ToUpper(value(ics.ComponentPropertyRrule)),
	}
	e.tentative = e.status == string(ics.ObjectStatusTentative)
	e.wholeDays = !strings.Contains(e.start, "T")
	for _, name := range []ics.ComponentProperty{ics.ComponentPropertyExdate, ics.ComponentPropertyRdate, ics.ComponentProperty(ics.PropertyRecurrenceId)} {
		e.series = e.series || event.HasProperty(name)
	}
	return e
}

// dates are the day numbers of the event, or why it has none.
func (e icsEvent) dates(until Date) ([]int64, SkipReason) {
	switch {
	case e.status == string(ics.ObjectStatusCancelled):
		return nil, CancelledEvent
	case e.start == "":
		return nil, UnclearEvent
	case !e.wholeDays:
		return nil, TimedEvent
	case e.series:
		return nil, RepeatingEvent
	}
	first, ok := readBasic(e.start)
	if !ok {
		return nil, UnclearEvent
	}
	days, ok := e.days(first)
	if !ok {
		return nil, UnclearEvent
	}
	if days > MaxEventDays {
		return nil, LongEvent
	}
	starts := []Date{first}
	if e.rule != "" {
		if starts, ok = yearly(first, e.rule, until); !ok {
			return nil, RepeatingEvent
		}
	}
	var all []int64
	for _, start := range starts {
		for i := range days {
			day := start.dayNumber() + int64(i)
			if !inJalaliYears(day) {
				return nil, FarEvent
			}
			all = append(all, day)
		}
	}
	return all, ""
}

// days is how long the event is; one without an end lasts a day.
func (e icsEvent) days(first Date) (int, bool) {
	switch {
	case e.end != "":
		end, ok := readBasic(e.end)
		days := end.dayNumber() - first.dayNumber()
		return int(max(days, 1)), ok && days >= 0 // some programs end an event on its own day
	case e.length != "":
		number, unit := strings.TrimPrefix(strings.TrimPrefix(e.length, "+"), "P"), 1
		if weeks, ok := strings.CutSuffix(number, "W"); ok {
			number, unit = weeks, 7
		} else if number, ok = strings.CutSuffix(number, "D"); !ok {
			return 0, false
		}
		n, ok := number9(number)
		return n * unit, ok && n > 0
	}
	return 1, true
}

// yearly are the dates on which an event comes back until a date, when it
// does so every year, or every few, on its own date.
func yearly(first Date, rule string, until Date) ([]Date, bool) {
	interval, count := 1, -1
	for _, part := range strings.Split(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		n, isNumber := number9(value)
		ok := true
		switch name {
		case "FREQ":
			ok = value == "YEARLY"
		case "INTERVAL":
			interval, ok = n, isNumber && n > 0
		case "COUNT":
			count, ok = n, isNumber && n > 0
		case "UNTIL":
			var last Date
			last, ok = readBasic(value[:min(8, len(value))])
			if ok && last.Compare(until) < 0 {
				until = last
			}
		case "BYMONTH":
			ok = isNumber && n == first.Month
		case "BYMONTHDAY":
			ok = isNumber && n == first.Day
		case "WKST", "":
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	if !strings.Contains(rule, "FREQ=YEARLY") {
		return nil, false
	}
	starts := []Date{}
	for year := first.Year; year <= until.Gregorian().Year && count != 0; year += interval {
		date := Date{Year: year, Month: first.Month, Day: first.Day}
		if date.flaw() != "" { // 29 February
			continue
		}
		if date.Compare(until) > 0 {
			break
		}
		starts = append(starts, date)
		count--
	}
	return starts, true
}

// readBasic reads 20261122.
func readBasic(s string) (Date, bool) {
	n, ok := number9(s)
	d := Date{Year: n / 10000, Month: n / 100 % 100, Day: n % 100}
	return d, ok && len(s) == 8 && d.flaw() == ""
}

// number9 reads a number of up to nine digits.
func number9(s string) (int, bool) {
	if len(s) > 9 {
		return 0, false
	}
	return number(s)
}

func inJalaliYears(day int64) bool {
	first, last := Date{Year: firstJalaliYear, Month: 1, Day: 1, Jalali: true}, Date{Year: lastJalaliYear, Month: 12, Day: 29, Jalali: true}
	return day >= first.dayNumber() && day <= last.dayNumber()
}

// wanted are the lines of an iCalendar file that are read; the others do not
// reach the parser, whatever they hold.
var wanted = []string{"BEGIN", "END", "SUMMARY", "DTSTART", "DTEND", "DURATION", "STATUS", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}

// A line and the nesting of an iCalendar file may be so long and so deep: the
// parser's work grows with the square of the one, its stack with the other.
const maxICSLine, maxICSDepth = 4000, 8

// calendarLines unfolds an iCalendar file and keeps the lines that count.
// Parameters are dropped: whether an event has hours shows in its start.
func calendarLines(data []byte) ([]byte, error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	text = strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "").Replace(text) // lines may be folded within a letter
	if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
		return nil, notCalendar(errors.New("not a text in UTF-8"))
	}
	var kept bytes.Buffer
	depth := 0
	for n, line := range strings.Split(text, "\n") {
		name := strings.ToUpper(strings.TrimSpace(line[:nameEnd(line)]))
		if !slices.Contains(wanted, name) {
			continue
		}
		value, ok := lineValue(line)
		if !ok || len(value) > maxICSLine {
			return nil, notCalendar(errors.New("line " + strconv.Itoa(n+1) + " cannot be read"))
		}
		if name == "BEGIN" || name == "END" {
			value = strings.ToUpper(strings.TrimSpace(value))
		}
		if name == "BEGIN" {
			depth++
		} else if name == "END" {
			depth--
		}
		if depth > maxICSDepth {
			return nil, notCalendar(errors.New("nested too deep"))
		}
		kept.WriteString(name + ":" + value + "\r\n")
	}
	if !bytes.HasPrefix(kept.Bytes(), []byte("BEGIN:VCALENDAR\r\n")) || depth != 0 {
		return nil, notCalendar(errors.New("no whole calendar"))
	}
	return kept.Bytes(), nil
}

func nameEnd(line string) int {
	if i := strings.IndexAny(line, ":;"); i >= 0 {
		return i
	}
	return len(line)
}

// lineValue is what follows the first colon outside quotes.
func lineValue(line string) (string, bool) {
	quoted := false
	for i := range len(line) {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				return strings.TrimRight(line[i+1:], "\r"), true
			}
		}
	}
	return "", false
}
