package desk

import (
	"context"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/views/parts"
)

// viewTabs are the views of the queue with how many orders each holds.
func viewTabs(ctx context.Context, p QueuePage) []parts.NavItem {
	items := make([]parts.NavItem, len(board.Views))
	for i, view := range board.Views {
		items[i] = parts.NavItem{
			Label: viewName(ctx, view), Href: p.Query.with(view), Current: view == p.Query.View,
			Counted: true, Count: min(p.Counts[view], board.CountCap-1), Capped: p.Counts[view] >= board.CountCap,
		}
	}
	return items
}

// counted says a count that was not counted to the end.
func counted(ctx context.Context, n int) string {
	if n >= board.CountCap {
		return i18n.T(ctx, "desk.count_capped", "n", board.CountCap-1)
	}
	return i18n.T(ctx, "parts.number", "n", n)
}

// otherViews are those with something to do in them.
func otherViews(p QueuePage) []board.View {
	var views []board.View
	for _, view := range board.Views {
		if view != p.Query.View && p.Counts[view] > 0 {
			views = append(views, view)
		}
	}
	return views
}

// emptyText says what comes next, and when.
func emptyText(ctx context.Context, p QueuePage) string {
	switch {
	case p.Query.Narrow():
		return i18n.T(ctx, "list.empty.narrow")
	case p.Query.View != board.Free:
		return i18n.T(ctx, "desk.empty.elsewhere")
	case !p.IsOpen && !p.Opens.IsZero():
		return i18n.T(ctx, "desk.empty.closed", "at", p.Opens)
	}
	return i18n.T(ctx, "desk.empty.open")
}

func weight(primary bool) parts.ButtonKind {
	if primary {
		return parts.Primary
	}
	return parts.Quiet
}

func viewName(ctx context.Context, view board.View) string {
	if view == board.Unproven {
		return i18n.T(ctx, "list.view.identity")
	}
	return i18n.T(ctx, "desk.view."+string(view))
}

func emptyTitle(ctx context.Context, p QueuePage) string {
	switch {
	case p.Query.Narrow():
		return i18n.T(ctx, "list.empty.nothing_fits")
	case p.Query.View == board.Unproven:
		return i18n.T(ctx, "list.empty.identity")
	}
	return i18n.T(ctx, "desk.empty."+string(p.Query.View))
}

// deadlineDays is how many days are left to the destination's deadline, that
// day itself being none.
func (r Row) deadlineDays() int {
	now := r.Time.Now.In(jalali.Tehran)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	return int(r.DeadlineOn.Sub(today) / (24 * time.Hour))
}

func deadlineWords(ctx context.Context, r Row) string {
	switch days := r.deadlineDays(); {
	case days < 0:
		return i18n.T(ctx, "list.deadline.past", "day", i18n.LangOf(ctx).Date(r.DeadlineOn))
	case days == 0:
		return i18n.T(ctx, "list.deadline.today")
	case days == 1:
		return i18n.T(ctx, "list.deadline.tomorrow")
	default:
		return i18n.LangOf(ctx).Date(r.DeadlineOn)
	}
}
