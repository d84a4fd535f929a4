package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/orders/internal/sqlq"
)

// DB is the pool, or a transaction of the caller's.
type DB = sqlq.DBTX

// CleanCode brings a code as people type it (small letters, spaces, Persian
// digits) into the form that is stored.
func CleanCode(typed string) string { return strings.ToUpper(iran.Digits(typed)) }

// ByID returns an order, or NotFound.
func (b *Book) ByID(ctx context.Context, db DB, id ID) (Order, error) {
	row, err := sqlq.New(db).OrderByID(ctx, int64(id))
	return found(row, err)
}

// Empty reports whether no order was ever placed.
func (b *Book) Empty(ctx context.Context) (bool, error) {
	any, err := sqlq.New(b.pool).AnyOrder(ctx)
	if err != nil {
		return false, fmt.Errorf("look for orders: %w", err)
	}
	return !any, nil
}

// ByCode returns an order by its code as typed, or NotFound.
func (b *Book) ByCode(ctx context.Context, db DB, code string) (Order, error) {
	row, err := sqlq.New(db).OrderByCode(ctx, CleanCode(code))
	return found(row, err)
}

// Lock returns an order by its code and keeps others from moving it until tx
// ends. It returns NotFound when there is no such order.
func (b *Book) Lock(ctx context.Context, tx pgx.Tx, code string) (Order, error) {
	row, err := sqlq.New(tx).LockOrderByCode(ctx, CleanCode(code))
	return found(row, err)
}

// LockByID is Lock by ID.
func (b *Book) LockByID(ctx context.Context, tx pgx.Tx, id ID) (Order, error) {
	row, err := sqlq.New(tx).LockOrder(ctx, int64(id))
	return found(row, err)
}

// LockOfCheckout locks and returns the orders that one payment pays for.
func (b *Book) LockOfCheckout(ctx context.Context, tx pgx.Tx, checkoutID int64) ([]Order, error) {
	rows, err := sqlq.New(tx).LockOrdersOfCheckout(ctx, checkoutID)
	if err != nil {
		return nil, fmt.Errorf("orders of checkout %d: %w", checkoutID, err)
	}
	return fromRows(rows)
}

// OfCheckout returns the orders that one payment pays for.
func (b *Book) OfCheckout(ctx context.Context, checkoutID int64) ([]Order, error) {
	rows, err := sqlq.New(b.pool).OrdersOfCheckout(ctx, checkoutID)
	if err != nil {
		return nil, fmt.Errorf("orders of checkout %d: %w", checkoutID, err)
	}
	return fromRows(rows)
}

// LockOfCase locks and returns the orders that wait for, or will profit
// from, the verdict on an identity case.
func (b *Book) LockOfCase(ctx context.Context, tx pgx.Tx, caseID int64) ([]Order, error) {
	rows, err := sqlq.New(tx).LockOrdersOfCase(ctx, caseID)
	if err != nil {
		return nil, fmt.Errorf("orders of identity case %d: %w", caseID, err)
	}
	return fromRows(rows)
}

// Viewer is who looks at orders: a browser, which placed or tracked some, and
// the customer who is signed in there, 0 for nobody. Customers see what they
// placed signed in, anywhere, and what is theirs by a verified identity.
type Viewer struct {
	VisitorID  int64
	CustomerID int64
}

// ForViewer returns an order that the viewer may see; any other is NotFound.
func (b *Book) ForViewer(ctx context.Context, v Viewer, code string) (Order, error) {
	row, err := sqlq.New(b.pool).OrderForViewer(ctx, CleanCode(code), v.VisitorID, v.CustomerID)
	return found(row, err)
}

// OfViewer returns the newest orders that the viewer may see, at most 50.
func (b *Book) OfViewer(ctx context.Context, v Viewer) ([]Order, error) {
	rows, err := sqlq.New(b.pool).OrdersOfViewer(ctx, v.VisitorID, v.CustomerID)
	if err != nil {
		return nil, fmt.Errorf("orders of visitor %d: %w", v.VisitorID, err)
	}
	return fromRows(rows)
}

// ForClient returns an order that the client has placed; any other is NotFound.
func (b *Book) ForClient(ctx context.Context, clientID int64, code string) (Order, error) {
	row, err := sqlq.New(b.pool).OrderOfClient(ctx, CleanCode(code), clientID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Order{}, fault.New(fault.NotFound, "orders.error.not_of_client")
	}
	return found(row, err)
}

// OfClient returns the client's orders after one, oldest first, at most so many.
func (b *Book) OfClient(ctx context.Context, clientID int64, after ID, most int) ([]Order, error) {
	rows, err := sqlq.New(b.pool).OrdersOfClient(ctx, clientID, int64(after), int32(most))
	if err != nil {
		return nil, fmt.Errorf("orders of client %d: %w", clientID, err)
	}
	return fromRows(rows)
}

// Event is one line of an order's history. From and To are empty for a note.
type Event struct {
	At     time.Time
	Actor  audit.Actor
	Verb   Verb
	From   State
	To     State
	Reason string
	Detail map[string]any
}

// History returns all events of an order, oldest first.
func (b *Book) History(ctx context.Context, id ID) ([]Event, error) {
	rows, err := sqlq.New(b.pool).EventsOf(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("history of order %d: %w", id, err)
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		e := Event{
			At: r.At, Verb: Verb(r.Verb), Reason: r.Reason,
			Actor: audit.Actor{Kind: audit.Kind(r.ActorKind), ID: r.ActorID, Name: r.ActorName},
		}
		if r.FromState != nil {
			e.From, e.To = State(*r.FromState), State(*r.ToState)
		}
		if err := json.Unmarshal(r.Detail, &e.Detail); err != nil {
			return nil, fmt.Errorf("history of order %d: %w", id, err)
		}
		events[i] = e
	}
	return events, nil
}

func found(row sqlq.Order, err error) (Order, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Order{}, fault.New(fault.NotFound, "orders.error.not_found")
	}
	if err != nil {
		return Order{}, fmt.Errorf("read order: %w", err)
	}
	return fromRow(row)
}
