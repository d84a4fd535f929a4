package deadline

import (
	"context"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
)

// Account says line by line how a clock comes to its deadline, for staff who
// read at now: the working time that was promised, where it lies, the holds in
// between, and the end.
func Account(ctx context.Context, c orders.Clock, now time.Time) []string {
	return sentences(account(ctx, c, now))
}

func account(ctx context.Context, c orders.Clock, now time.Time) []string {
	e := c.Calendar
	zone := e.Location()
	lines := []string{i18n.T(ctx, "clockwords.account.budget", "length", Length(ctx, c.Budget))}
	if c.Extra > 0 {
		lines[0] = i18n.T(ctx, "clockwords.account.extended", "length", Length(ctx, c.Budget), "extra", Length(ctx, c.Extra))
	}
	from := c.StartedAt
	for _, h := range c.Holds {
		lines = append(lines, Segments(ctx, e.Segments(from, earlier(h.From, c.DueAt)), now)...)
		since := When(ctx, h.From.In(zone), now)
		if h.To.IsZero() && c.Stopped() { // it ended while it waited
			return append(lines, i18n.T(ctx, "clockwords.account.waited", "from", since, "to", When(ctx, c.StoppedAt.In(zone), now)))
		}
		if h.To.IsZero() {
			return append(lines, i18n.T(ctx, "clockwords.account.waits", "since", since))
		}
		lines = append(lines, i18n.T(ctx, "clockwords.account.waited", "from", since, "to", When(ctx, h.To.In(zone), now)))
		from = h.To
	}
	return append(lines, Segments(ctx, e.Segments(from, c.DueAt), now)...)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
