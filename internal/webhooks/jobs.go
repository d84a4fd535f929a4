package webhooks

import (
	"context"

	"github.com/riverqueue/river"
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
