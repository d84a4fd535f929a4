package desk

import (
	"context"
	"strconv"
	"time"

	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/views/deadline"
	"pishkhan/views/parts"
)

// ExtendFields are the inputs of the form that agrees another time.
var ExtendFields = []string{"until_date", "until_time", "agreed", "extend_note"}

// clock returns the order's newest clock.
func (p OrderPage) clock() (c orders.Clock, ok bool) {
	if len(p.Past.Clocks) == 0 {
		return orders.Clock{}, false
	}
	return p.Past.Clocks[len(p.Past.Clocks)-1], true
}

func (p OrderPage) now() time.Time { return p.Row.Time.Now }

// CanExtend reports whether the reader may agree another time now.
func (p OrderPage) CanExtend() bool {
	c, ok := p.clock()
	return ok && c.Running() && (p.May.ExtendAny || p.Mine() && p.May.Extend)
}

// CanReopen reports whether the reader may take the order up again.
func (p OrderPage) CanReopen() bool { return p.Order.State == orders.Done && p.May.Reopen }

// dueWords are the present due time.
func (p OrderPage) dueWords(ctx context.Context) string {
	c, _ := p.clock()
	return deadline.When(ctx, due(c), p.now())
}

func due(c orders.Clock) time.Time { return c.DueAt.In(c.Calendar.Location()) }

// deadlineTitle is the card's heading: when the order is due, or why it is not.
func deadlineTitle(ctx context.Context, p OrderPage, c orders.Clock) string {
	now := p.now()
	switch {
	case p.Order.State == orders.Cancelled:
		return i18n.T(ctx, "desk.deadline.cancelled", "at", deadline.When(ctx, p.Order.StateSince.In(c.Calendar.Location()), now))
	case c.OnHold():
		return i18n.T(ctx, "desk.deadline.held", "left", deadline.Length(ctx, c.Remaining(c.Calendar, now)))
	case c.Stopped():
		return i18n.T(ctx, "desk.deadline.was", "due", deadline.When(ctx, due(c), now))
	}
	return i18n.T(ctx, "desk.deadline.title", "due", deadline.When(ctx, due(c), now))
}

// deadlineNotes are what else there is to a deadline: closed days on the way,
// the first promise, how it ended.
func deadlineNotes(ctx context.Context, p OrderPage, c orders.Clock) []string {
	var notes []string
	if closed := c.Calendar.Promise(c.StartedAt, c.DueAt).Closed; len(closed) > 0 && !c.OnHold() {
		notes = append(notes, i18n.T(ctx, "desk.deadline.closed", "closed", deadline.Closures(ctx, closed)))
	}
	if c.Extra > 0 && !c.Stopped() {
		key := "desk.deadline.first"
		if c.FirstBreached(p.now()) {
			key = "desk.deadline.first_broken"
		}
		notes = append(notes, i18n.T(ctx, key, "due", deadline.When(ctx, c.FirstDueAt.In(c.Calendar.Location()), p.now())))
	}
	switch {
	case p.Order.State == orders.Cancelled:
		key := "desk.deadline.cancelled_before"
		if c.StoppedAt.After(c.DueAt) {
			key = "desk.deadline.cancelled_late"
		}
		notes = append(notes, i18n.T(ctx, key, "due", deadline.When(ctx, due(c), p.now())))
	case c.Stopped():
		notes = append(notes, i18n.T(ctx, "desk.deadline.outcome", "outcome", deadline.Outcome(ctx, c, p.now())))
	}
	if n := len(p.Past.Clocks); n > 1 {
		notes = append(notes, i18n.T(ctx, "desk.deadline.before", "outcome", deadline.Outcome(ctx, p.Past.Clocks[n-2], p.now())))
	}
	return notes
}

// agreements are the ways to agree with a customer.
func agreements(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(fulfil.Agreements))
	for i, way := range fulfil.Agreements {
		options[i] = parts.Option{Value: string(way), Label: i18n.T(ctx, "desk.agreed."+string(way))}
	}
	return options
}

// dateCalendar is the calendar of the reader's dates.
func dateCalendar(ctx context.Context) parts.Calendar {
	if i18n.LangOf(ctx) == i18n.EN {
		return parts.Gregorian
	}
	return parts.Jalali
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// calendarVersionPath is the page of a version of the working calendar.
func calendarVersionPath(id int64) string {
	return "/desk/calendar/versions/" + strconv.FormatInt(id, 10)
}
