package deadlines_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/testworld"
)

// mission is what the parent tells the child that dies.
type mission struct {
	Database, Dir string
	Now           time.Time
	Retiming      int64
	InPiece       bool // dies before the piece's commit, or after it
}

// kill -9 in the middle of a retiming, within a piece and between two, and run
// again: the same result as one that nobody disturbed.
func TestRetimingKilled(t *testing.T) {
	t.Parallel()
	undisturbed := retimingResult(t, func(w *testworld.World, id int64) { inPieces(t, w, id, 20) })
	for _, inPiece := range []bool{false, true} {
		killed := retimingResult(t, func(w *testworld.World, id int64) {
			killedIn(t, mission{w.DatabaseURL(), w.Dir, w.Clock.Now(), id, inPiece})
			r, err := w.House.Orders.Retiming(t.Context(), w.House.Pool, id)
			testworld.Must(t, err)
			if r.Finished() || r.Done != 60 {
				t.Fatalf("killed too early or too late: %+v", r)
			}
			inPieces(t, w, id, 20)
		})
		if killed != undisturbed {
			t.Errorf("killed within a piece: %v: \n%s\nundisturbed:\n%s", inPiece, killed, undisturbed)
		}
	}
}

// retimingResult is all that a retiming of the same orders leaves behind.
func retimingResult(t *testing.T, run func(w *testworld.World, id int64)) (result string) {
	t.Helper()
	w := testworld.New(t)
	w.Many(t, testworld.Open(150))
	version := publish(t, w, shorter(t))
	r, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID)
	testworld.Must(t, err)
	run(w, r.ID)
	asPlayedAnew(t, w)
	testworld.Must(t, w.House.Pool.QueryRow(t.Context(), `SELECT concat_ws(E'\n',
		(SELECT row(done, total, moved, cured, broken, stuck, finished_at) FROM retimings),
		(SELECT count(*) || ' ' || md5(string_agg(c::text, ',' ORDER BY id)) FROM order_clocks c),
		(SELECT md5(string_agg(row(id, due_at)::text, ',' ORDER BY id)) FROM orders),
		(SELECT count(*) || ' ' || md5(string_agg(s::text, ',' ORDER BY order_id)) FROM retimed_clocks s),
		(SELECT count(*) || ' ' || md5(string_agg(row(order_id, at, actor_id, detail)::text, ',' ORDER BY order_id)) FROM order_events WHERE verb = 'retimed'))`).
		Scan(&result))
	return result
}

// killedIn lets a child go on with a retiming until it kills itself.
func killedIn(t *testing.T, m mission) {
	t.Helper()
	told, err := json.Marshal(m)
	testworld.Must(t, err)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRetimingChild$", "-test.timeout=2m")
	child.Env = append(os.Environ(), "PISHKHAN_TEST_MISSION="+string(told))
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	err = child.Run()
	status, ok := child.ProcessState.Sys().(syscall.WaitStatus)
	if err == nil || !ok || !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the child was not killed: %v\n%s", err, out.String())
	}
}

// TestRetimingChild is the process that dies. It is run by TestRetimingKilled
// alone.
func TestRetimingChild(t *testing.T) {
	told := os.Getenv("PISHKHAN_TEST_MISSION")
	if told == "" {
		t.Skip("run by TestRetimingKilled")
	}
	var m mission
	testworld.Must(t, json.Unmarshal([]byte(told), &m))
	w := testworld.Reopen(t, m.Database, m.Dir, m.Now)
	die := func() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }
	for piece := 1; ; piece++ {
		testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
			_, err := w.House.Orders.Retime(ctx, tx, w.Clock.Now(), m.Retiming, 20)
			if m.InPiece && piece == 4 {
				die()
			}
			return err
		}))
		if !m.InPiece && piece == 3 {
			die()
		}
	}
}
