package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pishkhan/internal/fault"
	"pishkhan/internal/staff/internal/sqlq"
)

// QueueView is a view of the queue that a member has named: its filters,
// order and columns are the query of the page's address.
type QueueView struct {
	ID      int64
	Name    string
	Query   string
	Shared  bool   // colleagues see it too
	Own     bool   // it is the reader's
	OwnedBy string // the member's name
}

// QueueViews returns the member's views, and those that colleagues share.
func (s *Staff) QueueViews(ctx context.Context, memberID int64) ([]QueueView, error) {
	rows, err := sqlq.New(s.pool).QueueViews(ctx, memberID)
	if err != nil {
		return nil, fmt.Errorf("saved views: %w", err)
	}
	views := make([]QueueView, len(rows))
	for i, r := range rows {
		views[i] = QueueView{ID: r.ID, Name: r.Name, Query: r.Query, Shared: r.Shared, Own: r.MemberID == memberID, OwnedBy: r.Owner}
	}
	return views, nil
}

// SaveQueueView keeps a view under a name; one of that name is replaced. It
// returns Invalid (field view_name) for a name that is empty or longer than
// 60 letters.
func (s *Staff) SaveQueueView(ctx context.Context, memberID int64, name, query string, shared bool) error {
	name = strings.Join(strings.Fields(name), " ")
	var wrong fault.Fields
	switch {
	case name == "":
		wrong.Add("view_name", "staff.error.view_name_empty")
	case utf8.RuneCountInString(name) > 60 || len(query) > 1000:
		wrong.Add("view_name", "staff.error.view_name_long", "max", 60)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	err := sqlq.New(s.pool).SaveQueueView(ctx, sqlq.SaveQueueViewParams{
		MemberID: memberID, Name: name, Query: query, Shared: shared, At: s.clock.Now(),
	})
	if err != nil {
		return fmt.Errorf("save view: %w", err)
	}
	return nil
}

// DropQueueView removes a view of the member's own; NotFound for any other.
func (s *Staff) DropQueueView(ctx context.Context, memberID, id int64) error {
	n, err := sqlq.New(s.pool).DropQueueView(ctx, id, memberID)
	if err != nil {
		return fmt.Errorf("remove view %d: %w", id, err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}

// QueueColumns are those that a member may hide, in the order of the list.
var QueueColumns = []string{"service", "site", "amount", "customer", "mobile", "tier", "deadline", "placed", "state", "owner"}

// HiddenAtFirst are the columns that nobody sees who has not asked for them.
var HiddenAtFirst = []string{"site", "mobile", "tier", "placed"}

// QueueLook is how a member wants the queue to look.
type QueueLook struct {
	Hidden  []string // of QueueColumns
	Compact bool
}

// SaveQueueLook keeps how the member wants the queue to look; columns that
// there are not are passed over.
func (s *Staff) SaveQueueLook(ctx context.Context, memberID int64, look QueueLook) error {
	hidden := []string{}
	for _, column := range QueueColumns {
		if slices.Contains(look.Hidden, column) {
			hidden = append(hidden, column)
		}
	}
	err := sqlq.New(s.pool).SaveQueueLook(ctx, memberID, hidden, look.Compact)
	if err != nil {
		return fmt.Errorf("save the look of the queue: %w", err)
	}
	return nil
}

// SaveKeysOff switches the keys that work without Control off or on for the
// member; how the queue looks stays.
func (s *Staff) SaveKeysOff(ctx context.Context, memberID int64, off bool) error {
	if err := sqlq.New(s.pool).SaveKeysOff(ctx, memberID, HiddenAtFirst, off); err != nil {
		return fmt.Errorf("keys of member %d: %w", memberID, err)
	}
	return nil
}
