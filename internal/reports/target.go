package reports

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/reports/internal/sqlq"
)

// MaxTarget is the most orders that a target may ask of a day.
const MaxTarget = 100_000

// Target is how many orders a day should be completed.
type Target struct {
	Orders int // 0: nobody has set one
	SetAt  time.Time
	SetBy  int64
}

// Target returns the one that holds.
func (r *Reports) Target(ctx context.Context) (Target, error) {
	row, err := sqlq.New(r.Pool).NewestTarget(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return Target{}, nil
	}
	if err != nil {
		return Target{}, fmt.Errorf("target of the day: %w", err)
	}
	return Target{Orders: int(row.Orders), SetAt: row.SetAt, SetBy: row.SetBy}, nil
}

// SetTarget sets the target of every day from now on. It is Invalid (field
// target) outside 1 to MaxTarget.
func (r *Reports) SetTarget(ctx context.Context, by audit.Actor, orders int) error {
	if orders < 1 || orders > MaxTarget {
		var wrong fault.Fields
		wrong.Add("target", "reports.error.target", "most", MaxTarget)
		return wrong.Err()
	}
	return db.InTx(ctx, r.Pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.Clock.Now()
		if err := sqlq.New(tx).InsertTarget(ctx, int32(orders), now, by.ID); err != nil {
			return fmt.Errorf("set the target of the day: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "report.target", Subject: "board", Detail: map[string]any{"orders": orders},
		})
	})
}
