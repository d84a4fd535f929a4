package campaigns

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/campaigns/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
)

// Asker is somebody with a code.
type Asker struct {
	Code       string // as typed
	CustomerID int64  // 0: not signed in
	Tier       string // of the club; empty: none
}

// Terms returns what a code takes off the fee of a service for that customer.
// Nothing is used up yet (see Use). The faults are Invalid:
// campaigns.error.unknown, not_yet (with the time, at), over, used_up,
// members_only, not_for_you, not_for_service, used_by_you.
func (c *Campaigns) Terms(ctx context.Context, q DB, now time.Time, who Asker, service catalog.Definition) (pricing.CodeTerms, error) {
	if strings.ContainsRune(who.Code, 0) { // which Postgres does not take
		return pricing.CodeTerms{}, fault.New(fault.Invalid, "campaigns.error.unknown")
	}
	row, err := sqlq.New(q).CampaignByCode(ctx, key(who.Code))
	if errors.Is(err, pgx.ErrNoRows) {
		return pricing.CodeTerms{}, fault.New(fault.Invalid, "campaigns.error.unknown")
	}
	if err != nil {
		return pricing.CodeTerms{}, fmt.Errorf("look up a code: %w", err)
	}
	campaign := fromRow(row)
	if err := campaign.open(now, fault.Invalid); err != nil {
		return pricing.CodeTerms{}, err
	}
	if err := c.admit(ctx, q, campaign, who); err != nil {
		return pricing.CodeTerms{}, err
	}
	if !campaign.covers(service) {
		return pricing.CodeTerms{}, fault.New(fault.Invalid, "campaigns.error.not_for_service", "service", service.Title)
	}
	left, err := left(ctx, q, campaign, who.CustomerID)
	if err != nil {
		return pricing.CodeTerms{}, err
	}
	if left == 0 {
		return pricing.CodeTerms{}, fault.New(fault.Invalid, "campaigns.error.used_by_you", "n", campaign.MaxUsesEach)
	}
	return pricing.CodeTerms{CampaignID: campaign.ID, Code: campaign.Code, Percent: campaign.Percent, OffRials: campaign.Off}, nil
}

// Unlimited is more orders than anybody places.
const Unlimited = 1 << 30

// Left returns how many more orders of that customer (0: not known yet) a
// campaign may be used for, by its limits alone: a basket may hold more lines
// than that. Without a limit it is Unlimited.
func (c *Campaigns) Left(ctx context.Context, q DB, campaignID, customerID int64) (int, error) {
	campaign, err := find(sqlq.New(q).CampaignByID(ctx, campaignID))
	if err != nil {
		return 0, err
	}
	return left(ctx, q, campaign, customerID)
}

func left(ctx context.Context, q DB, campaign Campaign, customerID int64) (int, error) {
	most := Unlimited
	if campaign.MaxUses > 0 {
		most = campaign.MaxUses - campaign.Used
	}
	if campaign.MaxUsesEach == 0 {
		return most, nil
	}
	used := int64(0)
	if customerID != 0 {
		var err error
		if used, err = sqlq.New(q).CountUses(ctx, campaign.ID, customerID); err != nil {
			return 0, fmt.Errorf("uses of campaign %d: %w", campaign.ID, err)
		}
	}
	return min(most, max(campaign.MaxUsesEach-int(used), 0)), nil
}

// open returns a fault of that kind when no order may use the campaign at now.
func (c Campaign) open(now time.Time, kind fault.Kind) error {
	switch c.State(now) {
	case Planned:
		return fault.New(kind, "campaigns.error.not_yet", "at", c.StartsAt)
	case UsedUp:
		return fault.New(kind, "campaigns.error.used_up")
	case Over, Ended:
		return fault.New(kind, "campaigns.error.over")
	}
	return nil
}

// admit refuses who is not in the audience.
func (c *Campaigns) admit(ctx context.Context, q DB, campaign Campaign, who Asker) error {
	switch {
	case campaign.Audience == Everyone:
		return nil
	case who.CustomerID == 0:
		return fault.New(fault.Invalid, "campaigns.error.members_only")
	case campaign.Audience == Members, campaign.Audience == Tiers && slices.Contains(campaign.Tiers, who.Tier):
		return nil
	case campaign.Audience == Listed:
		if listed, err := c.isListed(ctx, q, campaign, who.CustomerID); err != nil || listed {
			return err
		}
	}
	return fault.New(fault.Invalid, "campaigns.error.not_for_you")
}

func (c *Campaigns) isListed(ctx context.Context, q DB, campaign Campaign, customerID int64) (bool, error) {
	mobile, err := c.customers.Mobile(ctx, q, customerID)
	if err != nil {
		return false, err
	}
	listed, err := sqlq.New(q).IsListed(ctx, campaign.ID, mobile)
	if err != nil {
		return false, fmt.Errorf("customers of campaign %d: %w", campaign.ID, err)
	}
	return listed, nil
}

func (c Campaign) covers(service catalog.Definition) bool {
	return len(c.Services) == 0 && len(c.Families) == 0 ||
		slices.Contains(c.Services, service.Slug) || slices.Contains(c.Families, service.Family)
}
