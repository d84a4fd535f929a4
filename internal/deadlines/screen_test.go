package deadlines_test

import (
	"testing"
	"time"

	"pishkhan/internal/testworld"
)

// Whoever has seen ever so many late orders is still shown the one that became
// late since.
func TestNewsBehindWhatWasSeen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	d, ctx := w.House.Deadlines, t.Context()
	for range 23 {
		w.Paid(t)
		w.Clock.Advance(time.Second)
	}
	last := w.Paid(t)
	w.Clock.Set(last.DueAt.Add(-10 * time.Millisecond))
	for rounds := 0; ; rounds++ {
		screen, err := d.Screen(ctx, w.Supervisor)
		testworld.Must(t, err)
		if !screen.Any() {
			break
		}
		if rounds > 12 {
			t.Fatalf("%d are shown again and again", len(screen.House))
		}
		testworld.Must(t, d.Seen(ctx, w.Supervisor, screen.Subjects()))
	}
	w.Clock.Advance(time.Second)
	screen, err := d.Screen(ctx, w.Supervisor)
	testworld.Must(t, err)
	if len(screen.House) != 1 || screen.House[0].Code != last.Code || screen.House[0].Kind == "warning" {
		t.Errorf("%+v", screen.House)
	}
}
