// Package campaigns holds the discount codes: whom each is for, when and for
// what it works, how many orders may use it, and which did.
package campaigns

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"pishkhan/internal/campaigns/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// Audience says whom a campaign is for.
type Audience string

// The audiences, the widest first.
const (
	Everyone Audience = "everyone" // whoever has the code
	Members  Audience = "members"  // who is signed in
	Tiers    Audience = "tiers"    // who has reached one of these tiers of the club
	Listed   Audience = "listed"   // the customers of these mobile numbers, signed in
)

// Audiences lists the audiences, the widest first.
var Audiences = []Audience{Everyone, Members, Tiers, Listed}

// Campaign is a discount code with its rules. Either Percent or Off is set.
type Campaign struct {
	ID          int64
	Code        string // as it is printed, dashes included
	Name        string // for the staff
	Percent     decimal.Decimal
	Off         money.Rials
	StartsAt    time.Time
	EndsAt      time.Time // from then on it is over
	Audience    Audience
	Tiers       []string
	Services    []string // slugs; with Families empty too: every service
	Families    []catalog.Family
	MaxUses     int // orders in all; 0: any number
	MaxUsesEach int // orders of one customer; 0: any number
	Used        int // orders that use it, those that await their payment included
	CreatedBy   int64
	CreatedAt   time.Time
	EndedBy     int64 // who ended it before its time; 0: nobody
	EndedAt     *time.Time
}

// State is how a campaign stands at some instant.
type State string

// The states.
const (
	Planned State = "planned" // it has not begun
	Running State = "running"
	UsedUp  State = "used_up"
	Over    State = "over"  // its time has run out
	Ended   State = "ended" // somebody ended it
)

// State returns how the campaign stands at now.
func (c Campaign) State(now time.Time) State {
	switch {
	case c.EndedAt != nil:
		return Ended
	case !now.Before(c.EndsAt):
		return Over
	case now.Before(c.StartsAt):
		return Planned
	case c.MaxUses > 0 && c.Used >= c.MaxUses:
		return UsedUp
	}
	return Running
}

// Campaigns is the room's door.
type Campaigns struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	catalog   *catalog.Catalog
	customers *customers.Customers
	pricing   *pricing.Pricing
}

// New returns the campaigns kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, services *catalog.Catalog, who *customers.Customers, prices *pricing.Pricing) *Campaigns {
	return &Campaigns{pool: pool, clock: c, catalog: services, customers: who, pricing: prices}
}

// DB is the pool, or a transaction of the caller's.
type DB = sqlq.DBTX

// List returns the campaigns made before the one of that ID (the newest ones
// when it is 0), newest first, at most limit.
func (c *Campaigns) List(ctx context.Context, before int64, limit int32) ([]Campaign, error) {
	rows, err := sqlq.New(c.pool).CampaignsBefore(ctx, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	list := make([]Campaign, len(rows))
	for i, row := range rows {
		list[i] = fromRow(row)
	}
	return list, nil
}

// ByID returns a campaign, or NotFound.
func (c *Campaigns) ByID(ctx context.Context, id int64) (Campaign, error) {
	return find(sqlq.New(c.pool).CampaignByID(ctx, id))
}

// Mobiles returns the numbers that a campaign for listed customers is for.
func (c *Campaigns) Mobiles(ctx context.Context, id int64) ([]string, error) {
	mobiles, err := sqlq.New(c.pool).Mobiles(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("customers of campaign %d: %w", id, err)
	}
	return mobiles, nil
}

func find(row sqlq.Campaign, err error) (Campaign, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Campaign{}, fault.New(fault.NotFound, "campaigns.error.not_found")
	}
	if err != nil {
		return Campaign{}, fmt.Errorf("find campaign: %w", err)
	}
	return fromRow(row), nil
}

func fromRow(r sqlq.Campaign) Campaign {
	c := Campaign{
		ID: r.ID, Code: r.Code, Name: r.Name, Percent: r.Percent.Decimal, Off: money.Rials(orZero(r.OffRials)),
		StartsAt: r.StartsAt, EndsAt: r.EndsAt, Audience: Audience(r.Audience), Tiers: r.Tiers, Services: r.Services,
		MaxUses: int(orZero(r.MaxUses)), MaxUsesEach: int(orZero(r.MaxUsesEach)), Used: int(r.Used),
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, EndedBy: orZero(r.EndedBy), EndedAt: r.EndedAt,
	}
	for _, family := range r.Families {
		c.Families = append(c.Families, catalog.Family(family))
	}
	return c
}

func orZero[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}

// key brings a code as people type it (small letters, spaces, Persian digits,
// with or without the dashes) into the form by which it is found.
func key(typed string) string { return strings.ToUpper(iran.Digits(typed)) }

func subject(id int64) string { return fmt.Sprintf("campaign:%d", id) }
