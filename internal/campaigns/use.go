package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/campaigns/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// Use writes down that an order is placed with a campaign's code. Everybody
// who uses the code waits for tx to end, so that the limits hold. It returns
// Conflict when the limits are reached (campaigns.error.used_up, used_by_you)
// or the campaign does not run any more (over, not_yet); tx must then be
// rolled back. An order can use one code, once.
func (c *Campaigns) Use(ctx context.Context, tx pgx.Tx, now time.Time, campaignID, orderID, customerID int64) error {
	q := sqlq.New(tx)
	maxEach, err := q.CountIn(ctx, campaignID, now)
	if errors.Is(err, pgx.ErrNoRows) {
		return c.whyNot(ctx, tx, now, campaignID)
	}
	if err != nil {
		return fmt.Errorf("use campaign %d: %w", campaignID, err)
	}
	if maxEach != nil {
		used, err := q.CountUses(ctx, campaignID, customerID)
		if err != nil {
			return fmt.Errorf("use campaign %d: %w", campaignID, err)
		}
		if used >= int64(*maxEach) {
			return fault.New(fault.Conflict, "campaigns.error.used_by_you", "n", int(*maxEach))
		}
	}
	err = q.InsertUse(ctx, sqlq.InsertUseParams{CampaignID: campaignID, OrderID: orderID, CustomerID: customerID, UsedAt: now})
	if err != nil {
		return db.Fault(fmt.Errorf("use campaign %d for order %d: %w", campaignID, orderID, err), nil)
	}
	return nil
}

func (c *Campaigns) whyNot(ctx context.Context, tx pgx.Tx, now time.Time, campaignID int64) error {
	campaign, err := find(sqlq.New(tx).CampaignByID(ctx, campaignID))
	if err != nil {
		return err
	}
	if err := campaign.open(now, fault.Conflict); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "campaigns.error.used_up") // given back by another in this very moment
}

// Release gives the uses of orders that expired or were cancelled back.
// Orders without a code, and those released before, are passed over.
func (c *Campaigns) Release(ctx context.Context, tx pgx.Tx, now time.Time, orderIDs []int64) error {
	if err := sqlq.New(tx).ReleaseUses(ctx, &now, orderIDs); err != nil {
		return fmt.Errorf("release codes: %w", err)
	}
	return nil
}
