package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders/internal/sqlq"
)

// trackingTries is how many wrong tries an address has in fifteen minutes.
const trackingTries = 20

// Track lets a visitor who knows an order's code and belongs to its customer
// see it from now on. Wrong code and wrong customer are the same NotFound;
// TooMany after too many of them from one address. customerID 0 is nobody.
func (b *Book) Track(ctx context.Context, visitorID, customerID int64, code, ip string) (Order, error) {
	now := b.clock.Now()
	q := sqlq.New(b.pool)
	failed, err := q.CountTrackingFailures(ctx, ip, now.Add(-15*time.Minute))
	if err != nil {
		return Order{}, fmt.Errorf("track order: %w", err)
	}
	if failed >= trackingTries {
		return Order{}, fault.New(fault.TooMany, "orders.error.tracking_throttled")
	}
	row, err := q.OrderOfCustomer(ctx, CleanCode(code), customerID)
	o, err := found(row, err)
	if fault.Is(err, fault.NotFound) {
		if noted := q.InsertTrackingFailure(ctx, ip, now); noted != nil {
			return Order{}, fmt.Errorf("track order: %w", noted)
		}
	}
	if err != nil {
		return Order{}, err
	}
	return o, db.InTx(ctx, b.pool, func(ctx context.Context, tx pgx.Tx) error {
		return b.Show(ctx, tx, now, visitorID, o.ID)
	})
}
