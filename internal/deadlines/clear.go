package deadlines

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/deadlines/internal/sqlq"
)

// keepSeen outlives every order that is still worth a warning.
const keepSeen = 90 * 24 * time.Hour

// ClearSeen forgets what somebody saw on their screen more than ninety days
// ago, at most so many marks, and returns how many those were.
func (d *Deadlines) ClearSeen(ctx context.Context, most int32) (int64, error) {
	n, err := sqlq.New(d.pool).ClearSeen(ctx, d.clock.Now().Add(-keepSeen), most)
	if err != nil {
		return 0, fmt.Errorf("clear what was seen: %w", err)
	}
	return n, nil
}
