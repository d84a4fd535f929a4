package reports

import (
	"context"

	"github.com/riverqueue/river"
)

// SummariseArgs asks whether a working day is over, and its summary is due.
type SummariseArgs struct{}

// Kind names the job.
func (SummariseArgs) Kind() string { return "summarise_day" }

// SummariseWorker queues the summaries of the day.
type SummariseWorker struct {
	river.WorkerDefaults[SummariseArgs]
	Reports *Reports
}

// Work makes one round.
func (w *SummariseWorker) Work(ctx context.Context, _ *river.Job[SummariseArgs]) error {
	return w.Reports.SendSummaries(ctx)
}
