package desk

import (
	"context"
	"net/url"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/views/parts"
)

// at shows an instant for lists: «۱۴۰۵/۰۷/۱۳ ۱۴:۰۵».
func at(ctx context.Context, t time.Time) string {
	lang := i18n.LangOf(ctx)
	return lang.Date(t) + " " + lang.Clock(t)
}

// until shows a due time as briefly as it stays clear: the clock alone today,
// with the weekday within a week of it, else with the date.
func until(ctx context.Context, due, now time.Time) string {
	if due.IsZero() {
		return ""
	}
	lang := i18n.LangOf(ctx)
	due, now = due.In(jalali.Tehran), now.In(jalali.Tehran)
	switch days := due.Sub(now).Hours() / 24; {
	case due.Format(time.DateOnly) == now.Format(time.DateOnly):
		return lang.Clock(due)
	case days > -6 && days < 6:
		return weekday(lang, due) + " " + lang.Clock(due)
	}
	return at(ctx, due)
}

func weekday(lang i18n.Lang, t time.Time) string {
	if lang == i18n.EN {
		return t.Weekday().String()
	}
	return jalali.WeekdayFA(t.Weekday())
}

// timeLeft is the badge of an order's promise.
func timeLeft(ctx context.Context, code string, t board.Time) parts.TimeLeft {
	left := parts.TimeLeft{What: code, Due: t.Due, Now: t.Now, Left: t.Left, Open: t.Open, Paused: t.Paused}
	if !t.Paused { // the due time of a clock that stands still does not count
		left.Until = until(ctx, t.Due, t.Now)
	}
	return left
}

// who names the actor of an event, so that a name in either script keeps what
// follows it in order.
func who(ctx context.Context, a audit.Actor) string {
	switch a.Kind {
	case audit.Staff:
		return "\u2068" + a.Name + "\u2069"
	case audit.Customer:
		return i18n.T(ctx, "desk.actor.customer")
	}
	return i18n.T(ctx, "desk.actor.system")
}

// verb says what an event did.
func verb(ctx context.Context, v orders.Verb) string { return i18n.T(ctx, "desk.verb."+string(v)) }

// toman shows an amount in the reader's language.
func toman(ctx context.Context, r money.Rials) string { return i18n.LangOf(ctx).Toman(r) }

// orderPath is the address of an order's page, or of what is done there.
func orderPath(code, deed string) string { return "/desk/orders/" + url.PathEscape(code) + deed }

// webAddress returns the address when a browser may be sent there.
func webAddress(text string) (address string, ok bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	return u.String(), true
}

// messageTime says when a message was sent, or since when it waits.
func messageTime(ctx context.Context, m board.Letter) string {
	if m.SentAt != nil {
		return i18n.T(ctx, "desk.message.sent_at", "at", at(ctx, *m.SentAt))
	}
	return i18n.T(ctx, "desk.message.queued_at", "at", at(ctx, m.QueuedAt))
}
