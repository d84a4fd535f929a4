package desk

import (
	"context"
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/views/deadline"
	"pishkhan/views/parts"
)

// CalendarCheckPage shows what a draft would make of the open orders.
type CalendarCheckPage struct {
	CalendarPage
	Forecast orders.Forecast
	Note     string
	Clocks   string // "move" or "keep", as it was chosen
	Wrong    []fault.Field
}

func (p CalendarCheckPage) field(ctx context.Context, name, value string) parts.Field {
	return parts.Field{
		Name: name, Label: i18n.T(ctx, "calendar.publish."+name), Value: value, Autocomplete: "off", Error: parts.ErrorFor(ctx, p.Wrong, name),
	}
}

// CalendarClocksPage is the move of the open clocks to the newest version.
type CalendarClocksPage struct {
	CalendarPage
	Last     *orders.Retiming // the newest one; nil: there never was one
	Shifts   []orders.Shift   // that it moved
	Asides   []orders.Aside   // that it set aside
	Forecast orders.Forecast  // of moving them to the newest version, when none goes on
}

// MostShifts is how many moved deadlines are shown.
const MostShifts = 50

// Running reports whether clocks are being moved.
func (p CalendarClocksPage) Running() bool { return p.Last != nil && !p.Last.Finished() }

// tallyWords sums up what moves: "14 deadlines move, 3 breaches vanish, 2 appear".
func tallyWords(ctx context.Context, t orders.Tally) string {
	if t.Moved == 0 && t.Stuck == 0 && t.Aside == 0 {
		return i18n.T(ctx, "calendar.tally.none")
	}
	words := []string{
		i18n.T(ctx, "calendar.tally.moved", "n", t.Moved), i18n.T(ctx, "calendar.tally.cured", "n", t.Cured), i18n.T(ctx, "calendar.tally.broken", "n", t.Broken),
	}
	if t.Stuck > 0 {
		words = append(words, i18n.T(ctx, "calendar.tally.stuck", "n", t.Stuck))
	}
	if t.Aside > 0 {
		words = append(words, i18n.T(ctx, "calendar.tally.aside", "n", t.Aside))
	}
	return list(ctx, words)
}

// movedTally is the same of what was done.
func movedTally(ctx context.Context, t orders.Tally) string {
	if t.Moved == 0 && t.Stuck == 0 && t.Aside == 0 {
		return i18n.T(ctx, "calendar.done.none")
	}
	words := []string{
		i18n.T(ctx, "calendar.done.moved", "n", t.Moved), i18n.T(ctx, "calendar.done.cured", "n", t.Cured), i18n.T(ctx, "calendar.done.broken", "n", t.Broken),
	}
	if t.Stuck > 0 {
		words = append(words, i18n.T(ctx, "calendar.done.stuck", "n", t.Stuck))
	}
	if t.Aside > 0 {
		words = append(words, i18n.T(ctx, "calendar.done.aside", "n", t.Aside))
	}
	return list(ctx, words)
}

// due says a deadline in the zone of the calendar that counts.
func (p CalendarPage) due(ctx context.Context, t time.Time) string {
	zone := p.Newest.Engine.Location()
	return deadline.When(ctx, t.In(zone), p.Now.In(zone))
}

func percentDone(r orders.Retiming) int {
	if r.Total == 0 {
		return 100
	}
	return min(100, r.Done*100/r.Total)
}
