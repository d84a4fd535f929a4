package queue_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A thousand claim one order at once: one has it, and the others are told who.
func TestClaimRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	members := []audit.Actor{w.Operator, w.Operator2, w.Supervisor}
	before := w.Count(t, "SELECT count(*) FROM order_events")
	audited := w.Count(t, "SELECT count(*) FROM audit_entries")

	var won, lost atomic.Int64
	var winner atomic.Value
	told := make(chan *fault.Fault, 1000)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			<-start
			member := members[i%len(members)]
			_, err := w.House.Queue.Claim(t.Context(), member, o.Code)
			switch {
			case err == nil:
				won.Add(1)
				winner.Store(member)
			case fault.Is(err, fault.Conflict):
				lost.Add(1)
				told <- fault.Of(err)
			default:
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	close(told)

	if won.Load() != 1 || lost.Load() != 999 {
		t.Fatalf("%d won, %d lost", won.Load(), lost.Load())
	}
	member := winner.Load().(audit.Actor)
	for f := range told {
		args := arguments(f)
		if f.Key != "queue.error.taken" || args["name"] != member.Name || args["code"] != o.Code {
			t.Fatalf("told %s %v, want the name of %s", f.Key, f.Args, member.Name)
		}
		if at, ok := args["at"].(time.Time); !ok || !at.Equal(w.Clock.Now()) {
			t.Fatalf("told since %v", args["at"])
		}
	}
	for what, sql := range map[string]string{
		"claims":        "SELECT count(*) FROM claims",
		"claim events":  "SELECT count(*) FROM order_events WHERE verb = 'claim'",
		"audit entries": "SELECT count(*) FROM audit_entries WHERE verb = 'order.claim'",
	} {
		if n := w.Count(t, sql); n != 1 {
			t.Errorf("%d %s", n, what)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events") - before; n != 1 {
		t.Errorf("%d events", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries") - audited; n != 1 {
		t.Errorf("%d audit entries", n)
	}
	held, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID)
	if err != nil || held.MemberID != member.ID || held.MemberName != member.Name {
		t.Errorf("held by %+v, %v", held, err)
	}
}

// A claim that comes minutes later is told since when the order is held, and
// one's own order cannot be taken a second time either.
func TestClaimTaken(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	since := w.Clock.Now()
	w.Clock.Advance(2 * time.Minute)
	for _, member := range []audit.Actor{w.Operator2, w.Operator, w.Supervisor} {
		_, err := w.House.Queue.Claim(t.Context(), member, o.Code)
		if !fault.Is(err, fault.Conflict) {
			t.Fatalf("%s: %v", member.Name, err)
		}
		if args := arguments(fault.Of(err)); args["name"] != w.Operator.Name || !args["at"].(time.Time).Equal(since) {
			t.Errorf("told %v", args)
		}
	}
}

// Only an order in the queue can be claimed; what is over is told as such.
func TestClaimElsewhere(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, o := range []orders.Order{w.Placed(t).Orders[0], w.Unproven(t), w.Done(t)} {
		_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
		if !fault.Is(err, fault.Conflict) || fault.Of(err).Key != "orders.error.moved_on" {
			t.Errorf("%s: %v", o.State, err)
		}
	}
	if _, err := w.House.Queue.Claim(t.Context(), w.Operator, "ZZZZZZZ"); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such order: %v", err)
	}
}

// What Claim and Next return is the order as it is from now on.
func TestClaimReturns(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	first, second := w.Paid(t), w.Paid(t)
	w.Clock.Advance(time.Minute)
	got, err := w.House.Queue.Claim(t.Context(), w.Operator, second.Code)
	if err != nil || got.ID != second.ID || got.State != orders.InProgress || !got.StateSince.Equal(w.Clock.Now()) {
		t.Errorf("claim: %+v, %v", got, err)
	}
	got, err = w.House.Queue.Next(t.Context(), w.Operator)
	if err != nil || got.ID != first.ID || got.State != orders.InProgress {
		t.Errorf("next: %+v, %v", got, err)
	}
}

// Next goes by the due time, and an empty queue is told as such.
func TestNext(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	if _, err := w.House.Queue.Next(t.Context(), w.Operator); !fault.Is(err, fault.NotFound) || fault.Of(err).Key != "queue.error.empty" {
		t.Errorf("empty queue: %v", err)
	}
	var list []orders.Order
	for range 3 {
		list = append(list, w.Paid(t))
		w.Clock.Advance(time.Minute)
	}
	_, err := w.House.Queue.Claim(t.Context(), w.Operator2, list[1].Code)
	testworld.Must(t, err)
	for _, want := range []orders.Order{list[0], list[2]} {
		got, err := w.House.Queue.Next(t.Context(), w.Operator)
		if err != nil || got.ID != want.ID {
			t.Errorf("next is %d, want %d: %v", got.ID, want.ID, err)
		}
	}
	if _, err := w.House.Queue.Next(t.Context(), w.Operator); !fault.Is(err, fault.NotFound) {
		t.Errorf("emptied queue: %v", err)
	}
}

// As many press Next at once as there are orders: each gets another one.
func TestNextRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	const many = 8
	for range many {
		w.Paid(t)
	}
	var mu sync.Mutex
	got := map[orders.ID]int{}
	empty := 0
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 2 * many {
		wg.Go(func() {
			<-start
			member := []audit.Actor{w.Operator, w.Operator2}[i%2]
			o, err := w.House.Queue.Next(t.Context(), member)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				got[o.ID]++
			case fault.Is(err, fault.NotFound):
				empty++
			default:
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	for id, n := range got {
		if n != 1 {
			t.Errorf("order %d went to %d", id, n)
		}
	}
	// One that looks while the last is being taken may be told "empty" too early, never too late.
	if len(got)+empty != 2*many || w.Count(t, "SELECT count(*) FROM claims WHERE ended_at IS NULL") != len(got) {
		t.Errorf("%d orders went, %d were told of an empty queue", len(got), empty)
	}
	if len(got) < many {
		if _, err := w.House.Queue.Next(t.Context(), w.Operator); err != nil {
			t.Errorf("what nobody got is not in the queue: %v", err)
		}
	}
}

// Two at once, two orders: both get one.
func TestNextForTwo(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for round := range 10 {
		w.Paid(t)
		w.Paid(t)
		var ids [2]orders.ID
		var wg sync.WaitGroup
		for i, member := range []audit.Actor{w.Operator, w.Operator2} {
			wg.Go(func() {
				o, err := w.House.Queue.Next(t.Context(), member)
				if err != nil {
					t.Errorf("round %d: %v", round, err)
				}
				ids[i] = o.ID
			})
		}
		wg.Wait()
		if ids[0] == ids[1] {
			t.Fatalf("round %d: both got order %d", round, ids[0])
		}
	}
}

func arguments(f *fault.Fault) map[string]any {
	args := map[string]any{}
	for i := 0; i+1 < len(f.Args); i += 2 {
		args[f.Args[i].(string)] = f.Args[i+1]
	}
	return args
}
