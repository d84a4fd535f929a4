package carts

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/pricing"
)

// Repriced is a line whose price ran out, with the price that it had.
type Repriced struct {
	Line
	Before pricing.Quote
}

// Reprice freezes a new price for each line whose price has run out, and
// returns those lines with both prices.
func (c *Carts) Reprice(ctx context.Context, visitorID int64) ([]Repriced, error) {
	var repriced []Repriced
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		lines, err := c.Lock(ctx, tx, visitorID)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if !line.Quote.Expired(now) {
				continue
			}
			before := line.Quote
			line.Quote, err = c.pricing.Freeze(ctx, tx, now, line.Service, before.Amount, pricing.Alone)
			if err != nil {
				return err
			}
			if err := sqlq.New(tx).SetQuote(ctx, int64(line.Quote.ID), line.ID); err != nil {
				return fmt.Errorf("reprice line %d: %w", line.ID, err)
			}
			repriced = append(repriced, Repriced{Line: line, Before: before})
		}
		return nil
	})
	return repriced, err
}
