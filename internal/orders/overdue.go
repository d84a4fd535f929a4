package orders

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/orders/internal/sqlq"
)

// Unpaid returns orders whose time to be paid has run out, at most 500.
func (b *Book) Unpaid(ctx context.Context, now time.Time) ([]ID, error) {
	ids, err := sqlq.New(b.pool).ExpiredOrders(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("unpaid orders: %w", err)
	}
	list := make([]ID, len(ids))
	for i, id := range ids {
		list[i] = ID(id)
	}
	return list, nil
}
