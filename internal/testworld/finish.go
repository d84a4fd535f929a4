package testworld

import (
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/orders"
)

// FinishBy lets a member carry out an order that they hold, in four minutes.
func (w *World) FinishBy(t testing.TB, member audit.Actor, o orders.Order) {
	t.Helper()
	Must(t, w.maker.Finish(t.Context(), member, o))
}
