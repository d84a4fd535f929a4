package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/orders/internal/sqlq"
)

// Extend moves the deadline of an order, which the caller has locked, to a
// time agreed with its customer; the first promise stays on record. It
// returns the faults of sla.Clock.Extend.
func (b *Book) Extend(ctx context.Context, tx pgx.Tx, now time.Time, s Step, until time.Time) (Clock, error) {
	c, err := b.Clock(ctx, tx, s.Order.ID)
	if err != nil {
		return Clock{}, err
	}
	before := c.DueAt
	if c.Clock, err = c.Extend(c.Calendar, now, until); err != nil {
		return Clock{}, err
	}
	if err := keepClock(ctx, tx, c); err != nil {
		return Clock{}, err
	}
	if err := sqlq.New(tx).MoveDue(ctx, &c.DueAt, int64(s.Order.ID)); err != nil {
		return Clock{}, fmt.Errorf("extend order %d: %w", s.Order.ID, err)
	}
	s.Detail = withClock(s.Detail, c, now)
	s.Detail["from"], s.Detail["to"] = before, c.DueAt
	if err := b.Note(ctx, tx, now, s); err != nil {
		return Clock{}, err
	}
	return c, b.tellTurned(ctx, tx, now, Turned{OrderID: s.Order.ID, ServiceVersionID: s.Order.ServiceVersionID, Clock: c, Cause: Extended})
}
