package jobs

import (
	"context"

	"github.com/riverqueue/river"

	"pishkhan/internal/house"
)

// ClearArgs clears what is of no use any more: links whose time is long over,
// drafts that were left behind, marks of what was seen.
type ClearArgs struct{}

// Kind names the job.
func (ClearArgs) Kind() string { return "clear_leftovers" }

// ClearWorker clears it.
type ClearWorker struct {
	river.WorkerDefaults[ClearArgs]
	House *house.House
}

// clearBatch is how many rows one statement takes: it holds no lock for long.
const clearBatch = 500

// Work clears batch after batch until nothing is left, or until the job's time
// is over: the rest is for the next hour.
func (w *ClearWorker) Work(ctx context.Context, _ *river.Job[ClearArgs]) error {
	for _, clear := range []func(context.Context, int32) (int64, error){
		w.House.Letters.ClearLinks, w.House.Notes.ClearDrafts, w.House.Deadlines.ClearSeen,
	} {
		for full := true; full; {
			n, err := clear(ctx, clearBatch)
			if err != nil {
				return err
			}
			full = n == clearBatch
		}
	}
	return nil
}
