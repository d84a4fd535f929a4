package deadline

import (
	"context"
	"strings"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// Customer explains to the customer what the event did to what they were
// promised; "" when that is nothing to them.
func (t Turn) Customer(ctx context.Context) string {
	say := func(key string, args ...any) string { return i18n.T(ctx, "clockwords.customer."+key, args...) }
	due := When(ctx, t.Due, t.Event.At)
	switch t.Event.Verb {
	case orders.Settle, orders.Verify:
		return say("start", "promise", t.then(ctx))
	case orders.Hold, orders.AskExtra:
		if t.late() {
			return say("hold_late", "due", due)
		}
		return say("hold", "left", t.Left)
	case orders.Answer, orders.ExtraPaid, orders.ExtraEnded:
		if t.late() {
			return say("late", "due", due)
		}
		return say("answer", "left", t.Left, "promise", t.then(ctx))
	case orders.Extend:
		return say("extend", "promise", untilThen(ctx, t.promise()), "from", When(ctx, t.From, t.Event.At))
	case orders.Reopen:
		return t.customerReopened(ctx)
	case orders.Complete:
		return t.customerDone(ctx)
	case orders.Retime:
		return t.customerRetimed(ctx)
	}
	return ""
}

func (t Turn) customerReopened(ctx context.Context) string {
	words := i18n.T(ctx, "clockwords.customer.reopen", "promise", t.then(ctx))
	if t.Before == nil {
		return words
	}
	key := "clockwords.customer.before_met"
	if t.Before.FirstBreached(t.Before.StoppedAt) {
		key = "clockwords.customer.before_late"
	}
	first := t.Before.FirstDueAt.In(t.Due.Location())
	return words + " " + i18n.T(ctx, key, "due", When(ctx, first, t.Event.At))
}

func (t Turn) customerDone(ctx context.Context) string {
	due := When(ctx, t.Due, t.Event.At)
	switch {
	case t.late() && t.Left > -time.Minute:
		return i18n.T(ctx, "clockwords.customer.done_late", "due", due)
	case t.late():
		return i18n.T(ctx, "clockwords.customer.done_late_by", "length", t.Left, "due", due)
	case t.extended():
		return i18n.T(ctx, "clockwords.customer.done_agreed", "due", due)
	}
	return i18n.T(ctx, "clockwords.customer.done", "due", due)
}

func (t Turn) customerRetimed(ctx context.Context) string {
	words := []string{i18n.T(ctx, "clockwords.customer.retimed")}
	if changes := changed(ctx, t.changes, t.Event.At); changes != "" {
		words[0] = i18n.T(ctx, "clockwords.customer.retimed_by", "changes", changes)
	}
	switch {
	case t.State == orders.ClockHeld:
		words = append(words, i18n.T(ctx, "clockwords.customer.held", "left", t.Left))
	case t.late():
		words = append(words, i18n.T(ctx, "clockwords.customer.late", "due", When(ctx, t.Due, t.Event.At)))
	case !t.From.IsZero():
		words = append(words, i18n.T(ctx, "clockwords.customer.moved", "from", When(ctx, t.From, t.Event.At), "promise", t.then(ctx)))
	}
	return strings.Join(words, " ")
}

// then is the promise as the history tells it: "today" and "tomorrow" are
// gone when it is read.
func (t Turn) then(ctx context.Context) string {
	return because(ctx, untilThen(ctx, t.promise()), t.promise())
}

func untilThen(ctx context.Context, p sla.Promise) string {
	if p.DayDistance = max(p.DayDistance, 2); midnight(p.Due) {
		p.DayDistance = max(p.DayDistance, 3)
	}
	return Until(ctx, p)
}
