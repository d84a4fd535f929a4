package letters

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/letters/internal/sqlq"
)

// keepLinks is how long a link is kept after its time: whoever follows it
// until then is told the same as of none.
const keepLinks = 30 * 24 * time.Hour

// ClearLinks forgets links that have led nowhere for thirty days, at most so
// many, and returns how many those were.
func (l *Letters) ClearLinks(ctx context.Context, most int32) (int64, error) {
	n, err := sqlq.New(l.pool).ClearLinks(ctx, l.clock.Now().Add(-keepLinks), most)
	if err != nil {
		return 0, fmt.Errorf("clear links: %w", err)
	}
	return n, nil
}
