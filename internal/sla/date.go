package sla

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	ptime "github.com/yaa110/go-persian-calendar"

	"pishkhan/internal/fault"
)

// Date is a civil date as a person entered it, in the Gregorian or the Jalali
// calendar.
type Date struct {
	Year, Month, Day int
	Jalali           bool
}

// The Jalali years in which the conversion is known to be right.
const firstJalaliYear, lastJalaliYear = 1304, 1498

// ParseDate reads "2026-11-22" or, when jalali, "1405-12-29", in ASCII,
// Persian or Arabic digits. It returns an Invalid fault:
// sla.error.date_format, sla.error.date_unknown for a date that does not
// exist, or sla.error.date_range.
func ParseDate(s string, jalali bool) (Date, error) {
	parts := strings.Split(asciiDigits(strings.TrimSpace(s)), "-")
	if len(parts) != 3 || len(parts[0]) != 4 || len(parts[1]) != 2 || len(parts[2]) != 2 {
		return Date{}, fault.New(fault.Invalid, "sla.error.date_format", "date", s)
	}
	year, ok1 := number(parts[0])
	month, ok2 := number(parts[1])
	day, ok3 := number(parts[2])
	if !ok1 || !ok2 || !ok3 {
		return Date{}, fault.New(fault.Invalid, "sla.error.date_format", "date", s)
	}
	d := Date{Year: year, Month: month, Day: day, Jalali: jalali}
	if key := d.flaw(); key != "" {
		return Date{}, fault.New(fault.Invalid, key, "date", d.String())
	}
	return d, nil
}

// String writes the date as it was entered: YYYY-MM-DD in its own calendar.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Gregorian returns the same day in the Gregorian calendar.
func (d Date) Gregorian() Date {
	if !d.Jalali {
		return d
	}
	return dateOfDay(d.dayNumber())
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return weekdayOf(d.dayNumber()) }

// DateAt returns the Gregorian date that a calendar on the wall of t's location
// shows at t.
func DateAt(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: int(month), Day: day}
}

// Compare orders dates in time: negative when d comes before other, 0 for the
// same day, in whatever calendar each is written.
func (d Date) Compare(other Date) int { return cmp.Compare(d.dayNumber(), other.dayNumber()) }

// AddDays returns the date so many days later, in the same calendar.
func (d Date) AddDays(n int) Date {
	there := dateOfDay(d.dayNumber() + int64(n))
	if d.Jalali {
		return there.InJalali()
	}
	return there
}

// InJalali returns the same day in the Jalali calendar.
func (d Date) InJalali() Date {
	if d.Jalali {
		return d
	}
	p := ptime.New(d.midday())
	return Date{Year: p.Year(), Month: int(p.Month()), Day: p.Day(), Jalali: true}
}

// flaw returns the message key of what is wrong with the date, or "".
func (d Date) flaw() string {
	if d.Jalali && (d.Year < firstJalaliYear || d.Year > lastJalaliYear) || d.Year < 1 || d.Year > 9999 {
		return "sla.error.date_range"
	}
	if d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > 31 {
		return "sla.error.date_unknown"
	}
	t := d.midday()
	there := Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
	if d.Jalali {
		p := ptime.New(t)
		there = Date{Year: p.Year(), Month: int(p.Month()), Day: p.Day(), Jalali: true}
	}
	if there != d { // both libraries move 30 Esfand of a common year, or 31 February, on without a word
		return "sla.error.date_unknown"
	}
	return ""
}

// dayNumber counts days since 1970-01-01.
func (d Date) dayNumber() int64 { return floorDiv(d.midday().Unix(), secondsPerDay) }

func (d Date) midday() time.Time {
	if d.Jalali {
		return ptime.Date(d.Year, ptime.Month(d.Month), d.Day, 12, 0, 0, 0, time.UTC).Time()
	}
	return time.Date(d.Year, time.Month(d.Month), d.Day, 12, 0, 0, 0, time.UTC)
}

// dateOfDay returns the Gregorian date of a day number.
func dateOfDay(day int64) Date {
	year, month, dom := time.Unix(day*secondsPerDay, 0).UTC().Date()
	return Date{Year: year, Month: int(month), Day: dom}
}

// weekdayOf returns the weekday of a day number; 1970-01-01 was a Thursday.
func weekdayOf(day int64) time.Weekday {
	_, dow := weekAndDay(day)
	return time.Weekday(dow)
}
