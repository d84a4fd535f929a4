package carts

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
)

// Repriced is a line whose price is new, with the price that it had.
type Repriced struct {
	Line
	Before pricing.Quote
}

// Reprice freezes a new price for each line whose price has run out, and
// brings the others to what holds now: a code may be used up. It returns the
// lines whose price is new, with both prices. Fault: Conflict
// (carts.error.retired) when a service is no longer on offer, and
// (carts.error.asks_more) when it now asks for more than was answered: its
// line has to be taken out, or edited.
func (c *Carts) Reprice(ctx context.Context, o Owner) ([]Repriced, error) {
	var repriced []Repriced
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		lines, err := c.Lock(ctx, tx, o)
		if err != nil {
			return err
		}
		prices, err := c.prices(ctx, tx, now, o, len(lines))
		if err != nil {
			return err
		}
		repriced, err = prices.renew(ctx, tx, now, lines)
		return err
	})
	return repriced, err
}

// renew freezes what has run out, and adjusts what holds.
func (p *prices) renew(ctx context.Context, tx pgx.Tx, now time.Time, lines []Line) ([]Repriced, error) {
	var (
		repriced    []Repriced
		ids, quotes []int64
	)
	for _, line := range lines {
		c, err := p.next(ctx, tx, now, line.Service.Definition)
		if err != nil {
			return nil, err
		}
		before := line.Quote
		if before.Expired(now) {
			if err := p.carts.stillOffered(ctx, line); err != nil {
				return nil, err
			}
			line.Quote, err = p.carts.pricing.Freeze(ctx, tx, now, line.Service, before.Amount, c)
		} else {
			line.Quote, err = p.carts.pricing.Adjust(ctx, tx, now, before, line.Service, c)
		}
		if err != nil {
			return nil, err
		}
		if line.Quote.ID != before.ID {
			ids, quotes = append(ids, line.ID), append(quotes, int64(line.Quote.ID))
			repriced = append(repriced, Repriced{Line: line, Before: before})
		}
	}
	return repriced, setQuotes(ctx, tx, ids, quotes)
}

// stillOffered refuses what was withdrawn, or asks for more, since the line
// was written: a price that ran out does not bring the old terms back.
func (c *Carts) stillOffered(ctx context.Context, line Line) error {
	before := line.Service.Definition
	newest, err := c.catalog.Service(ctx, before.Slug)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.New(fault.Conflict, "carts.error.retired", "service", before.Title)
	case err != nil || newest.VersionID == line.Service.VersionID:
		return err
	case newest.Definition.Identity != before.Identity || newest.Definition.CheckAmount(line.Quote.Amount) != nil:
		return fault.New(fault.Conflict, "carts.error.asks_more", "service", before.Title)
	}
	return nil
}
