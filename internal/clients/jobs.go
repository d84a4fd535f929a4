package clients

import (
	"context"

	"github.com/riverqueue/river"
)

// CleanArgs forgets answers that no client will ask for again.
type CleanArgs struct{}

// Kind names the job.
func (CleanArgs) Kind() string { return "clean_client_answers" }

// CleanWorker forgets them.
type CleanWorker struct {
	river.WorkerDefaults[CleanArgs]
	Clients *Clients
}

// Work forgets them.
func (w *CleanWorker) Work(ctx context.Context, _ *river.Job[CleanArgs]) error {
	return w.Clients.Clean(ctx)
}
