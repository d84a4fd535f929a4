package contacts_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/contacts"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
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
	testworld.Must(t, w.House.Contacts.LogTask(t.Context(), w.Operator, live(tasks)[0].ID, reached("12A")))
	open(t, w, o, contacts.Question, "and the meal?")
	if tasks, err = w.House.Contacts.Of(t.Context(), o.ID); err != nil || len(live(tasks)) != 2 {
		t.Errorf("%+v, %v", tasks, err)
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

func reached(note string) contacts.Report {
	return contacts.Report{Outcome: contacts.Reached, Note: note}
}
