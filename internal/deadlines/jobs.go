package deadlines

import (
	"context"

	"github.com/riverqueue/river"
)

// AlertQueue is where the sweeps wait: nothing slow keeps them.
const AlertQueue = "alerts"

// SweepArgs asks for the alarms that have come.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_deadlines" }

// InsertOpts puts sweeps into their own queue.
func (SweepArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: AlertQueue} }

// SweepWorker records and tells what has come true of the promises.
type SweepWorker struct {
	river.WorkerDefaults[SweepArgs]
	Deadlines *Deadlines
}

// Work makes one sweep. What a long one leaves is for the next.
func (w *SweepWorker) Work(ctx context.Context, _ *river.Job[SweepArgs]) error {
	_, err := w.Deadlines.Sweep(ctx)
	return err
}

// RemindArgs asks whether provisional holidays are near.
type RemindArgs struct{}

// Kind names the job.
func (RemindArgs) Kind() string { return "remind_of_holidays" }

// RemindWorker reminds of provisional holidays.
type RemindWorker struct {
	river.WorkerDefaults[RemindArgs]
	Deadlines *Deadlines
}

// Work makes one round.
func (w *RemindWorker) Work(ctx context.Context, _ *river.Job[RemindArgs]) error {
	return w.Deadlines.Remind(ctx)
}
