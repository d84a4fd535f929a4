package carts

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// SetCode brings a campaign code into the basket, in place of any other, and
// makes the lines cheaper that it fits. A code that fits none is Invalid with
// the input "code" and the reason (see campaigns.Terms); so is one for an
// empty basket (carts.error.code_no_order).
func (c *Carts) SetCode(ctx context.Context, o Owner, typed string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		lines, err := c.Lock(ctx, tx, o)
		if err != nil {
			return err
		}
		prices, err := c.pricesWith(ctx, tx, now, o, len(lines), typed)
		if err != nil {
			return err
		}
		reason := fault.New(fault.Invalid, "carts.error.code_no_order")
		for i := len(lines) - 1; i >= 0; i-- { // the reason of the first line is told
			t, err := prices.term(ctx, tx, now, lines[i].Service.Definition)
			if err != nil {
				return err
			}
			if t.code != nil {
				if err := keepCode(ctx, tx, o, t.code.Code, now); err != nil {
					return err
				}
				return prices.adjust(ctx, tx, now, lines)
			}
			if t.refused != nil {
				reason = t.refused
			}
		}
		var wrong fault.Fields
		wrong.AddErr("code", reason)
		return wrong.Err()
	})
}

// ClearCode takes the code out of the basket again.
func (c *Carts) ClearCode(ctx context.Context, o Owner) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		lines, err := c.Lock(ctx, tx, o)
		if err != nil {
			return err
		}
		if err := sqlq.New(tx).ClearCode(ctx, o.CustomerID, o.guest()); err != nil {
			return fmt.Errorf("clear code of %s: %w", o.key(), err)
		}
		return c.adjust(ctx, tx, c.clock.Now(), o, lines)
	})
}

// Code is the campaign code of a basket.
type Code struct {
	Text  string
	Fits  int         // how many lines have it
	Lacks []CodeLacks // the others, one entry for each service
}

// CodeLacks says why some lines do not have the code.
type CodeLacks struct {
	Line   Line // the first of them
	Reason *fault.Fault
}

// Code returns the code of a basket with these lines; its text is empty when
// there is none.
func (c *Carts) Code(ctx context.Context, o Owner, lines []Line) (Code, error) {
	now := c.clock.Now()
	prices, err := c.prices(ctx, c.pool, now, o, len(lines))
	if err != nil || prices.who.Code == "" {
		return Code{}, err
	}
	code := Code{Text: prices.who.Code}
	told := map[string]bool{}
	for _, line := range lines {
		d := line.Service.Definition
		t, err := prices.term(ctx, c.pool, now, d)
		if err != nil {
			return Code{}, err
		}
		if line.Quote.Inputs.Code != nil || line.Quote.Expired(now) && t.refused == nil { // its next price has it
			code.Fits++
			continue
		}
		if told[d.Slug] {
			continue
		}
		told[d.Slug] = true
		if t.refused == nil { // it fits, and has not so many uses left
			t.refused = fault.New(fault.Invalid, "carts.error.code_few_left")
		}
		code.Lacks = append(code.Lacks, CodeLacks{Line: line, Reason: t.refused})
	}
	return code, nil
}
