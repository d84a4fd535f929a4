package jalali

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
)

// Parse reads a Persian date as a person types it: year, month and day with
// slashes, dashes or points between, in ASCII, Persian or Arabic digits
// (۱۴۰۵/۰۷/۱۳, 1405-7-13).
//
// Faults, all Invalid: jalali.error.empty, format, range (the year is not
// between MinYear and MaxYear), no_such_day.
func Parse(text string) (Date, error) {
	year, month, day, err := split(text)
	if err != nil {
		return Date{}, err
	}
	if year < MinYear || year > MaxYear {
		return Date{}, fault.New(fault.Invalid, "jalali.error.range")
	}
	d := Date{Year: year, Month: month, Day: day}
	// The library turns 1404/12/30 into 1405/01/01 without a word, so the
	// date is also taken there and back.
	if !d.Valid() || FromTime(d.ToTime()) != d {
		return Date{}, fault.New(fault.Invalid, "jalali.error.no_such_day")
	}
	return d, nil
}

// ParseGregorian reads a Gregorian date (2026-10-05, ۲۰۲۶/۱۰/۵), as
// passports and tickets carry, by the rules of Parse. It returns the day's
// first instant in Tehran. Years from 1900 to 2199 are accepted.
//
// Faults, all Invalid: those of Parse, with jalali.error.gregorian_range.
func ParseGregorian(text string) (time.Time, error) {
	year, month, day, err := split(text)
	if err != nil {
		return time.Time{}, err
	}
	if year < 1900 || year > 2199 {
		return time.Time{}, fault.New(fault.Invalid, "jalali.error.gregorian_range")
	}
	noon := time.Date(year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
	if noon.Month() != time.Month(month) || noon.Day() != day {
		return time.Time{}, fault.New(fault.Invalid, "jalali.error.no_such_day")
	}
	return startOfDay(year, time.Month(month), day), nil
}

var threeNumbers = regexp.MustCompile(`^(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})$`)

func split(text string) (year, month, day int, err error) {
	text = strings.TrimSpace(iran.WithoutMarks(iran.ASCIIDigits(text)))
	if text == "" {
		return 0, 0, 0, fault.New(fault.Invalid, "jalali.error.empty")
	}
	parts := threeNumbers.FindStringSubmatch(text)
	if parts == nil {
		return 0, 0, 0, fault.New(fault.Invalid, "jalali.error.format")
	}
	return atoi(parts[1]), atoi(parts[2]), atoi(parts[3]), nil
}

// atoi reads what the expression has already found to be a few digits.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}
