package desk

import (
	"context"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
)

// viewTabs are the views of the queue with how many orders each holds.
func viewTabs(ctx context.Context, p QueuePage) []parts.NavItem {
	items := make([]parts.NavItem, len(board.Views))
	for i, view := range board.Views {
		items[i] = parts.NavItem{
			Label: i18n.T(ctx, "desk.view."+string(view)), Href: "/desk?view=" + string(view), Current: view == p.View,
		}
		if n := p.Counts[view]; n >= board.CountCap {
			items[i].Label += " (" + counted(ctx, n) + ")"
		} else {
			items[i].Count = n
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
		if view != p.View && p.Counts[view] > 0 {
			views = append(views, view)
		}
	}
	return views
}

// emptyText says what comes next, and when.
func emptyText(ctx context.Context, p QueuePage) string {
	switch {
	case p.View != board.Free:
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
