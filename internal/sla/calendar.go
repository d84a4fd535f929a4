package sla

import "time"

// DefaultZone is the time zone of a calendar that names none.
const DefaultZone = "Asia/Tehran"

// Calendar is the working hours of the company: what counts as working time.
// It is a plain value; Check says whether it is sound, and Prepare makes it
// ready for counting.
type Calendar struct {
	TimeZone string     // IANA name; empty means DefaultZone
	Week     Week       // the hours of an ordinary week
	Dates    []DateRule // dates that differ from it
}

// Week is the weekly grid: the windows of each weekday, by time.Weekday. A
// weekday without windows is closed.
type Week [7][]Window

// DateRule replaces the weekly grid on one date: a holiday, a half day, or
// hours on a day that is otherwise closed.
type DateRule struct {
	Date        Date
	Name        string   // what the day is called, for people; may be empty
	Windows     []Window // none: closed all day
	Provisional bool     // not certain yet, as a lunar holiday before the moon is sighted; it counts all the same
}

// Closed reports whether the date is closed all day.
func (r DateRule) Closed() bool { return len(r.Windows) == 0 }

// weekdays are the names of the calendar file, in the order of the Iranian week.
var weekdays = [7]struct {
	name string
	day  time.Weekday
}{
	{"saturday", time.Saturday},
	{"sunday", time.Sunday},
	{"monday", time.Monday},
	{"tuesday", time.Tuesday},
	{"wednesday", time.Wednesday},
	{"thursday", time.Thursday},
	{"friday", time.Friday},
}
