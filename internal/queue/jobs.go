package queue

import (
	"context"

	"github.com/riverqueue/river"
)

// SweepArgs looks for claims that nobody works on.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_claims" }

// SweepWorker does the sweep.
type SweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	Queue *Queue
}

// Work warns of claims, and returns those whose warning was not heard.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	_, _, err := w.Queue.Sweep(ctx)
	return err
}
