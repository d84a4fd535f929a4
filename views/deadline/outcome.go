package deadline

import (
	"context"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
)

// Outcome says how a clock that has ended kept its promise.
func Outcome(ctx context.Context, c orders.Clock, now time.Time) string {
	zone := c.Calendar.Location()
	return outcome(ctx, c.StoppedAt.In(zone), c.DueAt.In(zone), c.FirstDueAt.In(zone), now)
}

func outcome(ctx context.Context, done, due, first, now time.Time) string {
	key := "clockwords.outcome.met"
	switch {
	case done.After(due):
		key = "clockwords.outcome.late"
	case done.After(first):
		key = "clockwords.outcome.as_agreed"
	}
	return i18n.T(ctx, key, "done", When(ctx, done, now), "due", When(ctx, due, now), "first", When(ctx, first, now))
}
