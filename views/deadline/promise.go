// Package deadline puts deadlines into words, in the language of the context:
// what was promised, the working time that it is made of, and what each event
// of an order did to it. Times are told in the zone of the calendar.
package deadline

import (
	"context"
	"slices"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
)

// Promise says a promise as people do: "today until 16:30", "Saturday until
// 10:30, because Thursday afternoon and Friday are closed". When it is a week
// away or more, its weekends are no news.
func Promise(ctx context.Context, p sla.Promise) string { return because(ctx, Until(ctx, p), p) }

func because(ctx context.Context, until string, p sla.Promise) string {
	closed := slices.Clone(p.Closed)
	if p.DayDistance >= 7 {
		closed = slices.DeleteFunc(closed, func(c sla.Closure) bool { return c.Name == "" })
	}
	if len(closed) == 0 {
		return until
	}
	days := 0
	for _, c := range closed {
		if days++; c.First != c.Last {
			days++
		}
	}
	return i18n.T(ctx, "clockwords.promise.because", "until", until, "closed", Closures(ctx, closed), "n", days)
}

// Until is a promise without its reasons. Midnight is the end of the day
// before, as people speak of it.
func Until(ctx context.Context, p sla.Promise) string {
	day, clock, distance := p.Due, i18n.LangOf(ctx).Digits(p.Due.Format("15:04")), p.DayDistance
	if midnight(p.Due) {
		day, clock, distance = p.Due.Add(-time.Hour), i18n.LangOf(ctx).Digits(sla.EndOfDay.String()), distance-1
	}
	clock += zone(p.Due)
	switch {
	case distance == 0:
		return i18n.T(ctx, "clockwords.promise.today", "clock", clock)
	case distance == 1:
		return i18n.T(ctx, "clockwords.promise.tomorrow", "clock", clock)
	case distance > 1 && distance < 7:
		return i18n.T(ctx, "clockwords.promise.weekday", "day", weekday(ctx, day.Weekday()), "clock", clock)
	}
	return i18n.T(ctx, "clockwords.promise.date", "day", dayLong(ctx, day), "clock", clock)
}

// Closures names what is closed: "Thursday afternoon and Friday".
func Closures(ctx context.Context, closed []sla.Closure) string {
	words := make([]string, len(closed))
	for i, c := range closed {
		words[i] = closure(ctx, c)
	}
	return list(ctx, words)
}

func closure(ctx context.Context, c sla.Closure) string {
	first := weekday(ctx, c.First.Weekday())
	words := i18n.T(ctx, "clockwords.closed."+string(c.Part), "day", first)
	if c.First != c.Last {
		words = i18n.T(ctx, "clockwords.closed.days", "first", first, "last", weekday(ctx, c.Last.Weekday()))
	}
	if c.Name != "" {
		words = i18n.T(ctx, "clockwords.closed.named", "days", words, "name", isolated(c.Name))
	}
	return words
}

// list joins names as the language does: "a, b and c".
func list(ctx context.Context, items []string) string {
	if len(items) == 0 {
		return ""
	}
	words := items[0]
	for i, item := range items[1:] {
		key := "clockwords.list.more"
		if i == len(items)-2 {
			key = "clockwords.list.last"
		}
		words = i18n.T(ctx, key, "list", words, "item", item)
	}
	return words
}
