package live_test

import (
	"slices"
	"testing"
	"time"

	"pishkhan/internal/live"
	"pishkhan/internal/testworld"
)

// A hub whose connection to the other processes breaks makes another: signals,
// which come by nothing else, are heard again, and so is what was done meanwhile.
func TestABrokenConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	other := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())
	o := w.Paid(t)
	s := subscribe(t, other.House.Live, live.Staff, live.Orders)
	hears := func(name string) {
		t.Helper()
		again, timeout := time.NewTicker(50*time.Millisecond), time.After(within) // a signal may be lost
		defer again.Stop()
		for {
			select {
			case m, ok := <-s.Messages:
				if !ok {
					t.Fatalf("%s: the subscription ended", name)
				}
				if m.Signal != nil && m.Signal.Name == name {
					return
				}
			case <-again.C:
				w.House.Live.Tell(live.Signal{Topic: live.Staff, Name: name})
			case <-timeout:
				t.Fatalf("%s was never heard", name)
			}
		}
	}
	hears("before")
	if n := w.Count(t, `SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN %') broken`); n == 0 {
		t.Fatal("nobody listened")
	}
	_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	testworld.Must(t, err)
	heard := until(t, s, "the claim", verb(o.Code, "claim"))
	if !slices.ContainsFunc(heard.Batch.Changes, func(c live.Change) bool { return c.ActorID == w.Operator.ID }) {
		t.Errorf("heard %+v", heard.Batch.Changes)
	}
	hears("after")
}
