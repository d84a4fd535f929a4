package shop

import (
	"context"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/sla"
)

// promiseWords says a promise as people do: "today until 16:30", "Saturday
// until 10:30, because Thursday afternoon and Friday are closed".
func promiseWords(ctx context.Context, p sla.Promise) string {
	until := untilWords(ctx, p)
	if len(p.Closed) == 0 {
		return until
	}
	closures := make([]string, len(p.Closed))
	days := 0
	for i, c := range p.Closed {
		closures[i] = closureWords(ctx, c)
		if days++; c.First != c.Last {
			days++
		}
	}
	return i18n.T(ctx, "shop.promise.because", "until", until, "closed", listWords(ctx, closures), "n", days)
}

func untilWords(ctx context.Context, p sla.Promise) string {
	lang := i18n.LangOf(ctx)
	clock := lang.Clock(p.Due)
	switch {
	case p.DayDistance <= 0:
		return i18n.T(ctx, "shop.promise.today", "clock", clock)
	case p.DayDistance == 1:
		return i18n.T(ctx, "shop.promise.tomorrow", "clock", clock)
	case p.DayDistance < 7:
		return i18n.T(ctx, "shop.promise.weekday", "day", weekday(ctx, p.Due.Weekday()), "clock", clock)
	}
	return i18n.T(ctx, "shop.promise.date", "day", lang.DayLong(p.Due), "clock", clock)
}

func closureWords(ctx context.Context, c sla.Closure) string {
	first := weekday(ctx, c.First.Weekday())
	words := i18n.T(ctx, "shop.closed."+string(c.Part), "day", first)
	if c.First != c.Last {
		words = i18n.T(ctx, "shop.closed.days", "first", first, "last", weekday(ctx, c.Last.Weekday()))
	}
	if c.Name != "" {
		words = i18n.T(ctx, "shop.closed.named", "days", words, "name", c.Name)
	}
	return words
}

// listWords joins names as the language does: "a, b and c".
func listWords(ctx context.Context, items []string) string {
	words := items[0]
	for i, item := range items[1:] {
		key := "shop.list.more"
		if i == len(items)-2 {
			key = "shop.list.last"
		}
		words = i18n.T(ctx, key, "list", words, "item", item)
	}
	return words
}

func weekday(ctx context.Context, day time.Weekday) string {
	if i18n.LangOf(ctx) == i18n.EN {
		return jalali.WeekdayEN(day)
	}
	return jalali.WeekdayFA(day)
}
