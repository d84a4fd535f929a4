package desk_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/views/desk"
)

// A page of fifty orders: where most of the time goes that the queue takes.
func BenchmarkQueuePage(b *testing.B) {
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	page := desk.QueuePage{MayTake: true, Read: now, Query: desk.QueueQuery{View: board.Free}}
	for i := range 50 {
		page.Rows = append(page.Rows, desk.Row{
			Row: board.Row{
				Code: fmt.Sprintf("7KQ2M%02d", i), Total: 123_450_000, Site: "store.example.com", State: orders.Paid, PlacedAt: now.Add(-time.Hour), StateSince: now.Add(-time.Hour),
				Name: "سارا محمدی", Mobile: "09121234567", Time: board.Time{Now: now, Due: now.Add(time.Hour), Left: time.Hour, Open: 5 * time.Hour},
			},
			Service: "شارژ استیم", MayTake: true,
		})
	}
	ctx := i18n.WithLang(b.Context(), i18n.FA)
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := desk.Queue(page).Render(ctx, &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "bytes/page")
}
