package board_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// TestTheBoardAmongManyOrders reads every figure and every list among a
// hundred thousand orders (or as many as PISHKHAN_BOARD_ORDERS says), and no
// table of them from end to end.
func TestTheBoardAmongManyOrders(t *testing.T) {
	w := testworld.New(t)
	size := 100_000
	if n, err := strconv.Atoi(os.Getenv("PISHKHAN_BOARD_ORDERS")); err == nil {
		size = n
	}
	crowd := testworld.Open(size * 4 / 10)
	crowd.Done = size * 6 / 10
	w.Many(t, crowd)
	countOutcomes(t, w)
	w.House.Pool.Reset() // sessions tell what they have read when they end
	time.Sleep(2 * time.Second)
	before := scans(t, w)
	reads := readings(w)
	for range 20 {
		for what, read := range reads {
			if err := read(t); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
		}
	}
	w.House.Pool.Reset()
	for deadline := time.Now().Add(30 * time.Second); scans(t, w)["orders"][1] < before["orders"][1]+20; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the sessions do not tell what they have read")
		}
	}
	for table, after := range scans(t, w) {
		if n := after[0] - before[table][0]; n > 0 {
			t.Errorf("%s was read from end to end %d times", table, n)
		}
	}
	for what, read := range reads {
		var took []time.Duration
		for range 40 {
			start := time.Now()
			testworld.Must(t, read(t))
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		t.Logf("%d orders, %s: p50 %s, p95 %s", size, what, took[len(took)/2], took[len(took)*95/100])
	}
}

// readings are what pages of the board read.
func readings(w *testworld.World) map[string]func(t *testing.T) error {
	b, late := w.House.Board, false
	today := jalali.FromTime(w.Clock.Now())
	months := board.Range{From: jalali.FromTime(w.Clock.Now().AddDate(0, 0, -89)), To: today}
	list := func(f board.Figure) func(t *testing.T) error {
		return func(t *testing.T) error {
			_, err := b.Behind(t.Context(), f, board.Mark{}, board.PageSize)
			return err
		}
	}
	return map[string]func(t *testing.T) error{
		"overview": func(t *testing.T) error { _, err := b.Overview(t.Context()); return err },
		"report of 7": func(t *testing.T) error {
			_, err := b.Report(t.Context(), board.Range{From: jalali.FromTime(w.Clock.Now().AddDate(0, 0, -6)), To: today})
			return err
		},
		"report of 90":     func(t *testing.T) error { _, err := b.Report(t.Context(), months); return err },
		"late":             list(board.Figure{Of: board.OfLate}),
		"soon":             list(board.Figure{Of: board.OfSoon}),
		"free":             list(board.Figure{Of: board.OfFree}),
		"in progress":      list(board.Figure{Of: board.OfState, State: orders.InProgress}),
		"expired":          list(board.Figure{Of: board.OfState, State: orders.Expired}),
		"held":             list(board.Figure{Of: board.OfHeld, MemberID: w.Operator.ID}),
		"forecast":         list(board.Figure{Of: board.OfForecast}),
		"late of a person": list(board.Figure{Of: board.OfDone, Range: months, MemberID: w.Operator.ID, InTime: &late}),
		"done":             list(board.Figure{Of: board.OfDone, Range: months}),
	}
}

// countOutcomes makes the outcomes that the verbs would have kept.
func countOutcomes(t *testing.T, w *testworld.World) {
	t.Helper()
	for _, sql := range []string{
		`INSERT INTO report_outcomes (clock_id, order_id, service_id, member_id, done_at, day, hour, first_due_at, in_time, handling_seconds)
		 SELECT DISTINCT ON (k.id) k.id, k.order_id, v.service_id, c.member_id, k.stopped_at, (k.stopped_at AT TIME ZONE 'Asia/Tehran')::date,
		        extract(hour FROM k.stopped_at AT TIME ZONE 'Asia/Tehran'), k.first_due_at, k.stopped_at <= k.first_due_at, 300 + k.id % 900
		 FROM order_clocks k JOIN orders o ON o.id = k.order_id JOIN service_versions v ON v.id = o.service_version_id
		 JOIN claims c ON c.order_id = k.order_id AND c.ended_how = 'completed' WHERE k.stopped_at IS NOT NULL ORDER BY k.id, c.id`,
		`INSERT INTO report_days SELECT day, service_id, member_id, count(*), count(*) FILTER (WHERE in_time), count(*), sum(handling_seconds) FROM report_outcomes GROUP BY 1, 2, 3`,
		`INSERT INTO report_hours SELECT day, member_id, hour, count(*) FROM report_outcomes GROUP BY 1, 2, 3`,
		`VACUUM ANALYZE report_outcomes, report_days, report_hours, orders`,
	} {
		_, err := w.House.Pool.Exec(t.Context(), sql)
		testworld.Must(t, err)
	}
	if n := w.Count(t, "SELECT count(*) FROM report_outcomes"); n == 0 {
		t.Fatal("nothing was completed")
	}
}

// scans are how often each large table was read from end to end, and by an index.
func scans(t *testing.T, w *testworld.World) map[string][2]int {
	t.Helper()
	read := map[string][2]int{}
	for _, table := range []string{"orders", "order_clocks", "claims", "report_outcomes", "order_events", "identity_cases", "customers"} {
		read[table] = [2]int{
			w.Count(t, "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = $1", table),
			w.Count(t, "SELECT idx_scan FROM pg_stat_user_tables WHERE relname = $1", table),
		}
	}
	return read
}
