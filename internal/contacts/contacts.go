// Package contacts holds the calls that staff must make to customers, and
// those that they made, with what came of each.
package contacts

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/contacts/internal/sqlq"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// Why is the occasion of a call.
type Why string

// The occasions.
const (
	IdentityPending    Why = "identity_pending"    // paid, and nobody has verified who it is
	IdentityRejected   Why = "identity_rejected"   // the reviewer refused the papers
	PaymentQuarantined Why = "payment_quarantined" // the gateway's account differs from ours
	Question           Why = "question"            // the operator needs an answer
	Agreed             Why = "agreed"              // an earlier call is to be followed by this one
)

// Task is one call to make.
type Task struct {
	ID       int64
	OrderID  orders.ID
	Why      Why
	Note     string
	OpenedAt time.Time
	DueAt    time.Time // when to call
	Agreed   bool      // an earlier call set that time
	ClosedAt *time.Time
	Outcome  string
}

// Contacts is the room's door.
type Contacts struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	book      *orders.Book
	calendars *sla.Calendars
}

// New returns the calls kept in pool; "in half an hour" is measured in the
// working time of the newest calendar.
func New(pool *pgxpool.Pool, c clock.Clock, book *orders.Book, calendars *sla.Calendars) *Contacts {
	return &Contacts{pool: pool, clock: c, book: book, calendars: calendars}
}

// Open asks for a call about an order. While one for the same occasion is
// open, that one serves.
func (c *Contacts) Open(ctx context.Context, tx pgx.Tx, now time.Time, id orders.ID, why Why, note string) error {
	err := sqlq.New(tx).OpenTask(ctx, sqlq.OpenTaskParams{OrderID: int64(id), Why: string(why), Note: note, OpenedAt: now})
	if err != nil {
		return fmt.Errorf("open contact task of order %d: %w", id, err)
	}
	return nil
}

// CloseByFacts ends the calls that events have made needless.
func (c *Contacts) CloseByFacts(ctx context.Context, tx pgx.Tx, now time.Time, id orders.ID, whys ...Why) error {
	names := make([]string, len(whys))
	for i, why := range whys {
		names[i] = string(why)
	}
	err := sqlq.New(tx).CloseByFacts(ctx, &now, int64(id), names)
	if err != nil {
		return fmt.Errorf("close contact tasks of order %d: %w", id, err)
	}
	return nil
}

// Of returns all calls to make about an order, the closed ones as well, in
// the order in which they were asked for.
func (c *Contacts) Of(ctx context.Context, id orders.ID) ([]Task, error) {
	rows, err := sqlq.New(c.pool).TasksOfOrder(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("contact tasks of order %d: %w", id, err)
	}
	tasks := make([]Task, len(rows))
	for i, r := range rows {
		tasks[i] = Task{
			ID: r.ID, OrderID: orders.ID(r.OrderID), Why: Why(r.Why), Note: r.Note,
			OpenedAt: r.OpenedAt, DueAt: r.DueAt, Agreed: r.Agreed, ClosedAt: r.ClosedAt, Outcome: r.Outcome,
		}
	}
	return tasks, nil
}
