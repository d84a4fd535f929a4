package customers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/fault"
)

// Mobile returns the mobile number of a customer, or NotFound.
func (c *Customers) Mobile(ctx context.Context, db sqlq.DBTX, customerID int64) (string, error) {
	mobile, err := sqlq.New(db).MobileOf(ctx, customerID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fault.New(fault.NotFound, "customers.error.not_found")
	}
	if err != nil {
		return "", fmt.Errorf("mobile of customer %d: %w", customerID, err)
	}
	return mobile, nil
}

// customer returns whose number it is; whoever is new here becomes a customer.
func customer(ctx context.Context, q *sqlq.Queries, now time.Time, mobile string) (int64, error) {
	id, err := q.FindCustomer(ctx, mobile)
	if !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	if err := q.InsertCustomer(ctx, mobile, now); err != nil {
		return 0, err
	}
	return q.FindCustomer(ctx, mobile)
}
