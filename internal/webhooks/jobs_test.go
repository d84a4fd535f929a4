package webhooks_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"pishkhan/internal/testworld"
	"pishkhan/internal/webhooks"
)

// The job comes back for the next try, and ends once the event is told. Done
// twice, as after a kill, it tells nothing twice.
func TestWorker(t *testing.T) {
	t.Parallel()
	shop := receive(t)
	shop.answers(http.StatusInternalServerError, "")
	s := setup(t, shop.URL)
	e := s.cancel(t)
	worker := webhooks.DeliverWorker{Webhooks: s.House.Webhooks}
	job := &river.Job[webhooks.DeliverArgs]{Args: webhooks.DeliverArgs{EventID: e.ID}}
	for i := range 2 {
		var snooze *river.JobSnoozeError
		if err := worker.Work(t.Context(), job); !errors.As(err, &snooze) || snooze.Duration != webhooks.Backoff[0] {
			t.Errorf("round %d: %v", i, err)
		}
	}
	shop.answers(http.StatusOK, "")
	s.Clock.Advance(webhooks.Backoff[0])
	for range 2 {
		if err := worker.Work(t.Context(), job); err != nil {
			t.Error(err)
		}
	}
	if n := len(shop.calls()); n != 2 || s.event(t).State != webhooks.Delivered {
		t.Errorf("%d calls, %+v", n, s.event(t))
	}
}

// An event whose job was discarded gets another one, and only one.
func TestRecall(t *testing.T) {
	t.Parallel()
	s := setup(t, receive(t).URL)
	e := s.cancel(t)
	worker := webhooks.RecallWorker{Webhooks: s.House.Webhooks}
	recall := func(want int) {
		t.Helper()
		if err := worker.Work(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		n := s.Count(t, `SELECT count(*) FROM river_job WHERE kind = 'deliver_webhook' AND queue = 'webhooks' AND state = 'available'`)
		if n != want {
			t.Errorf("%d jobs, want %d", n, want)
		}
	}
	_, err := s.House.Pool.Exec(t.Context(), `UPDATE river_job SET state = 'discarded', finalized_at = now()`)
	testworld.Must(t, err)
	s.Clock.Advance(10 * time.Minute)
	recall(0) // its job may still be busy
	s.Clock.Advance(time.Second)
	recall(1)
	recall(1)
	s.deliver(t, e)
	_, err = s.House.Pool.Exec(t.Context(), `UPDATE river_job SET state = 'completed', finalized_at = now()`)
	testworld.Must(t, err)
	recall(0)
}
