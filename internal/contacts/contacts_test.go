package contacts_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/contacts"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func open(t *testing.T, w *testworld.World, o orders.Order, why contacts.Why, note string) {
	t.Helper()
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Contacts.Open(ctx, tx, w.Clock.Now(), o.ID, why, note)
	}))
}

// For one occasion there is one call to make; a new one after it was made.
func TestOpen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	open(t, w, o, contacts.Question, "which seat?")
	open(t, w, o, contacts.Question, "which seat, again?")
	open(t, w, o, contacts.PaymentQuarantined, "")
	tasks, err := w.House.Contacts.Of(t.Context(), o.ID)
	testworld.Must(t, err)
	if live := live(tasks); len(live) != 2 || live[0].Note != "which seat?" {
		t.Fatalf("%+v", live)
	}
	testworld.Must(t, w.House.Contacts.Close(t.Context(), w.Operator, live(tasks)[0].ID, "12A"))
	open(t, w, o, contacts.Question, "and the meal?")
	if tasks, err = w.House.Contacts.Of(t.Context(), o.ID); err != nil || len(live(tasks)) != 2 {
		t.Errorf("%+v, %v", tasks, err)
	}
}

// Of many who close a call one does, and the order's history says what came of it.
func TestClose(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Unproven(t)
	tasks, err := w.House.Contacts.Of(t.Context(), o.ID)
	testworld.Must(t, err)
	task := tasks[0]
	for _, outcome := range []string{"", " \n ", strings.Repeat("x", 4001)} {
		if err := w.House.Contacts.Close(t.Context(), w.Operator, task.ID, outcome); !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Name != "outcome" {
			t.Errorf("%.10q: %v", outcome, err)
		}
	}
	var closed atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			switch err := w.House.Contacts.Close(t.Context(), w.Operator, task.ID, " will send the papers today "); {
			case err == nil:
				closed.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if closed.Load() != 1 {
		t.Errorf("closed %d times", closed.Load())
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	if e := history[len(history)-1]; e.Verb != orders.Contacted || e.Reason != "will send the papers today" || e.Actor.ID != w.Operator.ID {
		t.Errorf("%+v", e)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'contacted'"); n != 1 {
		t.Errorf("%d notes", n)
	}
	if err := w.House.Contacts.Close(t.Context(), w.Operator, 999_999, "whom?"); !fault.Is(err, fault.Conflict) {
		t.Errorf("no such call: %v", err)
	}
}

// The list of calls goes oldest first, page by page, without gaps.
func TestDue(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var want []orders.ID
	for i := range 5 {
		if i%2 == 0 {
			w.Clock.Advance(time.Minute) // some open at the same instant
		}
		o := w.Placed(t).Orders[0]
		open(t, w, o, contacts.Question, "?")
		want = append(want, o.ID)
	}
	var got []orders.ID
	var after contacts.Task
	for {
		page, err := w.House.Contacts.Due(t.Context(), after, 2)
		testworld.Must(t, err)
		if len(page) == 0 {
			break
		}
		for _, task := range page {
			got = append(got, task.OrderID)
			after = task
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func live(tasks []contacts.Task) (open []contacts.Task) {
	for _, task := range tasks {
		if task.ClosedAt == nil {
			open = append(open, task)
		}
	}
	return open
}
