package live_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/live"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// within is how long a test waits for what is to come at once.
const within = 20 * time.Second

func subscribe(t *testing.T, h *live.Hub, topics ...live.Topic) *live.Subscription {
	t.Helper()
	s, err := h.Subscribe(t.Context(), topics...)
	testworld.Must(t, err)
	t.Cleanup(s.Close)
	return s
}

// until waits for a message that fits.
func until(t *testing.T, s *live.Subscription, what string, fits func(live.Message) bool) live.Message {
	t.Helper()
	timeout := time.After(within)
	for {
		select {
		case m, ok := <-s.Messages:
			if !ok {
				t.Fatalf("%s: the subscription ended", what)
			}
			if fits(m) {
				return m
			}
		case <-timeout:
			t.Fatalf("%s never came", what)
		}
	}
}

func verb(code, verb string) func(live.Message) bool {
	return func(m live.Message) bool {
		return m.Batch != nil && slices.ContainsFunc(m.Batch.About(code), func(c live.Change) bool { return c.Verb == verb })
	}
}

// What one process does, the listeners of another hear: those of lists, and
// those of the order, but not those of another order.
func TestAChangeElsewhereIsHeard(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	other := testworld.Reopen(t, w.DatabaseURL(), w.Dir, w.Clock.Now())
	o, another := w.Paid(t), w.Paid(t)
	list, order, quiet := subscribe(t, other.House.Live, live.Orders), subscribe(t, other.House.Live, live.Order(o.Code)), subscribe(t, other.House.Live, live.Order(another.Code))
	_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	testworld.Must(t, err)
	m := until(t, list, "the claim", verb(o.Code, "claim"))
	c := m.Batch.About(o.Code)[0]
	if c.ActorID != w.Operator.ID || c.ActorName != w.Operator.Name || c.From != "paid" || c.To != "in_progress" {
		t.Errorf("heard %+v", c)
	}
	until(t, order, "the claim at the order", verb(o.Code, "claim"))
	select {
	case m := <-quiet.Messages:
		t.Errorf("the other order heard %+v", m)
	default:
	}
}

// Without any wake-up, as when a process dies after its commit, a hub finds
// what was done.
func TestNothingIsLostWithoutAWakeUp(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	list := subscribe(t, live.New(w.House.Pool), live.Orders)
	note(t, w, o.ID, "silent")
	until(t, list, "the silent change", verb(o.Code, "silent"))
}

func note[ID ~int64](t *testing.T, w *testworld.World, id ID, verb string) {
	t.Helper()
	_, err := w.House.Pool.Exec(t.Context(), insertNote, int64(id), verb)
	testworld.Must(t, err)
}

const insertNote = `INSERT INTO order_events (order_id, at, actor_kind, actor_id, actor_name, verb) VALUES ($1, now(), 'system', 0, 'test', $2)`

// A line that was written first and committed last is heard, and until then
// the mark does not pass it.
func TestLatecomersAreHeard(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	hub := live.New(w.House.Pool)
	list := subscribe(t, hub, live.Orders)
	slow, err := w.House.Pool.Begin(t.Context())
	testworld.Must(t, err)
	defer func() { _ = slow.Rollback(context.WithoutCancel(t.Context())) }()
	var id int64
	testworld.Must(t, slow.QueryRow(t.Context(), insertNote+" RETURNING id", int64(o.ID), "slow").Scan(&id))
	note(t, w, o.ID, "quick")
	hub.Wake()
	m := until(t, list, "the quick one", verb(o.Code, "quick"))
	if m.Batch.Mark >= id {
		t.Errorf("the mark %d passes %d, which is on its way", m.Batch.Mark, id)
	}
	testworld.Must(t, slow.Commit(t.Context()))
	hub.Wake()
	m = until(t, list, "the slow one", verb(o.Code, "slow"))
	if m.Batch.Mark < id {
		t.Errorf("the mark stays at %d, before %d", m.Batch.Mark, id)
	}
}

// Every one of many changes, made by many at once in two processes, is heard
// by each listener exactly once.
func TestEachChangeIsHeardOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	lists := []*live.Subscription{subscribe(t, w.House.Live, live.Orders), subscribe(t, live.New(w.House.Pool), live.Board)}
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for j := range each {
				tx, err := w.House.Pool.Begin(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				_, err = tx.Exec(context.Background(), insertNote, int64(o.ID), fmt.Sprintf("n%d-%d", i, j))
				if err == nil && j%5 == 4 {
					err = tx.Rollback(context.Background()) // leaves a gap for good
				} else if err == nil {
					err = tx.Commit(context.Background())
				}
				if err != nil {
					t.Error(err)
				}
				w.House.Live.Wake()
			}
		})
	}
	for _, list := range lists {
		heard := map[string]int{}
		for len(heard) < writers*each*4/5 {
			m := until(t, list, fmt.Sprintf("the rest after %d", len(heard)), func(m live.Message) bool { return m.Batch != nil })
			for _, c := range m.Batch.Changes {
				if c.Verb[0] == 'n' && c.Verb != "note" {
					heard[c.Verb]++
				}
			}
		}
		for verb, n := range heard {
			if n != 1 {
				t.Errorf("%s was heard %d times", verb, n)
			}
		}
	}
	wg.Wait()
}

// Who does not listen is dropped, and keeps nobody waiting.
func TestASlowListenerIsDropped(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	hub := live.New(w.House.Pool)
	slow, awake := subscribe(t, hub, "x"), subscribe(t, hub, "x")
	for range 100 {
		hub.Tell(live.Signal{Topic: "x", Name: "y"})
		until(t, awake, "the signal", func(m live.Message) bool { return m.Signal != nil })
	}
	n := 0
	for range slow.Messages { // ends, since it was closed
		n++
	}
	if n == 0 || n >= 100 {
		t.Errorf("the slow one had %d", n)
	}
}

// A page that was away reads on from its mark; what a transaction rolled back
// was never there.
func TestReadingOn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	hub := live.New(w.House.Pool)
	subscribe(t, hub, live.Orders)
	mark, err := hub.Mark(t.Context())
	testworld.Must(t, err)
	for i := range 3 {
		tx, err := w.House.Pool.Begin(t.Context())
		testworld.Must(t, err)
		_, err = tx.Exec(t.Context(), insertNote, int64(o.ID), fmt.Sprint("on", i))
		testworld.Must(t, err)
		testworld.Must(t, end(t, tx, i != 1))
	}
	batch, ok, err := hub.Since(t.Context(), mark)
	testworld.Must(t, err)
	var verbs []string
	for _, c := range batch.Changes {
		verbs = append(verbs, c.Verb)
	}
	if !ok || !slices.Equal(verbs, []string{"on0", "on2"}) {
		t.Errorf("read on %v, %v", verbs, ok)
	}
}

func end(t *testing.T, tx pgx.Tx, commit bool) error {
	if commit {
		return tx.Commit(t.Context())
	}
	return tx.Rollback(t.Context())
}
