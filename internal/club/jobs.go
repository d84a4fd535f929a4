package club

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"pishkhan/internal/jalali"
)

// RecomputeArgs counts every customer of the club again.
type RecomputeArgs struct{}

// Kind names the job.
func (RecomputeArgs) Kind() string { return "recompute_club" }

// InsertOpts let one such job in an hour through, whoever asks for it.
func (RecomputeArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
}

// RecomputeWorker does it.
type RecomputeWorker struct {
	river.WorkerDefaults[RecomputeArgs]
	Club *Ledger
}

// Work recomputes the club. A job that is tried again keeps the instant of its
// creation: who was counted before it was cut off is not counted again.
func (w *RecomputeWorker) Work(ctx context.Context, job *river.Job[RecomputeArgs]) error {
	return w.Club.RecomputeAll(ctx, job.CreatedAt)
}

// Nightly is the schedule: three o'clock each night in Tehran.
type Nightly struct{}

// Next returns the first such instant after t.
func (Nightly) Next(t time.Time) time.Time {
	year, month, day := t.In(jalali.Tehran).Date()
	next := time.Date(year, month, day, 3, 0, 0, 0, jalali.Tehran)
	if !next.After(t) {
		next = time.Date(year, month, day+1, 3, 0, 0, 0, jalali.Tehran)
	}
	return next
}
