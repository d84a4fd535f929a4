package deadline

import (
	"context"
	"slices"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
)

// changed names what differs in the hours of two versions of the calendar:
// "Thu 19 November (mourning) is closed"; "" when nothing does.
func changed(ctx context.Context, changes []sla.Change, now time.Time) string {
	var words []string
	for _, c := range changes {
		if c.Kind == sla.ZoneChange || !slices.Equal(c.Before, c.After) {
			words = append(words, change(ctx, c, now))
		}
	}
	return list(ctx, words)
}

func change(ctx context.Context, c sla.Change, now time.Time) string {
	var day string
	switch c.Kind {
	case sla.ZoneChange:
		return i18n.T(ctx, "clockwords.change.zone", "zone", isolated(c.Zone[1]))
	case sla.WeekdayChange:
		day = i18n.T(ctx, "clockwords.change.weekday", "day", weekday(ctx, c.Weekday))
	default:
		day = i18n.T(ctx, "clockwords.change.date", "day", weekday(ctx, c.Date.Weekday()), "date", dateShort(ctx, c.Date, dateOf(now)))
		if name := nameOf(c); name != "" {
			day = i18n.T(ctx, "clockwords.closed.named", "days", day, "name", isolated(name))
		}
	}
	if len(c.After) == 0 {
		return i18n.T(ctx, "clockwords.change.closed", "day", day)
	}
	hours := make([]string, len(c.After))
	for i, w := range c.After {
		lang := i18n.LangOf(ctx)
		hours[i] = i18n.T(ctx, "clockwords.change.window", "from", lang.Digits(w.From.String()), "to", lang.Digits(w.To.String()))
	}
	return i18n.T(ctx, "clockwords.change.open", "day", day, "hours", list(ctx, hours))
}

// nameOf is what the date is called, or was.
func nameOf(c sla.Change) string {
	if c.New != nil {
		return c.New.Name
	}
	if c.Old != nil {
		return c.Old.Name
	}
	return ""
}
