// Package jalali converts between the Persian (Solar Hijri) calendar and
// instants, in Tehran, and reads dates as people type them. The arithmetic
// is go-persian-calendar's, which agrees with the 33-year rule for the years
// accepted here.
package jalali

import (
	"fmt"
	"time"
	_ "time/tzdata" // a server image without a zone database still knows Tehran

	ptime "github.com/yaa110/go-persian-calendar"
)

// Tehran is the time zone of the business. Iran has kept no summer time
// since 1401, but dates of birth and old records fall into years that did.
var Tehran = tehran()

// MinYear and MaxYear bound the years for which the conversion is known to
// be right: 1925 to 2120.
const (
	MinYear = 1304
	MaxYear = 1498
)

// Date is a day of the Persian calendar, such as 1405/7/13.
type Date struct {
	Year, Month, Day int
}

// FromTime returns the day on which t falls in Tehran.
func FromTime(t time.Time) Date {
	year, month, day := t.In(Tehran).Date()
	p := ptime.New(time.Date(year, month, day, 12, 0, 0, 0, time.UTC))
	return Date{Year: p.Year(), Month: int(p.Month()), Day: p.Day()}
}

// ToTime returns the first instant of the day in Tehran. d must exist (see
// Valid).
func (d Date) ToTime() time.Time {
	noon := ptime.Date(d.Year, ptime.Month(d.Month), d.Day, 12, 0, 0, 0, time.UTC).Time()
	return startOfDay(noon.Date())
}

// Valid reports whether the day exists, in a year between MinYear and MaxYear.
func (d Date) Valid() bool {
	return d.Year >= MinYear && d.Year <= MaxYear &&
		d.Month >= 1 && d.Month <= 12 &&
		d.Day >= 1 && d.Day <= MonthDays(d.Year, d.Month)
}

// Weekday returns the day of the week. The week starts on Saturday.
func (d Date) Weekday() time.Weekday { return d.ToTime().Weekday() }

// IsLeap reports whether the year has 366 days: its Esfand has 30.
func IsLeap(year int) bool {
	return ptime.Date(year, ptime.Farvardin, 1, 12, 0, 0, 0, time.UTC).IsLeap()
}

// MonthDays returns how many days the month of the year has.
func MonthDays(year, month int) int {
	switch {
	case month <= 6:
		return 31
	case month <= 11 || IsLeap(year):
		return 30
	}
	return 29
}

// String returns the date with ASCII digits, such as "1405/07/13".
func (d Date) String() string { return fmt.Sprintf("%04d/%02d/%02d", d.Year, d.Month, d.Day) }

// startOfDay is midnight: one o'clock on the days on which summer time began
// at midnight, and the first of the two midnights of 5 August 1978.
func startOfDay(year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, Tehran)
	if t.Day() != day {
		return t.Add(time.Hour)
	}
	if earlier := t.Add(-time.Hour); earlier.Day() == day {
		return earlier
	}
	return t
}

func tehran() *time.Location {
	location, err := time.LoadLocation("Asia/Tehran")
	if err != nil {
		panic(err) // the zone database is compiled in
	}
	return location
}
