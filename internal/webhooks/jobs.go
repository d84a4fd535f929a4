package webhooks

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"pishkhan/internal/db"
	"pishkhan/internal/webhooks/internal/sqlq"
)

// DeliverArgs tells an event to its client's endpoint.
type DeliverArgs struct {
	EventID int64 `json:"event_id"`
}

// Kind names the job.
func (DeliverArgs) Kind() string { return "deliver_webhook" }

// Queue is where deliveries wait: slow endpoints keep nobody else waiting.
const Queue = "webhooks"

// InsertOpts puts deliveries there.
func (DeliverArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: Queue} }

// DeliverWorker tells events.
type DeliverWorker struct {
	river.WorkerDefaults[DeliverArgs]
	Webhooks *Webhooks
}

// Work makes the try that is due, and comes back for the next.
func (w *DeliverWorker) Work(ctx context.Context, job *river.Job[DeliverArgs]) error {
	next, err := w.Webhooks.Deliver(ctx, job.Args.EventID)
	if err != nil || next.IsZero() {
		return err
	}
	return river.JobSnooze(max(0, next.Sub(w.Webhooks.clock.Now())))
}

// RecallArgs finds events whose job was lost.
type RecallArgs struct{}

// Kind names the job.
func (RecallArgs) Kind() string { return "recall_webhooks" }

// RecallWorker queues them again.
type RecallWorker struct {
	river.WorkerDefaults[RecallArgs]
	Webhooks *Webhooks
}

// Work queues them again.
func (w *RecallWorker) Work(ctx context.Context, _ *river.Job[RecallArgs]) error {
	return w.Webhooks.Recall(ctx)
}

// overdue is how long after its time an event's try has no job that will
// make it: the job was given up or deleted.
const overdue = 10 * time.Minute

// unfinished are the jobs that still come; an event needs no second one.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Recall queues the events that should have been tried ten minutes ago, for
// a job more than they have. It may be repeated at will.
func (w *Webhooks) Recall(ctx context.Context) error {
	return db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		ids, err := sqlq.New(tx).ForgottenEvents(ctx, w.clock.Now().Add(-overdue))
		if err != nil {
			return fmt.Errorf("find forgotten webhook events: %w", err)
		}
		once := &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
		for _, id := range ids {
			if _, err := w.queuer.InsertTx(ctx, tx, DeliverArgs{EventID: id}, once); err != nil {
				return fmt.Errorf("webhook event %d: %w", id, err)
			}
		}
		return nil
	})
}
