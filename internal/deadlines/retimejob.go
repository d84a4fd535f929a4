package deadlines

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// RetimeArgs asks for the retiming that goes on, if any, to be carried on.
// The approval asks for it, and the schedule does every minute, should the job
// have been lost with its worker: the retiming's row lets only one work.
type RetimeArgs struct{}

// Kind names the job.
func (RetimeArgs) Kind() string { return "retime_clocks" }

// retimeTurn is well below what a job may take.
const retimeTurn = 20 * time.Second

// RetimeWorker moves the clocks.
type RetimeWorker struct {
	river.WorkerDefaults[RetimeArgs]
	Deadlines *Deadlines
}

// Work moves clocks for some seconds, and stands in line again for the rest.
func (w *RetimeWorker) Work(ctx context.Context, _ *river.Job[RetimeArgs]) error {
	more, err := w.Deadlines.retimeFor(ctx, retimeTurn)
	if err == nil && more {
		return river.JobSnooze(0)
	}
	return err
}
