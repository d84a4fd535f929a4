package deadlines_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/deadlines"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// sweep makes one sweep.
func sweep(t *testing.T, w *testworld.World) {
	t.Helper()
	_, err := w.House.Deadlines.Sweep(t.Context())
	testworld.Must(t, err)
}

// facts are what stands on record of an order, as "warning 50".
func facts(t *testing.T, w *testworld.World, o orders.Order) string {
	t.Helper()
	var list string
	testworld.Must(t, w.House.Pool.QueryRow(t.Context(), `
		SELECT coalesce(string_agg(kind || ' ' || level, ', ' ORDER BY at, id), '') FROM deadline_alerts
		WHERE order_id = $1 AND lifted_at IS NULL`, o.ID).Scan(&list))
	return list
}

// verbs are those of the order's history that alerts leave, in order.
func verbs(t *testing.T, w *testworld.World, o orders.Order) string {
	t.Helper()
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	var list []string
	for _, e := range history {
		if e.Verb == orders.Warned || e.Verb == orders.Breached || e.Verb == orders.Escalated {
			list = append(list, string(e.Verb))
		}
	}
	return strings.Join(list, " ")
}

func alarm(t *testing.T, w *testworld.World, o orders.Order) *time.Time {
	t.Helper()
	var at *time.Time
	testworld.Must(t, w.House.Pool.QueryRow(t.Context(), "SELECT max(next_at) FROM clock_alarms WHERE order_id = $1", o.ID).Scan(&at))
	return at
}

// messages counts those of a kind to supervisors and admins.
func messages(t *testing.T, w *testworld.World, kind string) int {
	t.Helper()
	return w.Count(t, "SELECT count(*) FROM messages WHERE kind = $1", kind)
}

func setSteps(t *testing.T, w *testworld.World, steps ...deadlines.Step) {
	t.Helper()
	rules, err := w.House.Deadlines.Rules(t.Context())
	testworld.Must(t, err)
	testworld.Must(t, w.House.Deadlines.EditSteps(t.Context(), w.Supervisor, rules.ID, steps))
}

func extend(t *testing.T, w *testworld.World, o orders.Order, until time.Time) {
	t.Helper()
	testworld.Must(t, w.House.Fulfil.Extend(t.Context(), w.Operator, o.Code, fulfil.Extension{Until: until, Agreed: fulfil.ByPhone}))
}
