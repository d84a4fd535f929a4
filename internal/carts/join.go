package carts

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts/internal/sqlq"
)

// Join brings what a browser gathered into the basket of the customer who has
// just signed in there. Nothing is lost, even where the basket becomes larger
// than it may be otherwise; of two codes the customer's own stays.
func (c *Carts) Join(ctx context.Context, tx pgx.Tx, now time.Time, visitorID, customerID int64) error {
	guest, customer := Owner{VisitorID: visitorID}, Owner{VisitorID: visitorID, CustomerID: customerID}
	q := sqlq.New(tx)
	if err := q.LockBasket(ctx, guest.key()); err != nil { // always before the customer's
		return fmt.Errorf("join %s: %w", guest.key(), err)
	}
	if err := q.LockBasket(ctx, customer.key()); err != nil {
		return fmt.Errorf("join %s: %w", guest.key(), err)
	}
	if err := q.JoinLines(ctx, customerID, visitorID); err != nil {
		return fmt.Errorf("join %s: %w", guest.key(), err)
	}
	if err := q.JoinCode(ctx, customerID, visitorID); err != nil {
		return fmt.Errorf("join %s: %w", guest.key(), err)
	}
	if err := q.ClearCode(ctx, 0, visitorID); err != nil {
		return fmt.Errorf("join %s: %w", guest.key(), err)
	}
	lines, err := c.Lock(ctx, tx, customer)
	if err != nil {
		return err
	}
	return c.adjust(ctx, tx, now, customer, lines)
}

// keepCode writes the code of a basket down.
func keepCode(ctx context.Context, tx pgx.Tx, o Owner, code string, now time.Time) error {
	q := sqlq.New(tx)
	var err error
	if o.CustomerID != 0 {
		err = q.SetCustomerCode(ctx, &o.CustomerID, code, now)
	} else {
		err = q.SetGuestCode(ctx, &o.VisitorID, code, now)
	}
	if err != nil {
		return fmt.Errorf("code of %s: %w", o.key(), err)
	}
	return nil
}
