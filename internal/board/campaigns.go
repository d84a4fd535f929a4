package board

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
)

// CampaignUse is an order that was placed with a campaign's code.
type CampaignUse struct {
	ID       int64
	Code     string // of the order
	State    orders.State
	Customer string
	Off      money.Rials // what the code took off
	UsedAt   time.Time
	Released bool // the order came to nothing, and the code can be used again
}

// CampaignUses returns a page of a campaign's uses before the one of that ID
// (the newest when it is 0), newest first; more tells whether others follow.
func (b *Board) CampaignUses(ctx context.Context, campaignID, before int64) (uses []CampaignUse, more bool, err error) {
	rows, err := sqlq.New(b.pool).CampaignUses(ctx, sqlq.CampaignUsesParams{
		CampaignID: campaignID, Kind: string(pricing.DiscountCode), Before: before, Most: PageSize + 1,
	})
	if err != nil {
		return nil, false, fmt.Errorf("uses of campaign %d: %w", campaignID, err)
	}
	rows, more = cut(rows)
	uses = make([]CampaignUse, len(rows))
	for i, r := range rows {
		uses[i] = CampaignUse{
			ID: r.ID, Code: r.Code, State: orders.State(r.State), Customer: r.Name,
			Off: money.Rials(r.OffRials), UsedAt: r.UsedAt, Released: r.ReleasedAt != nil,
		}
	}
	return uses, more, nil
}

// CampaignCost returns what a campaign's code has taken off in all, without
// the orders that came to nothing.
func (b *Board) CampaignCost(ctx context.Context, campaignID int64) (money.Rials, error) {
	off, err := sqlq.New(b.pool).CampaignCost(ctx, campaignID, string(pricing.DiscountCode))
	if err != nil {
		return 0, fmt.Errorf("cost of campaign %d: %w", campaignID, err)
	}
	return money.Rials(off), nil
}
