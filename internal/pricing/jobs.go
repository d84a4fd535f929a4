package pricing

import (
	"context"

	"github.com/riverqueue/river"
)

// CheckRatesArgs asks whether rates grow old.
type CheckRatesArgs struct{}

// Kind names the job.
func (CheckRatesArgs) Kind() string { return "check_rates" }

// CheckRatesWorker tells finance of rates that grow old.
type CheckRatesWorker struct {
	river.WorkerDefaults[CheckRatesArgs]
	Watch *Watch
}

// Work makes one round.
func (w *CheckRatesWorker) Work(ctx context.Context, _ *river.Job[CheckRatesArgs]) error {
	return w.Watch.Check(ctx)
}

// RunFeedsArgs asks for the feeds that are due.
type RunFeedsArgs struct{}

// Kind names the job.
func (RunFeedsArgs) Kind() string { return "run_rate_feeds" }

// RunFeedsWorker reads the feeds.
type RunFeedsWorker struct {
	river.WorkerDefaults[RunFeedsArgs]
	Watch *Watch
}

// Work makes one round.
func (w *RunFeedsWorker) Work(ctx context.Context, _ *river.Job[RunFeedsArgs]) error {
	return w.Watch.RunFeeds(ctx)
}
