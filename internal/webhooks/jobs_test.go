package webhooks_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/riverqueue/river"

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
