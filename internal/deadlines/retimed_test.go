package deadlines_test

import (
	"testing"
	"time"

	"pishkhan/internal/testworld"
)

// Clocks that move to another calendar are armed by it: a breach that it undoes
// is lifted without a message, and the next one is told at its own time.
func TestARetimingArmsAnew(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t) // noon; by the other calendar the lunch break is no working time
	w.Clock.Advance(2*time.Hour + time.Second)
	sweep(t, w)
	told := messages(t, w, "order_escalated")
	version := publish(t, w, shorter(t))
	r, err := w.House.Deadlines.Approve(t.Context(), w.Supervisor, version.ID)
	for err == nil && !r.Finished() {
		r, err = w.House.Deadlines.Retime(t.Context())
	}
	testworld.Must(t, err)
	if got := facts(t, w, o); got != "warning 50" { // 61 minutes are used
		t.Errorf("after the retiming: %q", got)
	}
	if at := alarm(t, w, o); at == nil || !at.Equal(testworld.Noon.Add(156*time.Minute)) {
		t.Errorf("armed for %v", at)
	}
	sweep(t, w)
	if n := messages(t, w, "order_escalated"); n != told {
		t.Errorf("%d messages about what merely moved", n-told)
	}
	w.Clock.Advance(time.Hour)
	sweep(t, w)
	if got := facts(t, w, o); got != "warning 50, warning 80, breach 0, escalation 0" {
		t.Errorf("after the new deadline: %q", got)
	}
}
