package deadlines_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// What the dry run tells is what the step does: to clocks, orders, histories
// and the record. What has ended, and what did not move, stays as it was; and
// nobody is sent a message. With longer hours breaches appear, with a late
// opening they vanish.
func TestRetiming(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Clock.Set(testworld.Noon.Add(5*time.Hour + 40*time.Minute)) // after closing time
	w.Many(t, testworld.Crowd{Paid: 120, InProgress: 60, Waiting: 20, Done: 50})
	sent, before := w.Count(t, "SELECT count(*) FROM messages"), ended(t, w)
	longer := onNoonsDay(t, "08:30-22:00")
	later := onNoonsDay(t, "15:50-22:00")
	first, second := retimed(t, w, longer), retimed(t, w, later)
	if first.Broken == 0 || first.Cured != 0 || second.Cured == 0 || second.Broken != 0 {
		t.Errorf("longer hours %+v, a late opening %+v", first, second)
	}
	if n := w.Count(t, "SELECT count(*) FROM messages"); n != sent {
		t.Errorf("%d messages, before %d", n, sent)
	}
	if ended(t, w) != before {
		t.Error("a clock that had ended was touched")
	}
}

// retimed makes a calendar the newest and moves the clocks to it, in pieces,
// with everything that must hold then.
func retimed(t *testing.T, w *testworld.World, c sla.Calendar) orders.Tally {
	t.Helper()
	version := publish(t, w, c)
	forecast, err := w.House.Deadlines.DryRun(t.Context(), c)
	testworld.Must(t, err)
	if forecast.Open != 200 || forecast.Moved < 20 || len(forecast.Examples) != 20 ||
		w.Count(t, "SELECT count(*) FROM order_clocks WHERE calendar_version_id = $1", version.ID) != 0 {
		t.Fatalf("%+v", forecast)
	}
	r, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID)
	testworld.Must(t, err)
	if r.Total != 200 || r.ApprovedBy != w.Supervisor.ID || r.ApprovedName != w.Supervisor.Name || !r.ApprovedAt.Equal(w.Clock.Now()) {
		t.Errorf("%+v", r)
	}
	r = inPieces(t, w, r.ID, 7)
	if r.Done != 200 || r.Tally != forecast.Tally {
		t.Errorf("%+v, forecast %+v", r, forecast.Tally)
	}
	if progress, err := w.House.Deadlines.Progress(t.Context()); err != nil || progress != r {
		t.Errorf("progress %+v, %v", progress, err)
	}
	shifts, err := w.House.Orders.Shifts(t.Context(), w.House.Pool, r.ID, 0, 20)
	testworld.Must(t, err)
	for i, shift := range shifts {
		if want := forecast.Examples[i]; shift.Code != want.Code || !shift.From.Equal(want.From) || !shift.To.Equal(want.To) ||
			shift.WasLate != want.WasLate || shift.IsLate != want.IsLate {
			t.Errorf("moved %+v, forecast %+v", shift, want)
		}
	}
	const lines = "FROM order_events WHERE verb = 'retimed' AND (detail->>'retiming')::bigint = $1"
	for what, n := range map[string][2]int{
		"deadlines on record":    {r.Moved, w.Count(t, "SELECT count(*) FROM retimed_clocks WHERE retiming_id = $1", r.ID)},
		"lines in histories":     {r.Moved, w.Count(t, "SELECT count(*) "+lines, r.ID)},
		"orders with such lines": {r.Moved, w.Count(t, "SELECT count(DISTINCT order_id) "+lines, r.ID)},
		"clocks behind":          {0, w.Count(t, "SELECT count(*) FROM order_clocks WHERE stopped_at IS NULL AND calendar_version_id <> $1", version.ID)},
		"audit entries": {1, w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'calendar.retime' AND actor_id = $1 AND subject = $2",
			w.Supervisor.ID, fmt.Sprintf("calendar:%d", version.ID))},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d, want %d", what, n[1], n[0])
		}
	}
	asPlayedAnew(t, w)
	history, err := w.House.Orders.History(t.Context(), shifts[0].OrderID)
	testworld.Must(t, err)
	line := history[len(history)-1]
	note, ok := line.Clock()
	from, to, moved := line.Moved()
	if !ok || !moved || note.VersionID != version.ID || !from.Equal(shifts[0].From) || !to.Equal(shifts[0].To) || line.Actor.ID != w.Supervisor.ID {
		t.Errorf("%+v", line)
	}

	// Once more, there is nothing to do.
	if _, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("approved again: %v", err)
	}
	if again, err := w.House.Deadlines.DryRun(t.Context(), version.Calendar); err != nil || again.Tally != (orders.Tally{}) {
		t.Errorf("dry run after the step: %+v, %v", again, err)
	}
	if _, err := w.House.Deadlines.Retime(t.Context()); !fault.Is(err, fault.NotFound) {
		t.Errorf("a finished retiming goes on: %v", err)
	}
	return r.Tally
}

// ended is what is written of the clocks that have ended.
func ended(t *testing.T, w *testworld.World) (sum string) {
	t.Helper()
	testworld.Must(t, w.House.Pool.QueryRow(t.Context(),
		"SELECT md5(string_agg(c::text, ',' ORDER BY c.id)) FROM order_clocks c WHERE stopped_at IS NOT NULL").Scan(&sum))
	return sum
}

// onNoonsDay is the default calendar with other hours on the day on which
// the world begins.
func onNoonsDay(t *testing.T, hours string) sla.Calendar {
	t.Helper()
	c, err := sla.Parse([]byte(`{"dates": [{"date": "2026-10-05", "name": "day", "windows": ["` + hours + `"]}]}`))
	testworld.Must(t, err)
	return sla.Default().With(c.Dates[0])
}

// A step is approved once at a time, and for the newest calendar alone.
func TestApproveRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	d := w.House.Deadlines
	if _, err := d.Progress(t.Context()); !fault.Is(err, fault.NotFound) {
		t.Errorf("progress of nothing: %v", err)
	}
	w.Paid(t)
	older, newer := publish(t, w, shorter(t)), publish(t, w, sla.Default())
	for id, kind := range map[int64]fault.Kind{older.ID: fault.Conflict, newer.ID + 9: fault.NotFound} {
		if _, err := d.Approve(t.Context(), w.Supervisor, id); !fault.Is(err, kind) {
			t.Errorf("version %d: %v", id, err)
		}
	}
	r, err := d.Approve(t.Context(), w.Supervisor, newer.ID)
	testworld.Must(t, err)
	if _, err := d.Approve(t.Context(), w.Admin, newer.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one at a time: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM river_job WHERE kind = 'retime_clocks'"); n != 1 {
		t.Errorf("%d jobs", n)
	}
	if r = inPieces(t, w, r.ID, 7); r.Done != 1 || r.Moved != 0 {
		t.Errorf("%+v", r)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'retimed'"); n != 0 {
		t.Errorf("%d lines about what stayed", n)
	}
}

// A clock that the calendar has not enough open time for keeps its version
// and its deadline, and is counted; the others move.
func TestStuck(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	c, err := sla.Parse([]byte(`{"dates": [{"date": "2026-10-05", "windows": ["12:00-13:30"]}]}`))
	testworld.Must(t, err)
	version := publish(t, w, c)
	r, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID)
	testworld.Must(t, err)
	if r = inPieces(t, w, r.ID, 7); r.Done != 1 || r.Tally != (orders.Tally{Stuck: 1}) {
		t.Errorf("%+v", r)
	}
	clock, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if clock.VersionID == version.ID || !clock.DueAt.Equal(*o.DueAt) {
		t.Errorf("%+v", clock)
	}
}

// inPieces carries a retiming out, so many orders at a time.
func inPieces(t testing.TB, w *testworld.World, id int64, most int32) (r orders.Retiming) {
	t.Helper()
	for !r.Finished() {
		err := db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) (err error) {
			r, err = w.House.Orders.Retime(ctx, tx, w.Clock.Now(), id, most)
			return err
		})
		if !errors.Is(err, orders.ErrRetiming) {
			testworld.Must(t, err)
		}
	}
	return r
}

// asPlayedAnew checks every open clock against a replay of its own holds by
// its own calendar, and the order's due time against the clock's.
func asPlayedAnew(t testing.TB, w *testworld.World) {
	t.Helper()
	rows, err := w.House.Pool.Query(t.Context(), "SELECT order_id FROM order_clocks WHERE stopped_at IS NULL")
	testworld.Must(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[orders.ID])
	testworld.Must(t, err)
	for _, id := range ids {
		c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, id)
		testworld.Must(t, err)
		want, err := sla.Replay(c.Calendar, c.StartedAt, c.Budget, c.Extra, c.Holds)
		testworld.Must(t, err)
		if !c.DueAt.Equal(want.DueAt) || !c.FirstDueAt.Equal(want.FirstDueAt) || c.Used != want.Used || c.OnHold() != want.OnHold() {
			t.Errorf("order %d: %+v, played anew %+v", id, c.Clock, want)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM orders o JOIN order_clocks c ON c.order_id = o.id WHERE c.stopped_at IS NULL AND o.due_at <> c.due_at"); n != 0 {
		t.Errorf("%d orders say another due time than their clocks", n)
	}
}
