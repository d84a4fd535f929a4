package notes

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/notes/internal/sqlq"
)

// keepDrafts outlives the longest leave.
const keepDrafts = 60 * 24 * time.Hour

// ClearDrafts forgets drafts that nobody has written on for sixty days, at
// most so many, and returns how many those were.
func (n *Notes) ClearDrafts(ctx context.Context, most int32) (int64, error) {
	gone, err := sqlq.New(n.pool).ClearDrafts(ctx, n.clock.Now().Add(-keepDrafts), most)
	if err != nil {
		return 0, fmt.Errorf("clear drafts: %w", err)
	}
	return gone, nil
}
