package board

import (
	"context"
	"fmt"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/queue"
	"pishkhan/internal/staff"
)

// Reader is what a page of the desk needs to know of whom it is for.
type Reader struct {
	Presence queue.Presence
	KeysOff  bool // single keys do nothing
	Look     staff.QueueLook
	HasNews  bool // queue.News holds something
	HasViews bool // staff.QueueViews holds something
}

// Reader returns what a page needs to know of a member.
func (b *Board) Reader(ctx context.Context, memberID int64) (Reader, error) {
	r, err := sqlq.New(b.pool).Reader(ctx, memberID)
	if err != nil {
		return Reader{}, fmt.Errorf("member %d as a reader: %w", memberID, err)
	}
	look := staff.QueueLook{Hidden: r.Hidden, Compact: r.Compact}
	if r.Hidden == nil {
		look.Hidden = staff.HiddenAtFirst
	}
	return Reader{
		Presence: queue.Presence(r.Presence), KeysOff: r.KeysOff, Look: look, HasNews: r.News, HasViews: r.Saved,
	}, nil
}
