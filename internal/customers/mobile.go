package customers

import (
	"context"
	"errors"
	"fmt"

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
