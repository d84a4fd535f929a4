package notify

import (
	"context"

	"github.com/riverqueue/river"
)

// SendArgs asks for one message to be sent.
type SendArgs struct {
	MessageID int64 `json:"message_id"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "send_message" }

// SendWorker sends queued messages.
type SendWorker struct {
	river.WorkerDefaults[SendArgs]
	Desk *Desk
}

// Work sends the message, or returns the error that makes River try again.
func (w *SendWorker) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	return w.Desk.Send(ctx, job.Args.MessageID)
}
