package catalog

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// When is a day that a definition names: "today", a distance from today in
// days, months or years ("+2y", "-18y", "+1d", "+6m"), or a Gregorian date
// ("2027-01-31").
type When string

var distance = regexp.MustCompile(`^([+-]\d{1,4})([dmy])$`)

// On returns the day that w means when today is the given day, at midnight
// UTC. It fails when w is none of the forms above.
func (w When) On(today time.Time) (time.Time, error) {
	day := day(today)
	if w == "today" {
		return day, nil
	}
	if m := distance.FindStringSubmatch(string(w)); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return time.Time{}, fmt.Errorf("read the distance %q: %w", string(w), err)
		}
		switch m[2] {
		case "d":
			return day.AddDate(0, 0, n), nil
		case "m":
			return day.AddDate(0, n, 0), nil
		default:
			return day.AddDate(n, 0, 0), nil
		}
	}
	return time.Parse(time.DateOnly, string(w))
}

func (w When) valid() bool {
	_, err := w.On(time.Time{})
	return err == nil
}

// day is the civil day of t in t's own zone, as midnight UTC.
func day(t time.Time) time.Time {
	year, month, d := t.Date()
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
