package sla

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"pishkhan/internal/fault"
)

// Holidays are the days off that an iCalendar file tells of.
type Holidays struct {
	Rules   []DateRule // closed all day, in the order of time, one a date
	Skipped []Skipped
}

// Skipped is an event of the file that makes no holiday.
type Skipped struct {
	Name   string
	Start  string // as the file has it
	Reason SkipReason
}

// SkipReason says why an event makes no holiday.
type SkipReason string

// The reasons.
const (
	TimedEvent     SkipReason = "timed"     // it has hours: only whole days are taken
	RepeatingEvent SkipReason = "repeats"   // in another way than every year on one date
	CancelledEvent SkipReason = "cancelled" // its status
	UnclearEvent   SkipReason = "unclear"   // its dates cannot be read
	LongEvent      SkipReason = "long"      // more than MaxEventDays
	FarEvent       SkipReason = "far"       // outside the years that the Jalali calendar is known for
)

// MaxHolidayFile, in bytes, bounds an iCalendar file; MaxEventDays the days of
// one event: a longer one is a season, not a holiday.
const (
	MaxHolidayFile = 1 << 20
	MaxEventDays   = 31
)

// maxHolidays bounds the days that one file closes.
const maxHolidays = 2000

// ParseHolidays reads the all-day events of an iCalendar file (RFC 5545) as
// closed dates, the tentative ones as provisional. Events of several days are
// several dates; those that come back every year are taken until the given
// date. All others are listed as skipped. Two events of one date make one
// holiday with both names, confirmed when either is. Faults: TooLarge
// (sla.error.ics_large), and Invalid with the field file (sla.error.ics, or
// sla.error.ics_many).
func ParseHolidays(data []byte, until Date) (Holidays, error) {
	if len(data) > MaxHolidayFile {
		return Holidays{}, fault.New(fault.TooLarge, "sla.error.ics_large", "max", MaxHolidayFile)
	}
	lines, err := calendarLines(data)
	if err != nil {
		return Holidays{}, err
	}
	file, err := ics.ParseCalendar(bytes.NewReader(lines))
	if err != nil {
		return Holidays{}, notCalendar(err)
	}
	var found Holidays
	days := map[int64]DateRule{}
	for _, event := range file.Events() {
		e := readEvent(event)
		dates, reason := e.dates(until)
		if reason != "" {
			found.Skipped = append(found.Skipped, Skipped{Name: e.name, Start: e.start, Reason: reason})
			continue
		}
		for _, day := range dates {
			days[day] = merged(days, day, DateRule{Date: dateOfDay(day).InJalali(), Name: e.name, Provisional: e.tentative})
		}
		if len(days) > maxHolidays {
			return Holidays{}, fault.Fields{{Name: "file", Key: "sla.error.ics_many", Args: []any{"max", maxHolidays}}}.Err()
		}
	}
	for _, rule := range days {
		found.Rules = append(found.Rules, rule)
	}
	slices.SortFunc(found.Rules, func(a, b DateRule) int { return a.Date.Compare(b.Date) })
	return found, nil
}

func notCalendar(cause error) error {
	f := fault.Fault{Kind: fault.Invalid, Key: "fault.invalid", Fields: fault.Fields{{Name: "file", Key: "sla.error.ics"}}}
	return f.Because(cause)
}

// merged adds a holiday to those that the file has told of on its date.
func merged(days map[int64]DateRule, day int64, rule DateRule) DateRule {
	before, twice := days[day]
	if !twice || before.Name == rule.Name {
		rule.Provisional = rule.Provisional && (!twice || before.Provisional)
		return rule
	}
	before.Provisional = before.Provisional && rule.Provisional
	if before.Name == "" {
		before.Name = rule.Name
	} else if !slices.Contains(strings.Split(before.Name, " / "), rule.Name) && rule.Name != "" {
		before.Name = clipName(before.Name + " / " + rule.Name)
	}
	return before
}

// MarshalHolidays writes the days that the calendar closes as an iCalendar
// file: an all-day event each, tentative where it is provisional, under an
// identity that stays with the date. stamp is when the calendar was made;
// unnamed is what a day without a name is called.
func MarshalHolidays(c Calendar, stamp time.Time, unnamed string) []byte {
	file := ics.NewCalendarFor("Pishkhan")
	file.SetProductId("-//Pishkhan//Working calendar//EN")
	file.SetCalscale("GREGORIAN")
	rules := slices.Clone(c.Dates)
	slices.SortFunc(rules, func(a, b DateRule) int { return a.Date.Compare(b.Date) })
	for _, rule := range rules {
		if !rule.Closed() {
			continue
		}
		event := file.AddEvent("holiday-" + basic(rule.Date) + "@pishkhan")
		event.SetDtStampTime(stamp.UTC())
		event.SetProperty(ics.ComponentPropertyDtStart, basic(rule.Date), ics.WithValue("DATE"))
		event.SetProperty(ics.ComponentPropertyDtEnd, basic(rule.Date.AddDays(1)), ics.WithValue("DATE"))
		event.SetStatus(ics.ObjectStatusConfirmed)
		if rule.Provisional {
			event.SetStatus(ics.ObjectStatusTentative)
		}
		event.SetSummary(unnamed)
		if rule.Name != "" {
			event.SetSummary(rule.Name)
		}
		event.SetTimeTransparency(ics.TransparencyTransparent)
	}
	return []byte(file.Serialize(ics.WithNewLineWindows))
}

// basic writes a date as iCalendar does: 20261122.
func basic(d Date) string {
	d = d.Gregorian()
	return fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day)
}

// MaxName bounds what a date is called, in letters.
const MaxName = 200

// cleanName keeps a name on one line, as long as a name may be.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return clipName(strings.Join(strings.Fields(s), " "))
}

func clipName(s string) string {
	letters := []rune(s)
	if len(letters) <= MaxName {
		return s
	}
	return strings.TrimSpace(string(letters[:MaxName-1])) + "…"
}
