package queue_test

import (
	"sync"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/testworld"
)

// Two people hand their orders to each other, both ways at once, while one of
// them goes away with all that they hold and a supervisor takes and gives
// back: nobody waits for another in a circle, and each order has one holder.
func TestHandOverBothWays(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	var list []orders.Order
	for range 6 {
		list = append(list, w.Claimed(t))
	}
	turn := func(what string, deeds ...error) {
		for _, err := range deeds {
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err) // a deadlock is Unavailable
			}
		}
	}
	var wg sync.WaitGroup
	for round := range 5 {
		for i, o := range list {
			there, back := o, list[len(list)-1-i]
			wg.Go(func() { turn("there", q.HandOver(ctx, w.Operator, there.Code, w.Operator2.ID, "lunch")) })
			wg.Go(func() { turn("back", q.HandOver(ctx, w.Operator2, back.Code, w.Operator.ID, "lunch")) })
		}
		who, other := w.Operator, w.Operator2
		if round%2 == 1 {
			who, other = other, who
		}
		wg.Go(func() {
			turn("away", q.SetPresence(ctx, who, queue.Away, queue.ClaimsGo{Do: queue.HandAll, To: other.ID, Reason: "home"}),
				q.SetPresence(ctx, who, queue.Here, queue.ClaimsGo{}))
		})
		wg.Go(func() { turn("steal", q.Steal(ctx, w.Supervisor, list[round].Code, "why", false)) })
		wg.Go(func() { turn("by another", q.HandOver(ctx, w.Supervisor, list[round].Code, other.ID, "why")) })
	}
	wg.Wait()
	if n := w.Count(t, "SELECT count(*) FROM claims WHERE ended_at IS NULL"); n != len(list) {
		t.Errorf("%d claims on %d orders", n, len(list))
	}
	if n := w.Count(t, "SELECT count(*) FROM claims WHERE began_how = 'handed_over'"); n == 0 {
		t.Error("nothing was handed over: this proves little")
	}
	for _, member := range []audit.Actor{w.Operator, w.Operator2} {
		testworld.Must(t, q.SetPresence(ctx, member, queue.Here, queue.ClaimsGo{}))
	}
}

// What is lost in a race is told as that, and an outage as an outage.
func TestSkipTellsWhatHappened(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	q, ctx := w.House.Queue, t.Context()
	done, mine := w.Done(t), w.Claimed(t)
	refused(t, "done", q.Skip(ctx, w.Operator, done.Code, "why"), fault.Conflict, "orders.error.moved_on")
	refused(t, "a colleague's", q.Skip(ctx, w.Operator2, mine.Code, "why"), fault.Conflict, "queue.error.taken")
	_, err := w.House.Pool.Exec(ctx, "ALTER TABLE claims RENAME TO claims_away") // the claim cannot be read
	testworld.Must(t, err)
	if err := q.Skip(ctx, w.Operator, mine.Code, "why"); err == nil || fault.Is(err, fault.Conflict) {
		t.Errorf("told of an outage as %v", err)
	}
}
