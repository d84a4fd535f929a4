package reports_test

import (
	"sync"
	"testing"
	"time"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A completion is counted with it: by its first promise, under who completed
// it, on the day and in the hour of Tehran, with the working time it took.
func TestACompletionIsCounted(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Clock.Set(testworld.Noon.Add(-3 * time.Hour)) // 09:00, a Monday
	late := w.Paid(t)
	w.Clock.Advance(3*time.Hour + 10*time.Minute) // 12:10: its two hours were over at 11:00
	_, err := w.House.Queue.Claim(t.Context(), w.Operator, late.Code)
	testworld.Must(t, err)
	finish(t, w, late.Code) // takes four minutes
	inTime := w.Done(t)

	rows := outcomes(t, w)
	if len(rows) != 2 {
		t.Fatalf("%d outcomes", len(rows))
	}
	for i, want := range []outcome{{int64(late.ID), w.Operator.ID, "2026-10-05", 12, false, 240}, {int64(inTime.ID), w.Operator.ID, "2026-10-05", 12, true, 240}} {
		if rows[i] != want {
			t.Errorf("outcome %d: %+v, want %+v", i, rows[i], want)
		}
	}
	if n := w.Count(t, "SELECT done * 100 + in_time * 10 + measured FROM report_days WHERE day = '2026-10-05' AND handling_seconds = 480"); n != 212 {
		t.Errorf("the day counts %d", n)
	}
	if n := w.Count(t, "SELECT done FROM report_hours WHERE day = '2026-10-05' AND hour = 12"); n != 2 {
		t.Errorf("the hour counts %d", n)
	}
}

// Around midnight in Tehran, 20:30 UTC, a day ends and another begins.
func TestTheDayIsTehrans(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Set(time.Date(2026, 10, 5, 20, 24, 0, 0, time.UTC)) // 23:54, and done at 23:58
	finish(t, w, o.Code)
	o = w.Claimed(t)
	w.Clock.Set(time.Date(2026, 10, 5, 20, 28, 0, 0, time.UTC)) // 23:58, and done at 00:02
	finish(t, w, o.Code)
	rows := outcomes(t, w)
	if len(rows) != 2 || rows[0].day != "2026-10-05" || rows[0].hour != 23 || rows[1].day != "2026-10-06" || rows[1].hour != 0 {
		t.Errorf("%+v", rows)
	}
}

// What waits for its customer is not handled meanwhile, and a reopened order
// has an outcome of each clock.
func TestHoldsAndReopenings(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Advance(6 * time.Minute)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "Which region?"))
	w.Clock.Advance(50 * time.Minute)
	testworld.Must(t, w.House.Queue.Answer(t.Context(), w.Operator, o.ID, "Turkey"))
	finish(t, w, o.Code)
	_, err := w.House.Queue.Reopen(t.Context(), w.Supervisor, o.Code, "The wrong account")
	testworld.Must(t, err)
	w.Clock.Advance(121 * time.Minute)
	testworld.Must(t, w.House.Fulfil.Complete(t.Context(), w.Supervisor, o.Code, nil))
	rows := outcomes(t, w)
	if len(rows) != 2 || !rows[0].inTime || rows[0].seconds != 600 || rows[1].inTime || rows[1].member != w.Supervisor.ID || rows[1].seconds != 121*60 {
		t.Errorf("%+v", rows)
	}
}

func TestOutcomesAreForGood(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Done(t)
	for _, sql := range []string{"UPDATE report_outcomes SET hour = 1", "DELETE FROM report_outcomes", "TRUNCATE report_outcomes"} {
		if _, err := w.House.Pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s was let through", sql)
		}
	}
}

func TestTarget(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r := w.House.Reports
	if target, err := r.Target(t.Context()); err != nil || target.Orders != 0 {
		t.Errorf("%+v, %v", target, err)
	}
	for _, n := range []int{0, -1, 100_001} {
		if err := r.SetTarget(t.Context(), w.Supervisor, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d: %v", n, err)
		}
	}
	testworld.Must(t, r.SetTarget(t.Context(), w.Supervisor, 40))
	testworld.Must(t, r.SetTarget(t.Context(), w.Admin, 55))
	if target, err := r.Target(t.Context()); err != nil || target.Orders != 55 || target.SetBy != w.Admin.ID {
		t.Errorf("%+v, %v", target, err)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'report.target'"); n != 2 {
		t.Errorf("%d entries on record", n)
	}
}

// The summary comes once a day and member, when the day is over, to those
// who want it and may see the board, however many workers ask.
func TestTheSummaryComesOnceADay(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	r := w.House.Reports
	testworld.Must(t, r.Want(t.Context(), w.Supervisor, i18n.FA))
	testworld.Must(t, r.Want(t.Context(), w.Supervisor, i18n.EN))
	testworld.Must(t, r.Want(t.Context(), w.Auditor, i18n.FA))
	testworld.Must(t, r.Want(t.Context(), w.Operator, i18n.FA)) // may not see the board
	testworld.Must(t, r.Want(t.Context(), w.Admin, i18n.FA))
	testworld.Must(t, r.Unwant(t.Context(), w.Admin))
	w.Done(t)
	at := func(day, hour, minute int) {
		w.Clock.Set(time.Date(2026, 10, day, hour, minute, 0, 0, testworld.Noon.Location()).Add(-210 * time.Minute))
		ask(t, w)
	}
	at(5, 16, 59)
	wantSummaries(t, w)
	at(5, 17, 0)
	wantSummaries(t, w, "supervisor en 2026-10-05", "auditor fa 2026-10-05")
	at(5, 17, 1)
	at(6, 8, 0)
	wantSummaries(t, w, "supervisor en 2026-10-05", "auditor fa 2026-10-05")
	at(6, 18, 0)
	wantSummaries(t, w, "supervisor en 2026-10-05", "auditor fa 2026-10-05", "supervisor en 2026-10-06", "auditor fa 2026-10-06")
	at(9, 18, 0) // a Friday
	wantSummaries(t, w, "supervisor en 2026-10-05", "auditor fa 2026-10-05", "supervisor en 2026-10-06", "auditor fa 2026-10-06")
	testworld.Must(t, r.Want(t.Context(), w.Admin, i18n.FA))
	w.Clock.Set(time.Date(2026, 10, 10, 14, 0, 0, 0, time.UTC)) // Saturday 17:30
	testworld.Must(t, r.Want(t.Context(), w.Finance, i18n.FA))
	ask(t, w)
	wantSummaries(t, w, "supervisor en 2026-10-05", "auditor fa 2026-10-05", "supervisor en 2026-10-06", "auditor fa 2026-10-06",
		"supervisor en 2026-10-10", "admin fa 2026-10-10", "auditor fa 2026-10-10")
}

// ask asks for the summaries from eight workers at the same time.
func ask(t *testing.T, w *testworld.World) {
	t.Helper()
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			if err := w.House.Reports.SendSummaries(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
}

func wantSummaries(t *testing.T, w *testworld.World, want ...string) {
	t.Helper()
	list, err := w.House.Notices.Newest(t.Context(), 1<<40, 100)
	testworld.Must(t, err)
	got := map[string]int{}
	n := 0
	for _, m := range list {
		if m.Kind != notify.DayReport {
			continue
		}
		n++
		got[m.Recipient+" "+string(m.Lang)+" "+m.Detail.Day.At.Format(time.DateOnly)]++
	}
	for _, line := range want {
		var who, rest string
		for i := range line {
			if line[i] == ' ' {
				who, rest = line[:i], line[i:]
				break
			}
		}
		if got[who+"@demo.test"+rest] != 1 {
			t.Errorf("%s: %d", line, got[who+"@demo.test"+rest])
		}
	}
	if n != len(want) {
		t.Errorf("%d summaries, want %d: %v", n, len(want), got)
	}
}

type outcome struct {
	order, member int64
	day           string
	hour          int
	inTime        bool
	seconds       int
}

func outcomes(t *testing.T, w *testworld.World) []outcome {
	t.Helper()
	rows, err := w.House.Pool.Query(t.Context(), "SELECT order_id, member_id, day::text, hour, in_time, handling_seconds FROM report_outcomes ORDER BY done_at, clock_id")
	testworld.Must(t, err)
	defer rows.Close()
	var list []outcome
	for rows.Next() {
		var o outcome
		testworld.Must(t, rows.Scan(&o.order, &o.member, &o.day, &o.hour, &o.inTime, &o.seconds))
		list = append(list, o)
	}
	return list
}

// finish carries an order out that the operator holds, in four minutes.
func finish(t *testing.T, w *testworld.World, code string) {
	t.Helper()
	o, err := w.House.Orders.ByCode(t.Context(), w.House.Pool, code)
	testworld.Must(t, err)
	w.FinishBy(t, w.Operator, o)
}
