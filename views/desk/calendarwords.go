package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/sla"
)

// windowTexts writes windows as they are typed: "08:30-12:00, 12:30-17:00".
func windowTexts(windows []sla.Window) string {
	texts := make([]string, len(windows))
	for i, w := range windows {
		texts[i] = w.String()
	}
	return strings.Join(texts, ", ")
}

// hoursWords says the hours of a day in words: "08:30–13:00", or that it is closed.
func hoursWords(ctx context.Context, windows []sla.Window) string {
	if len(windows) == 0 {
		return i18n.T(ctx, "calendar.closed")
	}
	lang := i18n.LangOf(ctx)
	texts := make([]string, len(windows))
	for i, w := range windows {
		texts[i] = i18n.T(ctx, "calendar.window", "from", lang.Digits(w.From.String()), "to", lang.Digits(w.To.String()))
	}
	return list(ctx, texts)
}

// shortHours are a window as it fits a day of the month: "08:30–13:00".
func shortHours(ctx context.Context, w sla.Window) string {
	return i18n.LangOf(ctx).Digits(w.From.String() + "–" + w.To.String())
}

func monthName(ctx context.Context, n int) string {
	if i18n.LangOf(ctx) == i18n.EN {
		return jalali.MonthEN(n)
	}
	return jalali.MonthFA(n)
}

// monthTitle names a Jalali month; in English with the Gregorian ones that it
// lies in: "Azar 1405 (November – December 2026)".
func monthTitle(ctx context.Context, first sla.Date) string {
	lang := i18n.LangOf(ctx)
	title := monthName(ctx, first.Month) + " " + lang.Digits(strconv.Itoa(first.Year))
	if lang == i18n.FA {
		return title
	}
	from, to := first.Gregorian(), first.AddDays(jalali.MonthDays(first.Year, first.Month)-1).Gregorian()
	begin := time.Month(from.Month).String()
	if from.Year != to.Year {
		begin += " " + strconv.Itoa(from.Year)
	}
	return title + " (" + begin + " – " + time.Month(to.Month).String() + " " + strconv.Itoa(to.Year) + ")"
}

// dayNumber is a day's number in its month, in the reader's digits.
func dayNumber(ctx context.Context, d sla.Date) string {
	return i18n.LangOf(ctx).Digits(strconv.Itoa(d.Day))
}

// gregorianShort is the Gregorian date beside a Jalali one: "24 Nov".
func gregorianShort(d sla.Date) string { return noonOf(d).Format("2 Jan") }

// dateWords names a date: «سه‌شنبه ۳ آذر ۱۴۰۵» / "Tuesday 3 Azar 1405 (24 November 2026)".
func dateWords(ctx context.Context, d sla.Date) string {
	lang := i18n.LangOf(ctx)
	if g := d.Gregorian(); g.Year < 1926 || g.Year > 2118 { // outside the years that the Jalali calendar is known for
		return noonOf(d).Format("Monday 2 January 2006")
	}
	d = d.InJalali()
	day := jalali.WeekdayFA(d.Weekday())
	if lang == i18n.EN {
		day = jalali.WeekdayEN(d.Weekday())
	}
	words := day + " " + dayNumber(ctx, d) + " " + monthName(ctx, d.Month) + " " + lang.Digits(strconv.Itoa(d.Year))
	if lang == i18n.EN {
		words += " (" + noonOf(d).Format("2 January 2006") + ")"
	}
	return words
}

func noonOf(d sla.Date) time.Time {
	d = d.Gregorian()
	return time.Date(d.Year, time.Month(d.Month), d.Day, 12, 0, 0, 0, time.UTC)
}

func weekdayName(ctx context.Context, day time.Weekday) string {
	if i18n.LangOf(ctx) == i18n.EN {
		return jalali.WeekdayEN(day)
	}
	return jalali.WeekdayFA(day)
}

// weekdayShort fits above a narrow column.
func weekdayShort(ctx context.Context, day time.Weekday) string {
	return i18n.T(ctx, "calendar.weekday."+strings.ToLower(day.String()))
}

// changeWhat says what a change is about.
func changeWhat(ctx context.Context, c sla.Change) string {
	switch c.Kind {
	case sla.ZoneChange:
		return i18n.T(ctx, "calendar.zone")
	case sla.WeekdayChange:
		return i18n.T(ctx, "calendar.every", "day", weekdayName(ctx, c.Weekday))
	}
	return dateWords(ctx, c.Date)
}

// changeSides say what was and what is.
func changeSides(ctx context.Context, c sla.Change) (before, after string) {
	switch c.Kind {
	case sla.ZoneChange:
		return isolate(c.Zone[0]), isolate(c.Zone[1])
	case sla.WeekdayChange:
		return hoursWords(ctx, c.Before), hoursWords(ctx, c.After)
	}
	return ruleWords(ctx, c.Old, c.Before), ruleWords(ctx, c.New, c.After)
}

// ruleWords says what a date is: by its rule, or as the week has it.
func ruleWords(ctx context.Context, rule *sla.DateRule, hours []sla.Window) string {
	words := hoursWords(ctx, hours)
	if rule == nil {
		return i18n.T(ctx, "calendar.by_week", "hours", words)
	}
	if rule.Name != "" {
		words = i18n.T(ctx, "calendar.named", "hours", words, "name", isolate(rule.Name))
	}
	if rule.Provisional {
		words = i18n.T(ctx, "calendar.with_provisional", "what", words)
	}
	return words
}

func isolate(s string) string { return "\u2068" + s + "\u2069" }

// cellWords say all of a day to who does not see the month.
func cellWords(ctx context.Context, c cell) string {
	words := dateWords(ctx, c.date) + ": " + ruleWordsOrHours(ctx, c)
	if c.today {
		words += i18n.T(ctx, "desk.list_comma") + " " + i18n.T(ctx, "calendar.today")
	}
	if c.changed {
		words += i18n.T(ctx, "desk.list_comma") + " " + i18n.T(ctx, "calendar.changed")
	}
	return words
}

func ruleWordsOrHours(ctx context.Context, c cell) string {
	if c.rule == nil {
		return hoursWords(ctx, c.hours)
	}
	return ruleWords(ctx, c.rule, c.hours)
}
