package deadline

import (
	"context"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
)

// mostSegments is how many stretches of working time are told one by one.
const mostSegments = 8

// Explanation says what a deadline is made of: "Wed 16:00–17:00 = 60 min; Thu
// 08:30–09:30 = 60 min; due Thu 09:30". It is told for who reads at now.
func Explanation(ctx context.Context, segments []sla.Segment, due, now time.Time) string {
	words := i18n.T(ctx, "clockwords.due", "when", When(ctx, due, now))
	if len(segments) == 0 {
		return words
	}
	parts := Segments(ctx, segments, now)
	all := parts[0]
	for _, part := range append(parts[1:], words) {
		all = i18n.T(ctx, "clockwords.then", "first", all, "second", part)
	}
	return all
}

// Segments says each stretch of working time: "Wed 16:00–17:00 = 60 min". In
// a long row those in the middle are told together.
func Segments(ctx context.Context, segments []sla.Segment, now time.Time) []string {
	var words []string
	for i := 0; i < len(segments); i++ {
		if rest := len(segments) - 3; len(segments) > mostSegments && i == 3 {
			words = append(words, between(ctx, segments[i:rest]))
			i = rest
		}
		words = append(words, segment(ctx, segments[i], now))
	}
	return words
}

func segment(ctx context.Context, s sla.Segment, now time.Time) string {
	lang := i18n.LangOf(ctx)
	return i18n.T(ctx, "clockwords.segment", "day", dayShort(ctx, s.Date, dateOf(now.In(s.Start.Location()))),
		"from", lang.Digits(s.From.String()), "to", lang.Digits(s.To.String())+zone(s.End), "length", Length(ctx, open(s)))
}

func between(ctx context.Context, segments []sla.Segment) string {
	var sum time.Duration
	for _, s := range segments {
		sum += open(s)
	}
	return i18n.T(ctx, "clockwords.between", "n", len(segments), "length", Length(ctx, sum))
}

// open is the length that the told times show, which counts whole seconds.
func open(s sla.Segment) time.Duration { return time.Duration(s.To-s.From) * time.Second }
