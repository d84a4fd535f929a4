package bulk

import (
	"context"
	"errors"

	"github.com/riverqueue/river"
)

// AddArgs asks for the lines of an upload to be put into the basket.
type AddArgs struct {
	UploadID int64 `json:"upload_id"`
}

// Kind names the job.
func (AddArgs) Kind() string { return "add_upload" }

// Queue is where uploads wait: they keep no payment and no message waiting.
const Queue = "bulk"

// InsertOpts says how often it is tried: the last try comes about ten minutes
// after the first; the customer waits for it.
func (AddArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: Queue, MaxAttempts: 5} }

// AddWorker adds them.
type AddWorker struct {
	river.WorkerDefaults[AddArgs]
	Bulk *Bulk
}

// Work adds some of the lines and stands in line again for the rest, so that
// a large file lets small ones pass; or it returns the error that makes River
// try again. After the last try the upload has failed, for the customer to see.
func (w *AddWorker) Work(ctx context.Context, job *river.Job[AddArgs]) error {
	ended, err := w.Bulk.AddSome(ctx, job.Args.UploadID)
	if err == nil && !ended {
		return river.JobSnooze(0)
	}
	if err != nil && job.Attempt >= job.MaxAttempts {
		return errors.Join(err, w.Bulk.fail(ctx, job.Args.UploadID, both("bulk.error.gave_up")))
	}
	return err
}
