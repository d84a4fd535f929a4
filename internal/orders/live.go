package orders

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/orders/internal/sqlq"
	"pishkhan/internal/sla"
)

// LiveClock is the clock of an open order, running or on hold.
type LiveClock struct {
	OrderID          ID
	Code             string
	ServiceVersionID int64
	Clock            Clock // without its holds
}

// LiveClocks returns the clocks of those of the orders that are open, by order.
func (b *Book) LiveClocks(ctx context.Context, db DB, ids ...ID) ([]LiveClock, error) {
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = int64(id)
	}
	rows, err := sqlq.New(db).LiveClocks(ctx, numbers)
	if err != nil {
		return nil, fmt.Errorf("clocks of %d orders: %w", len(ids), err)
	}
	list := make([]LiveClock, len(rows))
	for i, row := range rows {
		version, err := b.calendars.Version(ctx, db, row.CalendarVersionID)
		if err != nil {
			return nil, err
		}
		list[i] = LiveClock{OrderID: ID(row.OrderID), Code: row.Code, ServiceVersionID: row.ServiceVersionID, Clock: Clock{
			ID: row.ID, VersionID: version.ID, Calendar: version.Engine, Clock: sla.Clock{
				Budget: time.Duration(row.BudgetSeconds) * time.Second, Extra: time.Duration(row.ExtraMicros) * time.Microsecond,
				StartedAt: row.StartedAt, RunningSince: zeroable(row.RunningSince), Used: time.Duration(row.UsedSeconds) * time.Second,
				PausedAt: zeroable(row.PausedAt), DueAt: row.DueAt, FirstDueAt: row.FirstDueAt,
			},
		}}
	}
	return list, nil
}
