package bulk

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
)

// AddArgs asks for the lines of an upload to be put into the basket.
type AddArgs struct {
	UploadID int64 `json:"upload_id"`
}

// Kind names the job.
func (AddArgs) Kind() string { return "add_upload" }

// InsertOpts says how often it is tried: the last try comes about ten minutes
// after the first; the customer waits for it.
func (AddArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 5} }

// AddWorker adds them.
type AddWorker struct {
	river.WorkerDefaults[AddArgs]
	Bulk *Bulk
}

// Timeout is above what a thousand lines take on a busy machine; what is left
// then comes with the next try.
func (w *AddWorker) Timeout(*river.Job[AddArgs]) time.Duration { return time.Minute }

// Work adds the lines, or returns the error that makes River try again. After
// the last try the upload has failed, for the customer to see.
func (w *AddWorker) Work(ctx context.Context, job *river.Job[AddArgs]) error {
	err := w.Bulk.Add(ctx, job.Args.UploadID)
	if err != nil && job.Attempt >= job.MaxAttempts {
		return errors.Join(err, w.Bulk.fail(ctx, job.Args.UploadID, both("bulk.error.gave_up")))
	}
	return err
}
