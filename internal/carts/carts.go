// Package carts holds what a customer gathers before checkout: each line is
// an answered form with its frozen price, the login sealed in the vault.
package carts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
	"pishkhan/internal/vault"
)

// maxLines is how many orders one basket holds.
const maxLines = 50

// Line is one order in the making.
type Line struct {
	ID           int64
	Service      catalog.Service
	Answers      map[string]string // without the sealed ones
	Site         string            // host of the payment page
	CredentialID int64             // 0: none
	Quote        pricing.Quote
	AddedAt      time.Time
}

// Carts is the room's door.
type Carts struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	catalog *catalog.Catalog
	pricing *pricing.Pricing
	vault   *vault.Vault
}

// New returns the carts kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, services *catalog.Catalog, prices *pricing.Pricing, v *vault.Vault) *Carts {
	return &Carts{pool: pool, clock: c, catalog: services, pricing: prices, vault: v}
}

// FormKey is the name of the hidden input by which one filling of a form is
// told from another: a double click is one order, not two.
const FormKey = "_form"

// errSame says that this filling of the form is in the basket already.
var errSame = errors.New("sent twice")

// Add checks the answers to a service's form, freezes the price, seals what
// is secret, and puts the line into the visitor's basket. It returns the
// faults of catalog.Definition.Check and pricing.Freeze, and Conflict when
// the basket is full. The same answers sent twice with the same FormKey are
// one line.
func (c *Carts) Add(ctx context.Context, visitorID int64, s catalog.Service, values map[string]string) error {
	now := c.clock.Now()
	answers, err := s.Definition.Check(values, now)
	if err != nil {
		return err
	}
	open, err := json.Marshal(answers.Open)
	if err != nil {
		return fmt.Errorf("add to basket: %w", err)
	}
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		q := sqlq.New(tx)
		if n, err := q.CountLive(ctx, visitorID); err != nil {
			return fmt.Errorf("add to basket: %w", err)
		} else if n >= maxLines {
			return fault.New(fault.Conflict, "carts.error.full", "max", maxLines)
		}
		quote, err := c.pricing.Freeze(ctx, tx, now, s, answers.Amount, pricing.Alone)
		if err != nil {
			return err
		}
		line := sqlq.InsertLineParams{
			VisitorID: visitorID, ServiceVersionID: int64(s.VersionID), Answers: open,
			Site: answers.Site, QuoteID: int64(quote.ID), FormKey: formKey(values[FormKey], open), AddedAt: now,
		}
		if len(answers.Sealed) > 0 {
			id, err := c.vault.Deposit(ctx, tx, now, answers.Sealed)
			if err != nil {
				return err
			}
			line.CredentialID = &id
		}
		_, err = q.InsertLine(ctx, line)
		if errors.Is(err, pgx.ErrNoRows) {
			return errSame // nothing of this second time is kept
		}
		if err != nil {
			return fmt.Errorf("add to basket: %w", err)
		}
		return nil
	})
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// formKey ties the key of a form to what was answered: who goes back, changes
// an answer and sends the form again wants another line. nil without a key.
func formKey(key string, answers []byte) *string {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256(append([]byte(key+"\x00"), answers...))
	text := hex.EncodeToString(sum[:])
	return &text
}

// Lines returns what is in the visitor's basket, in the order it was added.
func (c *Carts) Lines(ctx context.Context, visitorID int64) ([]Line, error) {
	rows, err := sqlq.New(c.pool).LiveLines(ctx, visitorID)
	if err != nil {
		return nil, fmt.Errorf("basket of visitor %d: %w", visitorID, err)
	}
	return c.fromRows(ctx, c.pool, rows)
}

// Lock returns the basket and keeps it as it is until tx ends.
func (c *Carts) Lock(ctx context.Context, tx pgx.Tx, visitorID int64) ([]Line, error) {
	rows, err := sqlq.New(tx).LockLiveLines(ctx, visitorID)
	if err != nil {
		return nil, fmt.Errorf("basket of visitor %d: %w", visitorID, err)
	}
	return c.fromRows(ctx, tx, rows)
}

// Count returns how many lines the visitor's basket holds.
func (c *Carts) Count(ctx context.Context, visitorID int64) (int, error) {
	n, err := sqlq.New(c.pool).CountLive(ctx, visitorID)
	if err != nil {
		return 0, fmt.Errorf("basket of visitor %d: %w", visitorID, err)
	}
	return int(n), nil
}

// Remove takes a line out of the basket and destroys its login. A line that
// is not there is NotFound.
func (c *Carts) Remove(ctx context.Context, visitorID, lineID int64) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		credential, err := sqlq.New(tx).RemoveLine(ctx, &now, lineID, visitorID)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "carts.error.no_line")
		}
		if err != nil {
			return fmt.Errorf("remove line %d: %w", lineID, err)
		}
		if credential == nil {
			return nil
		}
		return c.vault.Destroy(ctx, tx, now, *credential)
	})
}

// Clear takes lines out of the basket that have become orders, which keep the
// logins. What was added since Lock stays.
func (c *Carts) Clear(ctx context.Context, tx pgx.Tx, now time.Time, lines []Line) error {
	ids := make([]int64, len(lines))
	for i, line := range lines {
		ids[i] = line.ID
	}
	if err := sqlq.New(tx).ClearLines(ctx, &now, ids); err != nil {
		return fmt.Errorf("clear basket: %w", err)
	}
	return nil
}

func (c *Carts) fromRows(ctx context.Context, db sqlq.DBTX, rows []sqlq.CartLine) ([]Line, error) {
	lines := make([]Line, len(rows))
	for i, r := range rows {
		service, err := c.catalog.Version(ctx, db, catalog.VersionID(r.ServiceVersionID))
		if err != nil {
			return nil, err
		}
		quote, err := c.pricing.Quote(ctx, db, pricing.QuoteID(r.QuoteID))
		if err != nil {
			return nil, err
		}
		lines[i] = Line{ID: r.ID, Service: service, Site: r.Site, Quote: quote, AddedAt: r.AddedAt}
		if r.CredentialID != nil {
			lines[i].CredentialID = *r.CredentialID
		}
		if err := json.Unmarshal(r.Answers, &lines[i].Answers); err != nil {
			return nil, fmt.Errorf("answers of line %d: %w", r.ID, err)
		}
	}
	return lines, nil
}
