package deadline

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/sla"
)

// When says an instant as briefly as it stays clear to who reads at now: the
// weekday and the time, with the date when it is a week away or more. Seconds
// are told when there are any.
func When(ctx context.Context, t, now time.Time) string {
	now = now.In(t.Location())
	day, clock := t, clockOf(t)
	if midnight(t) {
		day, clock = t.Add(-time.Hour), sla.EndOfDay.String()
	}
	return i18n.T(ctx, "clockwords.when", "day", dayShort(ctx, dateOf(day), dateOf(now)), "clock", i18n.LangOf(ctx).Digits(clock)+zone(t))
}

// Length says working time with its seconds, in minutes up to two hours.
func Length(ctx context.Context, d time.Duration) string {
	d = d.Abs().Truncate(time.Second)
	hours, minutes, seconds := int64(0), int64(d/time.Minute), int64(d%time.Minute/time.Second)
	if d > 2*time.Hour {
		hours, minutes = minutes/60, minutes%60
	}
	words := ""
	for _, part := range []struct {
		n   int64
		key string
	}{{hours, "clockwords.length.hours"}, {minutes, "clockwords.length.minutes"}, {seconds, "clockwords.length.seconds"}} {
		switch {
		case part.n == 0:
		case words == "":
			words = i18n.T(ctx, part.key, "n", part.n)
		default:
			words = i18n.T(ctx, "clockwords.length.and", "more", words, "less", i18n.T(ctx, part.key, "n", part.n))
		}
	}
	if words == "" {
		return i18n.T(ctx, "clockwords.length.minutes", "n", 0)
	}
	return words
}

// dayShort names a day: by its weekday within a week of today, else with the date.
func dayShort(ctx context.Context, d, today sla.Date) string {
	name := weekday(ctx, d.Weekday())
	if i18n.LangOf(ctx) == i18n.EN {
		name = name[:3]
	}
	if away := noon(d).Sub(noon(today)); away.Abs() < 7*24*time.Hour {
		return name
	}
	return name + " " + dateShort(ctx, d, today)
}

// dateShort is a date as the language writes it, with the year unless it is this one.
func dateShort(ctx context.Context, d, today sla.Date) string {
	lang := i18n.LangOf(ctx)
	if lang == i18n.EN {
		if d = d.Gregorian(); d.Year == today.Gregorian().Year {
			return noon(d).Format("2 January")
		}
		return noon(d).Format("2 January 2006")
	}
	day, this := jalali.FromTime(noon(d)), jalali.FromTime(noon(today))
	words := strconv.Itoa(day.Day) + " " + jalali.MonthFA(day.Month)
	if day.Year != this.Year {
		words += " " + strconv.Itoa(day.Year)
	}
	return lang.Digits(words)
}

// dayLong names a day in full, as it is in the zone of t.
func dayLong(ctx context.Context, t time.Time) string {
	return i18n.LangOf(ctx).DayLong(noon(dateOf(t)))
}

func dateOf(t time.Time) sla.Date {
	return sla.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

// noon is the middle of a civil day, where the catalogues of words look for it.
func noon(d sla.Date) time.Time {
	d = d.Gregorian()
	return time.Date(d.Year, time.Month(d.Month), d.Day, 12, 0, 0, 0, jalali.Tehran)
}

func clockOf(t time.Time) string {
	if t.Second() == 0 {
		return t.Format("15:04")
	}
	return t.Format(time.TimeOnly)
}

func midnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

// zone names the zone of a time whose clock differs from Tehran's.
func zone(t time.Time) string {
	_, here := t.Zone()
	if _, tehran := t.In(jalali.Tehran).Zone(); here == tehran {
		return ""
	}
	return " (" + isolated(t.Location().String()) + ")"
}

func weekday(ctx context.Context, day time.Weekday) string {
	if i18n.LangOf(ctx) == i18n.EN {
		return jalali.WeekdayEN(day)
	}
	return jalali.WeekdayFA(day)
}

// isolated keeps a name, of whatever script, in order among other words.
func isolated(name string) string { return "\u2068" + name + "\u2069" }
