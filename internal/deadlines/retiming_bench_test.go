package deadlines_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// BenchmarkRetime100k moves 100,000 open clocks to a calendar in which
// tomorrow's hours are others and today closes earlier: most deadlines move.
func BenchmarkRetime100k(b *testing.B) {
	const n = 100_000
	for b.Loop() {
		b.StopTimer()
		w := testworld.New(b)
		w.Many(b, testworld.Open(n))
		version := publish(b, w, shorter(b))
		b.StartTimer()

		forecast, err := w.House.Deadlines.DryRun(b.Context(), version.Calendar)
		testworld.Must(b, err)
		dry := b.Elapsed()
		r, err := w.House.Deadlines.Approve(b.Context(), w.Supervisor, version.ID)
		testworld.Must(b, err)
		for !r.Finished() {
			r, err = w.House.Deadlines.Retime(b.Context())
			testworld.Must(b, err)
		}
		if r.Done != n || r.Tally != forecast.Tally || r.Moved < n/3 {
			b.Fatalf("%+v, forecast %+v", r, forecast.Tally)
		}
		b.ReportMetric(dry.Seconds(), "s/dry-run")
		b.ReportMetric(float64(r.Moved), "moved")
	}
}

// publish makes a calendar the newest.
func publish(t testing.TB, w *testworld.World, c sla.Calendar) (v sla.Version) {
	t.Helper()
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) (err error) {
		v, err = w.House.Calendars.Save(ctx, tx, w.Clock.Now(), c, nil, "")
		return err
	}))
	return v
}

// shorter is the default calendar with lunch breaks, and a holiday on the
// day after the world begins.
func shorter(t testing.TB) sla.Calendar {
	t.Helper()
	c, err := sla.Parse([]byte(`{"time_zone": "Asia/Tehran", "week": {
		"saturday": ["08:30-13:00", "14:00-17:00"], "sunday": ["08:30-13:00", "14:00-17:00"], "monday": ["08:30-13:00", "14:00-17:00"],
		"tuesday": ["08:30-13:00", "14:00-17:00"], "wednesday": ["08:30-13:00", "14:00-17:00"], "thursday": ["08:30-13:00"]},
		"dates": [{"date": "2026-10-06", "name": "holiday", "closed": true}]}`))
	testworld.Must(t, err)
	return c
}
