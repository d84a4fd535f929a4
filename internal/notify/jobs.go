package notify

import (
	"context"
	"errors"

	"github.com/riverqueue/river"
)

// SendArgs asks for one message to be sent.
type SendArgs struct {
	MessageID int64 `json:"message_id"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "send_message" }

// InsertOpts says how often a message is tried: the last try comes about
// eleven hours after the first, as River's pauses grow with the fourth power.
func (SendArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 12} }

// SendWorker sends queued messages.
type SendWorker struct {
	river.WorkerDefaults[SendArgs]
	Desk *Desk
}

// Work sends the message, or returns the error that makes River try again.
// After the last try the message has failed, for staff to see.
func (w *SendWorker) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	err := w.Desk.Send(ctx, job.Args.MessageID)
	if err != nil && job.Attempt >= job.MaxAttempts {
		return errors.Join(err, w.Desk.GiveUp(ctx, job.Args.MessageID, err))
	}
	return err
}
