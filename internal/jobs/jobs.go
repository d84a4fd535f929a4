// Package jobs works what the rooms have queued: it registers every room's
// workers with River, and says what happens on a schedule.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"pishkhan/internal/bulk"
	"pishkhan/internal/checkout"
	"pishkhan/internal/clients"
	"pishkhan/internal/club"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/house"
	"pishkhan/internal/notify"
	"pishkhan/internal/pricing"
	"pishkhan/internal/queue"
	"pishkhan/internal/reports"
	"pishkhan/internal/webhooks"
)

// Options say how the jobs are worked.
type Options struct {
	Log  *slog.Logger
	Desk *notify.Desk // sends messages
	// RescueAfter is how long a job may look as if it ran before another
	// worker takes it over: its worker was killed. It must be well above the
	// 30 seconds that a job may take.
	RescueAfter time.Duration
}

const (
	jobTimeout  = 30 * time.Second
	rescueAfter = 2 * time.Minute
	often       = 15 * time.Second
)

// Start begins to work the jobs of the house. Stop the client that it
// returns to end in order.
func Start(ctx context.Context, h *house.House, o Options) (*river.Client[pgx.Tx], error) {
	if o.RescueAfter == 0 {
		o.RescueAfter = rescueAfter
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &notify.SendWorker{Desk: o.Desk})
	river.AddWorker(workers, &bulk.AddWorker{Bulk: h.Bulk})
	river.AddWorker(workers, &checkout.SettleWorker{Checkout: h.Checkout})
	river.AddWorker(workers, &checkout.SweepWorker{Checkout: h.Checkout})
	river.AddWorker(workers, &checkout.ExpireWorker{Checkout: h.Checkout})
	river.AddWorker(workers, &club.RecomputeWorker{Club: h.Club})
	river.AddWorker(workers, &clients.CleanWorker{Clients: h.Clients})
	river.AddWorker(workers, &ClearWorker{House: h})
	river.AddWorker(workers, &deadlines.RetimeWorker{Deadlines: h.Deadlines})
	river.AddWorker(workers, &deadlines.SweepWorker{Deadlines: h.Deadlines})
	river.AddWorker(workers, &deadlines.RemindWorker{Deadlines: h.Deadlines})
	river.AddWorker(workers, &pricing.CheckRatesWorker{Watch: h.RateWatch})
	river.AddWorker(workers, &pricing.RunFeedsWorker{Watch: h.RateWatch})
	river.AddWorker(workers, &reports.SummariseWorker{Reports: h.Reports})
	river.AddWorker(workers, &queue.SweepWorker{Queue: h.Queue})
	river.AddWorker(workers, &webhooks.DeliverWorker{Webhooks: h.Webhooks})
	river.AddWorker(workers, &webhooks.RecallWorker{Webhooks: h.Webhooks})
	client, err := river.NewClient(riverpgxv5.New(h.Pool), &river.Config{
		Logger:  o.Log,
		Workers: workers,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 8}, webhooks.Queue: {MaxWorkers: 4}, bulk.Queue: {MaxWorkers: 2},
			deadlines.AlertQueue: {MaxWorkers: 1},
		},
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: o.RescueAfter,
		PeriodicJobs: []*river.PeriodicJob{
			every(checkout.SweepArgs{}),
			every(checkout.ExpireArgs{}),
			each(5*time.Second, deadlines.SweepArgs{}), // breaches are told within ten
			each(10*time.Minute, deadlines.RemindArgs{}),
			every(queue.SweepArgs{}),
			nightly(club.RecomputeArgs{}),
			hourly(clients.CleanArgs{}),
			hourly(ClearArgs{}),
			each(5*time.Minute, pricing.CheckRatesArgs{}),
			each(5*time.Minute, webhooks.RecallArgs{}),
			each(time.Minute, pricing.RunFeedsArgs{}),
			each(time.Minute, reports.SummariseArgs{}),
			each(time.Minute, deadlines.RetimeArgs{}),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("start jobs: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return nil, fmt.Errorf("start jobs: %w", err)
	}
	return client, nil
}

// nightly does a job each night, and when the program starts: it may have
// slept at night.
func nightly(args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(club.Nightly{}, func() (river.JobArgs, *river.InsertOpts) {
		return args, nil
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// every does a job often, once over all processes.
func every(args river.JobArgs) *river.PeriodicJob { return each(often, args) }

// each does a job once in so long, over all processes. A turn that fails is
// not tried again: the next one comes soon.
func each(period time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(period), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByPeriod: period}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// hourly does a job once an hour over all processes.
func hourly(args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) {
		return args, &river.InsertOpts{MaxAttempts: 3, UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}
