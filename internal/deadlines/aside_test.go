package deadlines_test

import (
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// Clocks whose holds contradict them are set aside, by the dry run and by the
// step alike; all others move. They are listed, supervisors and admins are
// warned until they have seen it, and the next step judges who was mended.
func TestContradictoryClocksAreSetAside(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	d := w.House.Deadlines
	w.Many(t, testworld.Open(30))
	odd, twice := w.Paid(t), w.Paid(t)
	contradict(t, w, odd)
	contradict(t, w, twice)
	_, err := w.House.Pool.Exec(t.Context(), `INSERT INTO clock_holds (clock_id, from_at, to_at)
		SELECT id, started_at + interval '2 minutes', started_at + interval '3 minutes' FROM order_clocks WHERE order_id = $1`, twice.ID)
	testworld.Must(t, err)
	version := publish(t, w, shorter(t))
	forecast, err := d.DryRun(t.Context(), version.Calendar)
	testworld.Must(t, err)
	if forecast.Open != 32 || forecast.Aside != 2 || len(forecast.Asides) != 2 || forecast.Asides[0].Code != odd.Code || forecast.Moved < 10 {
		t.Errorf("forecast %+v", forecast)
	}
	r, err := d.Approve(t.Context(), w.Supervisor, version.ID)
	testworld.Must(t, err)
	if r = inPieces(t, w, r.ID, 7); r.Done != 32 || r.Tally != forecast.Tally {
		t.Errorf("%+v, forecast %+v", r, forecast.Tally)
	}
	list, err := w.House.Orders.Asides(t.Context(), w.House.Pool, r.ID, 0, 9)
	testworld.Must(t, err)
	if len(list) != 2 || list[0].Code != odd.Code || list[0].Why == "" || list[1].Code != twice.Code || list[1].Why == "" {
		t.Errorf("set aside: %+v", list)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_clocks WHERE stopped_at IS NULL AND calendar_version_id <> $1", version.ID); n != 2 {
		t.Errorf("%d clocks stay", n)
	}
	clock, err := w.House.Orders.Clock(t.Context(), w.House.Pool, odd.ID)
	if err != nil || !clock.DueAt.Equal(*odd.DueAt) {
		t.Errorf("%+v, %v", clock, err)
	}
	asideIsSeen(t, w, r)

	_, err = w.House.Pool.Exec(t.Context(), "DELETE FROM clock_holds h USING order_clocks c WHERE c.id = h.clock_id AND c.order_id IN ($1, $2)", odd.ID, twice.ID)
	testworld.Must(t, err)
	again, err := d.Approve(t.Context(), w.Supervisor, version.ID)
	testworld.Must(t, err)
	if again = inPieces(t, w, again.ID, 7); again.Total != 2 || again.Done != 2 || again.Aside != 0 {
		t.Errorf("mended: %+v", again)
	}
	asPlayedAnew(t, w)
	if _, err := d.Approve(t.Context(), w.Supervisor, version.ID); !fault.Is(err, fault.Conflict) {
		t.Errorf("nothing is left, but %v", err)
	}
}

// contradict says of a running clock that it waits.
func contradict(t *testing.T, w *testworld.World, o orders.Order) {
	t.Helper()
	_, err := w.House.Pool.Exec(t.Context(), "INSERT INTO clock_holds (clock_id, from_at) SELECT id, started_at + interval '1 minute' FROM order_clocks WHERE order_id = $1", o.ID)
	testworld.Must(t, err)
}

func asideIsSeen(t *testing.T, w *testworld.World, r orders.Retiming) {
	t.Helper()
	d := w.House.Deadlines
	for _, who := range []audit.Actor{w.Supervisor, w.Admin, w.Operator} {
		screen, err := d.Screen(t.Context(), who)
		testworld.Must(t, err)
		warned := who.ID != w.Operator.ID
		if (screen.Aside != nil) != warned || warned && (screen.Aside.RetimingID != r.ID || screen.Aside.Clocks != 2) {
			t.Errorf("%s sees %+v", who.Name, screen.Aside)
		}
	}
	screen, err := d.Screen(t.Context(), w.Supervisor)
	testworld.Must(t, err)
	testworld.Must(t, d.Seen(t.Context(), w.Supervisor, []string{screen.Aside.Subject()}))
	if screen, err = d.Screen(t.Context(), w.Supervisor); err != nil || screen.Aside != nil {
		t.Errorf("seen, and shown: %+v, %v", screen.Aside, err)
	}
	if screen, err = d.Screen(t.Context(), w.Admin); err != nil || screen.Aside == nil {
		t.Errorf("seen by another, and gone: %v", err)
	}
}
