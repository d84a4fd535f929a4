package jobs_test

import (
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/testworld"
)

// What is of no use any more goes, more than a batch of it; what may still be
// asked for stays. A message whose link is gone is not tried for ever.
func TestClear(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	ctx, day := t.Context(), 24*time.Hour
	o := w.Claimed(t)
	testworld.Must(t, w.House.Queue.Hold(ctx, w.Operator, o.Code, "which region?"))
	testworld.Must(t, w.House.Notes.Keep(ctx, w.Operator, o.Code, map[string]string{"order_note": "half"}))
	_, err := w.House.Pool.Exec(ctx, `INSERT INTO alerts_seen (member_id, subject, seen_at)
		SELECT $1, 'clock:' || n, $2 FROM generate_series(1, 1203) n`, w.Operator.ID, w.Clock.Now())
	testworld.Must(t, err)
	left := func(when string, links, drafts, seen int) {
		t.Helper()
		testworld.Must(t, (&jobs.ClearWorker{House: w.House}).Work(ctx, &river.Job[jobs.ClearArgs]{}))
		for table, want := range map[string]int{"order_links": links, "order_drafts": drafts, "alerts_seen": seen} {
			if n := w.Count(t, "SELECT count(*) FROM "+table); n != want {
				t.Errorf("%s: %d rows of %s, want %d", when, n, table, want)
			}
		}
	}
	left("at once", 1, 1, 1203)
	w.Clock.Advance(44 * day)
	left("thirty days after the link's time", 1, 1, 1203)
	w.Clock.Advance(time.Second)
	left("a moment later", 0, 1, 1203)
	messages, err := w.House.Notices.Of(ctx, int64(o.ID))
	testworld.Must(t, err)
	for _, m := range messages {
		if _, err := jobs.NewComposer(w.House, testworld.BaseURL).Compose(ctx, m); m.Detail.Link != 0 && !isPermanent(err) {
			t.Errorf("the message of a cleared link: %v", err)
		}
	}
	w.Clock.Advance(16 * day)
	left("sixty days after the draft", 0, 0, 1203)
	w.Clock.Advance(30 * day)
	left("ninety days after it was seen", 0, 0, 0)
}

func isPermanent(err error) bool { return errors.Is(err, notify.ErrPermanent) }
