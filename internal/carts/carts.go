// Package carts holds what a customer gathers before checkout: each line is
// an answered form with its frozen price, the login sealed in the vault. How
// many lines there are, the customer's tier and a campaign code make the
// lines cheaper, so that each change of a basket looks at all its prices.
package carts

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/attachments"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/club"
	"pishkhan/internal/pricing"
	"pishkhan/internal/vault"
)

// MaxLines is how many orders one basket holds.
const MaxLines = 1000

// Line is one order in the making.
type Line struct {
	ID           int64
	Service      catalog.Service
	Answers      map[string]string // without the sealed ones
	Site         string            // host of the payment page
	CredentialID int64             // 0: none
	UploadID     int64             // the upload that it came with; 0: none
	Quote        pricing.Quote
	AddedAt      time.Time
}

// Carts is the room's door.
type Carts struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	catalog   *catalog.Catalog
	pricing   *pricing.Pricing
	vault     *vault.Vault
	files     *attachments.Attachments
	campaigns *campaigns.Campaigns
	club      *club.Ledger
}

// New returns the carts kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, services *catalog.Catalog, prices *pricing.Pricing, v *vault.Vault,
	files *attachments.Attachments, codes *campaigns.Campaigns, tiers *club.Ledger) *Carts {
	return &Carts{pool: pool, clock: c, catalog: services, pricing: prices, vault: v, files: files, campaigns: codes, club: tiers}
}

// Owner is whose basket it is: a customer's, who is signed in, or else that
// of the browser.
type Owner struct {
	VisitorID  int64
	CustomerID int64 // 0: nobody is signed in
}

// key names the basket.
func (o Owner) key() string {
	if o.CustomerID != 0 {
		return fmt.Sprintf("basket:customer:%d", o.CustomerID)
	}
	return fmt.Sprintf("basket:visitor:%d", o.VisitorID)
}

// guest is the browser whose own basket it is; 0 for a customer's.
func (o Owner) guest() int64 {
	if o.CustomerID != 0 {
		return 0
	}
	return o.VisitorID
}

// customer is how a row names the owner: nil for a guest.
func (o Owner) customer() *int64 {
	if o.CustomerID == 0 {
		return nil
	}
	return &o.CustomerID
}

// Lines returns what is in the basket, in the order it was added.
func (c *Carts) Lines(ctx context.Context, o Owner) ([]Line, error) {
	return c.lines(ctx, c.pool, o)
}

func (c *Carts) lines(ctx context.Context, db sqlq.DBTX, o Owner) ([]Line, error) {
	rows, err := sqlq.New(db).LiveLines(ctx, o.CustomerID, o.guest())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.key(), err)
	}
	return c.fromRows(ctx, db, rows)
}

// Lock returns the basket and keeps it as it is until tx ends.
func (c *Carts) Lock(ctx context.Context, tx pgx.Tx, o Owner) ([]Line, error) {
	q := sqlq.New(tx)
	if err := q.LockBasket(ctx, o.key()); err != nil {
		return nil, fmt.Errorf("lock %s: %w", o.key(), err)
	}
	rows, err := q.LockLiveLines(ctx, o.CustomerID, o.guest())
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", o.key(), err)
	}
	return c.fromRows(ctx, tx, rows)
}

// Count returns how many lines the basket holds.
func (c *Carts) Count(ctx context.Context, o Owner) (int, error) {
	n, err := sqlq.New(c.pool).CountLive(ctx, o.CustomerID, o.guest())
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", o.key(), err)
	}
	return int(n), nil
}

// fromRows reads all prices in one query; services are remembered.
func (c *Carts) fromRows(ctx context.Context, db sqlq.DBTX, rows []sqlq.CartLine) ([]Line, error) {
	ids := make([]pricing.QuoteID, len(rows))
	for i, r := range rows {
		ids[i] = pricing.QuoteID(r.QuoteID)
	}
	quotes, err := c.pricing.Quotes(ctx, db, ids)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(rows))
	for i, r := range rows {
		service, err := c.catalog.Version(ctx, db, catalog.VersionID(r.ServiceVersionID))
		if err != nil {
			return nil, err
		}
		lines[i] = Line{
			ID: r.ID, Service: service, Site: r.Site, Quote: quotes[pricing.QuoteID(r.QuoteID)], AddedAt: r.AddedAt,
			CredentialID: orZero(r.CredentialID), UploadID: orZero(r.UploadID),
		}
		if err := json.Unmarshal(r.Answers, &lines[i].Answers); err != nil {
			return nil, fmt.Errorf("answers of line %d: %w", r.ID, err)
		}
	}
	return lines, nil
}

func orZero(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

// orNil is how a row keeps an id that may be none.
func orNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
