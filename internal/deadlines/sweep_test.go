package deadlines_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// Warnings come at their shares, the breach with the first instant after the
// deadline, and the escalation after so much working time: each by the first
// sweep that comes after, and each once.
func TestFactsComeTrueInTurn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t) // noon, two hours
	for _, step := range []struct {
		wait time.Duration
		want string
	}{
		{time.Hour - time.Second, ""},
		{time.Second, "warning 50"},
		{36*time.Minute - time.Second, "warning 50"},
		{time.Second, "warning 50, warning 80"},
		{24 * time.Minute, "warning 50, warning 80"}, // exactly at the deadline is in time
		{time.Microsecond, "warning 50, warning 80, breach 0, escalation 0"},
		{15*time.Minute - time.Second, "warning 50, warning 80, breach 0, escalation 0"},
		{time.Second, "warning 50, warning 80, breach 0, escalation 0, escalation 15"},
		{45 * time.Minute, "warning 50, warning 80, breach 0, escalation 0, escalation 15, escalation 60"},
		{100 * time.Hour, "warning 50, warning 80, breach 0, escalation 0, escalation 15, escalation 60"},
	} {
		w.Clock.Advance(step.wait)
		sweep(t, w)
		if got := facts(t, w, o); got != step.want {
			t.Errorf("at %s: %q, want %q", w.Clock.Now(), got, step.want)
		}
	}
	if got := verbs(t, w, o); got != "warned warned breached escalated escalated escalated" {
		t.Errorf("the history says %q", got)
	}
	if at := alarm(t, w, o); at != nil {
		t.Errorf("still armed for %s", at)
	}
	if n := messages(t, w, "order_late") + messages(t, w, "order_escalated"); n == 0 {
		t.Error("nobody was told")
	}
}

// What came true while no worker ran is recorded by the first sweep, as of
// when it came true; each is told the weightiest of it only.
func TestASweepCatchesUp(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	due := *o.DueAt
	w.Clock.Advance(2*time.Hour + 20*time.Minute)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50, warning 80, breach 0, escalation 0, escalation 15" {
		t.Errorf("%q", got)
	}
	var at time.Time
	testworld.Must(t, w.House.Pool.QueryRow(t.Context(), "SELECT at FROM deadline_alerts WHERE kind = 'breach'").Scan(&at))
	if !at.Equal(due.Add(time.Microsecond)) {
		t.Errorf("broken since %s, due %s", at, due)
	}
	if n := w.Count(t, "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM messages WHERE kind LIKE 'order_%' GROUP BY recipient, channel) m"); n != 1 {
		t.Errorf("somebody was told %d times", n)
	}
}

// Eight sweeps at once tell each fact once.
func TestSweepsAtOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var all []orders.Order
	for range 6 {
		all = append(all, w.Paid(t))
	}
	w.Clock.Advance(2*time.Hour + time.Second)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := w.House.Deadlines.Sweep(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	sweep(t, w)
	for _, o := range all {
		if got := verbs(t, w, o); got != "warned warned breached escalated" {
			t.Errorf("the history says %q", got)
		}
	}
	// Each order is in one message to each recipient.
	if n := w.Count(t, `SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM messages, jsonb_array_elements_text(detail -> 'codes') c
		WHERE kind LIKE 'order_%' GROUP BY recipient, channel, c) m`); n != 1 {
		t.Errorf("somebody was told of one order %d times", n)
	}
	if told := w.Count(t, "SELECT count(DISTINCT c) FROM messages, jsonb_array_elements_text(detail -> 'codes') c WHERE kind = 'order_escalated'"); told != len(all) {
		t.Errorf("%d of %d orders were told of", told, len(all))
	}
}

// A sweep that dies before its end leaves nothing behind, and the next tells
// all: fact, event, message and job are one transaction.
func TestADyingSweepLosesNothing(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	w.Clock.Advance(2*time.Hour + time.Second)
	dies := errors.New("killed")
	jobs := w.Count(t, "SELECT count(*) FROM river_job")
	err := db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := deadlines.Look(ctx, w.House.Deadlines, tx, w.Clock.Now()); err != nil {
			return err
		}
		return dies
	})
	if !errors.Is(err, dies) || facts(t, w, o) != "" || verbs(t, w, o) != "" || w.Count(t, "SELECT count(*) FROM river_job") != jobs {
		t.Fatalf("%v; on record: %q", err, facts(t, w, o))
	}
	sweep(t, w)
	told := w.Count(t, "SELECT count(*) FROM messages WHERE kind LIKE 'order_%'")
	if verbs(t, w, o) != "warned warned breached escalated" || told == 0 || w.Count(t, "SELECT count(*) FROM river_job") != jobs+told {
		t.Errorf("%q, %d messages", verbs(t, w, o), told)
	}
}

// Nothing comes true during a hold, or after the end; the rest comes after the
// resume, and what was told is not told again.
func TestNothingDuringAHold(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Advance(70 * time.Minute)
	sweep(t, w)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "Which region?"))
	if at := alarm(t, w, o); at != nil {
		t.Errorf("armed for %s during the hold", at)
	}
	w.Clock.Advance(3 * time.Hour)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50" {
		t.Errorf("during the hold: %q", got)
	}
	testworld.Must(t, w.House.Queue.Answer(t.Context(), w.Operator, o.ID, "Turkey"))
	w.Clock.Advance(26 * time.Minute)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50, warning 80" {
		t.Errorf("after the resume: %q", got)
	}
	done := w.Done(t)
	w.Clock.Advance(50 * time.Hour)
	sweep(t, w)
	if got := facts(t, w, done); got != "" || alarm(t, w, done) != nil {
		t.Errorf("after the end: %q", got)
	}
}

// An extension is a new promise: a breach that it undoes is lifted, stays on
// record, and the next one is told again.
func TestAnExtensionArmsAnew(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Advance(2*time.Hour + time.Minute)
	sweep(t, w)
	until := testworld.Noon.Add(4 * time.Hour)
	extend(t, w, o, until)
	if got := facts(t, w, o); got != "warning 50" { // 121 of 240 minutes are used
		t.Errorf("after the extension: %q", got)
	}
	if at := alarm(t, w, o); at == nil || !at.Equal(testworld.Noon.Add(192*time.Minute)) {
		t.Errorf("armed for %v", at)
	}
	w.Clock.Advance(2 * time.Hour)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50, warning 80, breach 0, escalation 0" {
		t.Errorf("after the new promise: %q", got)
	}
	if got := verbs(t, w, o); got != "warned warned breached escalated warned breached escalated" {
		t.Errorf("the history says %q", got)
	}
}

// A reopened order has a clock of its own, with warnings of its own.
func TestAReopenedOrderIsWatchedAnew(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Done(t)
	w.Clock.Advance(10 * time.Minute)
	_, err := w.House.Queue.Reopen(t.Context(), w.Supervisor, o.Code, "Wrong account")
	testworld.Must(t, err)
	w.Clock.Advance(time.Hour)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50" {
		t.Errorf("%q", got)
	}
}
