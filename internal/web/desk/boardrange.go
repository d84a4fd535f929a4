package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/jalali"
	view "pishkhan/views/desk"
)

// usualRange is what the report shows when nothing was chosen.
const usualRange = "7"

// mostDays bounds a range of one's own.
const mostDays = 400

// chosenRange reads the days that a report is about: the last so many until
// today, or from one date to another, in the calendar of either language.
// What cannot be read is said, and the usual range is shown.
func chosenRange(v visit, now time.Time) (r board.Range, chosen string, typed map[string]string, wrong []fault.Field) {
	if from, to := v.Query("from"), v.Query("to"); from != "" || to != "" {
		typed = map[string]string{"from": from, "to": to}
		var fields fault.Fields
		r.From, r.To = typedDay("from", from, &fields), typedDay("to", to, &fields)
		err := fields.Err()
		if err == nil && (r.To.ToTime().Before(r.From.ToTime()) || r.To.ToTime().Sub(r.From.ToTime()) > mostDays*24*time.Hour) {
			fields.Add("to", "board.error.range", "most", mostDays)
			err = fields.Err()
		}
		if err == nil {
			return r, "", nil, nil
		}
		wrong = fault.Of(err).Fields
	}
	chosen = v.Query("range")
	if !slices.Contains(view.Ranges, chosen) {
		chosen = usualRange
	}
	days, _ := strconv.Atoi(chosen)
	return lastDays(now, days), chosen, typed, wrong
}

func lastDays(now time.Time, days int) board.Range {
	today := jalali.FromTime(now)
	return board.Range{From: jalali.FromTime(today.ToTime().Add(12*time.Hour).AddDate(0, 0, 1-days)), To: today}
}

// typedDay reads a date of either calendar: no year is in both.
func typedDay(name, text string, wrong *fault.Fields) jalali.Date {
	if strings.HasPrefix(strings.TrimSpace(iran.WithoutMarks(iran.ASCIIDigits(text))), "20") {
		at, err := jalali.ParseGregorian(text)
		if err != nil {
			wrong.AddErr(name, err)
		}
		return jalali.FromTime(at.Add(12 * time.Hour))
	}
	day, err := jalali.Parse(text)
	if err != nil {
		wrong.AddErr(name, err)
	}
	return day
}
