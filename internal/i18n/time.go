package i18n

import (
	"strconv"
	"time"

	"pishkhan/internal/jalali"
)

// Date shows a day for lists, in Tehran: «۱۴۰۵/۰۷/۱۳» / "2026-10-05".
func (l Lang) Date(t time.Time) string {
	if l == EN {
		return t.In(jalali.Tehran).Format(time.DateOnly)
	}
	return l.Digits(jalali.FromTime(t).String())
}

// DateLong shows an instant in full, in Tehran:
// «دوشنبه ۱۳ مهر ۱۴۰۵، ساعت ۱۴:۰۵» / "Monday 5 October 2026, 14:05".
func (l Lang) DateLong(t time.Time) string {
	return l.T("time.date_long", "day", l.DayLong(t), "clock", l.Clock(t))
}

// DayLong shows a day in full, in Tehran: «دوشنبه ۱۳ مهر ۱۴۰۵» / "Monday 5 October 2026".
func (l Lang) DayLong(t time.Time) string {
	t = t.In(jalali.Tehran)
	if l == EN {
		return t.Format("Monday 2 January 2006")
	}
	d := jalali.FromTime(t)
	return jalali.WeekdayFA(t.Weekday()) + " " + l.Digits(strconv.Itoa(d.Day)) + " " + jalali.MonthFA(d.Month) + " " + l.Digits(strconv.Itoa(d.Year))
}

// Clock shows the time of day in Tehran: «۱۶:۴۰» / "16:40".
func (l Lang) Clock(t time.Time) string { return l.Digits(t.In(jalali.Tehran).Format("15:04")) }

// Duration shows working time in whole minutes, as words: «۲ ساعت و ۵ دقیقه» /
// "2 hours 5 minutes". Hours do not become days, because a working day has
// no fixed length. A negative duration shows its length: that it is late is
// the sentence's to say.
func (l Lang) Duration(d time.Duration) string {
	minutes := int64(d.Abs() / time.Minute)
	hours, rest := minutes/60, minutes%60
	switch {
	case minutes == 0:
		return l.T("unit.under_minute")
	case hours == 0:
		return l.T("unit.minute", "n", rest)
	case rest == 0:
		return l.T("unit.hour", "n", hours)
	}
	return l.T("unit.hours_minutes", "hours", l.T("unit.hour", "n", hours), "minutes", l.T("unit.minute", "n", rest))
}
