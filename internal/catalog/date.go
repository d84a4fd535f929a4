package catalog

import (
	"fmt"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
)

// readDate reads a day in the field's calendar, and keeps it as an ISO
// Gregorian date.
func (f Field) readDate(text string, today time.Time) (string, error) {
	date, err := f.parseDate(text)
	if err != nil {
		return "", err
	}
	if f.From != "" {
		from, err := f.From.On(today)
		if err != nil {
			return "", err
		}
		if date.Before(from) {
			return "", invalid("catalog.error.date_from", "date", f.shown(from))
		}
	}
	if f.Until != "" {
		until, err := f.Until.On(today)
		if err != nil {
			return "", err
		}
		if date.After(until) {
			return "", invalid("catalog.error.date_until", "date", f.shown(until))
		}
	}
	return date.Format(time.DateOnly), nil
}

// parseDate returns the day as midnight UTC.
func (f Field) parseDate(text string) (time.Time, error) {
	if f.Calendar == Jalali {
		date, err := jalali.Parse(text)
		if err != nil {
			return time.Time{}, err
		}
		return day(date.ToTime()), nil
	}
	date, err := jalali.ParseGregorian(text)
	if err != nil {
		return time.Time{}, err
	}
	return day(date), nil
}

// shown is a day as a message shows it: in the calendar that it is typed in.
func (f Field) shown(date time.Time) any {
	if f.Calendar == Jalali {
		return jalali.FromTime(inTehran(date))
	}
	latin := date.Format("2006/01/02")
	return i18n.Text{FA: i18n.FA.Digits(latin), EN: latin}
}

// inTehran is noon of the day there.
func inTehran(date time.Time) time.Time {
	year, month, d := date.Date()
	return time.Date(year, month, d, 12, 0, 0, 0, jalali.Tehran)
}

// dateOf reads a date that readDate kept.
func dateOf(kept string) (time.Time, error) {
	date, err := time.Parse(time.DateOnly, kept)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the kept date: %w", err)
	}
	return inTehran(date), nil
}
