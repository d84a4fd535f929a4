package testworld

import (
	"testing"

	"pishkhan/internal/crowd"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
)

// Crowd says how many orders of each kind Many makes.
type Crowd = crowd.Size

// Open is a crowd of n open orders: most in the queue, a third being worked
// on, a tenth waiting for their customers.
func Open(n int) Crowd { return crowd.Open(n) }

// Many fills the database with orders, as crowd.Fill does: 100,000 in
// seconds. One order of each sample service comes on top, which awaits its
// payment. The database must be the test's own.
func (w *World) Many(t testing.TB, size Crowd) {
	t.Helper()
	plan := crowd.Plan{Size: size, Now: w.Clock.Now(), Members: []int64{w.Operator.ID, w.Operator2.ID, w.Supervisor.ID}}
	for _, slug := range sample.Slugs {
		plan.Like = append(plan.Like, orders.ID(w.Placed(t, slug).Orders[0].ID))
	}
	Must(t, crowd.Fill(t.Context(), w.House, plan))
}
