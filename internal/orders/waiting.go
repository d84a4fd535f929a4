package orders

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/money"
	"pishkhan/internal/orders/internal/sqlq"
)

// Waiting is an order in the queue: paid, verified, and nobody's yet.
type Waiting struct {
	ID               ID
	Code             string
	ServiceVersionID int64
	Site             string
	Total            money.Rials
	Since            time.Time // in the queue
	PlacedAt         time.Time
	DueAt            time.Time
}

// Standing is where an order stands in the queue: by its due time, then its ID.
type Standing struct {
	DueAt time.Time
	ID    ID
}

// Waiting returns what stands in the queue behind a standing, the earliest due
// first, at most so many. The zero standing is in front of all.
func (b *Book) Waiting(ctx context.Context, after Standing, most int) ([]Waiting, error) {
	rows, err := sqlq.New(b.pool).WaitingOrders(ctx, after.DueAt, int64(after.ID), int32(most))
	if err != nil {
		return nil, fmt.Errorf("list the queue: %w", err)
	}
	list := make([]Waiting, len(rows))
	for i, r := range rows {
		list[i] = Waiting{
			ID: ID(r.ID), Code: r.Code, ServiceVersionID: r.ServiceVersionID, Site: r.Site, Total: money.Rials(r.TotalRials),
			Since: r.StateSince, PlacedAt: r.PlacedAt, DueAt: *r.DueAt,
		}
	}
	return list, nil
}
