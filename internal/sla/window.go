package sla

import (
	"fmt"
	"strings"

	"pishkhan/internal/fault"
)

// Window is a stretch of a day's wall clock that is open: its first second is
// in it, its last is not.
type Window struct {
	From, To TimeOfDay
}

// TimeOfDay is a reading of the wall clock, in seconds since 00:00. 24:00 is
// the end of the day. It is not a length of time: a day may repeat or skip an
// hour.
type TimeOfDay int

// EndOfDay is 24:00.
const EndOfDay TimeOfDay = 24 * 60 * 60

// ParseWindow reads "08:30-17:00", in ASCII, Persian or Arabic digits. It
// returns an Invalid fault (sla.error.window_format) for anything that is not
// two times; Check judges whether they make a sound window.
func ParseWindow(s string) (Window, error) {
	from, to, _ := strings.Cut(asciiDigits(strings.TrimSpace(s)), "-")
	f, ok1 := parseTimeOfDay(from)
	t, ok2 := parseTimeOfDay(to)
	if !ok1 || !ok2 {
		return Window{}, fault.New(fault.Invalid, "sla.error.window_format", "window", s)
	}
	return Window{From: f, To: t}, nil
}

// ParseWindows reads the windows of a day as people type them: "8:30–12:00,
// 12:30 تا 17:00", in any digits. Nothing typed is no window: the day is
// closed. It returns the fault of the first that cannot be read.
func ParseWindows(s string) (windows []Window, err error) {
	separated := func(r rune) bool { return strings.ContainsRune(",،;؛\n", r) }
	for _, part := range strings.FieldsFunc(s, separated) {
		typed := strings.Join(strings.Fields(invisible.Replace(part)), "")
		if typed == "" {
			continue
		}
		from, to, _ := strings.Cut(dashes.Replace(asciiDigits(typed)), "-")
		w, err := ParseWindow(padded(from) + "-" + padded(to))
		if err != nil {
			return nil, fault.New(fault.Invalid, "sla.error.window_format", "window", strings.TrimSpace(part))
		}
		windows = append(windows, w)
	}
	return windows, nil
}

// What people put between two times, and marks that nobody sees.
var (
	dashes    = strings.NewReplacer("–", "-", "—", "-", "−", "-", "تا", "-", "to", "-")
	invisible = strings.NewReplacer("\u200c", "", "\u200e", "", "\u200f", "", "\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "",
		"\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "")
)

// padded writes an hour with two digits: "8:30" is "08:30", and "8" is "08:00".
func padded(s string) string {
	hour, minute, given := strings.Cut(s, ":")
	if !given {
		minute = "00"
	}
	if len(hour) == 1 {
		hour = "0" + hour
	}
	return hour + ":" + minute
}

// String writes the window as the calendar file does: "08:30-17:00".
func (w Window) String() string { return w.From.String() + "-" + w.To.String() }

// String writes "16:30", or "16:30:05" when there are seconds.
func (t TimeOfDay) String() string {
	if t%60 != 0 {
		return fmt.Sprintf("%02d:%02d:%02d", t/3600, t/60%60, t%60)
	}
	return fmt.Sprintf("%02d:%02d", t/3600, t/60%60)
}

// parseTimeOfDay reads HH:MM, from 00:00 to 24:00.
func parseTimeOfDay(s string) (TimeOfDay, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	hour, ok1 := number(s[:2])
	minute, ok2 := number(s[3:])
	t := TimeOfDay(hour*3600 + minute*60)
	return t, ok1 && ok2 && minute < 60 && t <= EndOfDay
}

// number reads decimal digits and nothing else: no sign, no space.
func number(s string) (n int, ok bool) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s != ""
}

// asciiDigits turns Persian and Arabic digits into ASCII ones.
func asciiDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '۰' <= r && r <= '۹':
			return r - '۰' + '0'
		case '٠' <= r && r <= '٩':
			return r - '٠' + '0'
		}
		return r
	}, s)
}
