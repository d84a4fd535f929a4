package carts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// Remove takes a line out of the basket and destroys its login. A line that
// is not there is NotFound (carts.error.no_line).
func (c *Carts) Remove(ctx context.Context, o Owner, lineID int64) error {
	return c.remove(ctx, o, func(line Line) bool { return line.ID == lineID })
}

// RemoveUpload takes all lines out of the basket that came with an upload,
// and destroys their logins. NotFound when there is none.
func (c *Carts) RemoveUpload(ctx context.Context, o Owner, uploadID int64) error {
	return c.remove(ctx, o, func(line Line) bool { return uploadID != 0 && line.UploadID == uploadID })
}

func (c *Carts) remove(ctx context.Context, o Owner, goes func(Line) bool) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		lines, err := c.Lock(ctx, tx, o)
		if err != nil {
			return err
		}
		var gone []int64
		lines = slices.DeleteFunc(lines, func(line Line) bool {
			if !goes(line) {
				return false
			}
			gone = append(gone, line.ID)
			if line.CredentialID != 0 && err == nil {
				err = c.vault.Destroy(ctx, tx, now, line.CredentialID)
			}
			return true
		})
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			return noLine()
		}
		if err := sqlq.New(tx).RemoveLines(ctx, &now, gone); err != nil {
			return fmt.Errorf("remove from basket: %w", err)
		}
		return c.adjust(ctx, tx, now, o, lines)
	})
}

// adjust looks at the prices of all lines of the basket anew.
func (c *Carts) adjust(ctx context.Context, tx pgx.Tx, now time.Time, o Owner, lines []Line) error {
	prices, err := c.prices(ctx, tx, now, o, len(lines))
	if err != nil {
		return err
	}
	return prices.adjust(ctx, tx, now, lines)
}

func noLine() error { return fault.New(fault.NotFound, "carts.error.no_line") }

// Clear takes lines out of the basket that have become orders, which keep the
// logins. The code goes with them. What was added since Lock stays.
func (c *Carts) Clear(ctx context.Context, tx pgx.Tx, now time.Time, o Owner, lines []Line) error {
	ids := make([]int64, len(lines))
	for i, line := range lines {
		ids[i] = line.ID
	}
	q := sqlq.New(tx)
	if err := q.RemoveLines(ctx, &now, ids); err != nil {
		return fmt.Errorf("clear basket: %w", err)
	}
	if err := q.ClearCode(ctx, o.CustomerID, o.guest()); err != nil {
		return fmt.Errorf("clear basket: %w", err)
	}
	return nil
}
