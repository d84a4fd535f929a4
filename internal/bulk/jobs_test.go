package bulk_test

import (
	"errors"
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"pishkhan/internal/bulk"
	"pishkhan/internal/testworld"
)

// A large file is added in turns, in a queue of its own, and each turn goes
// on where the last one ended.
func TestTurns(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	id := take(t, w, visitor, topUps(t, 450))
	if n := w.Count(t, "SELECT count(*) FROM river_job WHERE kind = 'add_upload' AND queue = $1", bulk.Queue); n != 1 || bulk.Queue == river.QueueDefault {
		t.Errorf("%d jobs in the uploads' own queue", n)
	}
	worker := &bulk.AddWorker{Bulk: w.House.Bulk}
	job := &river.Job[bulk.AddArgs]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 5}, Args: bulk.AddArgs{UploadID: id}}
	var again *river.JobSnoozeError
	if err := worker.Work(t.Context(), job); !errors.As(err, &again) || again.Duration != 0 {
		t.Fatalf("after the first turn: %v", err)
	}
	if u := upload(t, w, visitor, id); u.State != bulk.Adding || u.Done != 300 {
		t.Errorf("after the first turn: %+v", u)
	}
	testworld.Must(t, worker.Work(t.Context(), job))
	if u := upload(t, w, visitor, id); u.State != bulk.Added || u.Done != 450 {
		t.Errorf("after the second turn: %+v", u)
	}
	if n := w.Count(t, "SELECT count(*) FROM cart_lines"); n != 450 {
		t.Errorf("%d lines", n)
	}
}
