// Package contacts holds the calls that staff must make to customers, and
// what came of each.
package contacts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/contacts/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// Why is the occasion of a call.
type Why string

// The occasions.
const (
	IdentityPending    Why = "identity_pending"    // paid, and nobody has verified who it is
	IdentityRejected   Why = "identity_rejected"   // the reviewer refused the papers
	PaymentQuarantined Why = "payment_quarantined" // the gateway's account differs from ours
	Question           Why = "question"            // the operator needs an answer
)

// Task is one call to make.
type Task struct {
	ID       int64
	OrderID  orders.ID
	Why      Why
	Note     string
	OpenedAt time.Time
	ClosedAt *time.Time
	Outcome  string
}

// Contacts is the room's door.
type Contacts struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	book  *orders.Book
}

// New returns the contact tasks kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, book *orders.Book) *Contacts {
	return &Contacts{pool: pool, clock: c, book: book}
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

// Close ends a call with what came of it, noted in the order's history. It
// returns Invalid (field outcome) without an outcome, and Conflict when a
// colleague closed it first.
func (c *Contacts) Close(ctx context.Context, member audit.Actor, taskID int64, outcome string) error {
	outcome = strings.TrimSpace(outcome)
	if outcome == "" || len(outcome) > 4000 {
		var wrong fault.Fields
		wrong.Add("outcome", "contacts.error.outcome")
		return wrong.Err()
	}
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		orderID, err := sqlq.New(tx).CloseTask(ctx, sqlq.CloseTaskParams{
			ID: taskID, At: &now, ClosedBy: &member.ID, Outcome: outcome,
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.Conflict, "contacts.error.closed")
		}
		if err != nil {
			return fmt.Errorf("close contact task %d: %w", taskID, err)
		}
		o, err := c.book.ByID(ctx, tx, orders.ID(orderID))
		if err != nil {
			return err
		}
		return c.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.Contacted, Actor: member, Reason: outcome})
	})
}

// Due returns the open calls, oldest first, at most limit, those after the
// given one.
func (c *Contacts) Due(ctx context.Context, after Task, limit int32) ([]Task, error) {
	rows, err := sqlq.New(c.pool).OpenTasks(ctx, after.OpenedAt, after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("open contact tasks: %w", err)
	}
	return fromRows(rows), nil
}

// Of returns all calls about an order, oldest first.
func (c *Contacts) Of(ctx context.Context, id orders.ID) ([]Task, error) {
	rows, err := sqlq.New(c.pool).TasksOfOrder(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("contact tasks of order %d: %w", id, err)
	}
	return fromRows(rows), nil
}

func fromRows(rows []sqlq.ContactTask) []Task {
	tasks := make([]Task, len(rows))
	for i, r := range rows {
		tasks[i] = Task{
			ID: r.ID, OrderID: orders.ID(r.OrderID), Why: Why(r.Why), Note: r.Note,
			OpenedAt: r.OpenedAt, ClosedAt: r.ClosedAt, Outcome: r.Outcome,
		}
	}
	return tasks
}
