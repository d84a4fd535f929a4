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
	var o Order
	var refusal error // said once the failure is on record
	err := db.InTx(ctx, b.pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := throttled(ctx, tx, now, ip); err != nil {
			return err
		}
		q := sqlq.New(tx)
		row, err := q.OrderOfCustomer(ctx, CleanCode(code), customerID)
		o, err = found(row, err)
		if fault.Is(err, fault.NotFound) {
			refusal = err
			if err := q.InsertTrackingFailure(ctx, ip, now); err != nil {
				return fmt.Errorf("track order: %w", err)
			}
			return nil
		}
		if err != nil {
			return err
		}
		return b.Show(ctx, tx, now, visitorID, o.ID)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Order{}, err
	}
	return o, nil
}

// throttled returns TooMany when the address has no try left. Until tx ends,
// no other try of that address is looked at.
func throttled(ctx context.Context, tx pgx.Tx, now time.Time, ip string) error {
	q := sqlq.New(tx)
	if err := q.LockTracking(ctx, ip); err != nil {
		return fmt.Errorf("track order: %w", err)
	}
	failed, err := q.CountTrackingFailures(ctx, ip, now.Add(-15*time.Minute))
	if err != nil {
		return fmt.Errorf("track order: %w", err)
	}
	if failed >= trackingTries {
		return fault.New(fault.TooMany, "orders.error.tracking_throttled")
	}
	return nil
}
