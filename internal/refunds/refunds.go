// Package refunds gives customers their money back: a refund is asked for,
// approved, and sent, or it fails; above a limit by two people. It also
// cancels paid orders, which is where most refunds come from.
package refunds

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/contacts"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/letters"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/queue"
	"pishkhan/internal/refunds/internal/sqlq"
	"pishkhan/internal/seal"
)

// State is where a refund stands.
type State string

// The states of a refund.
const (
	Asked    State = "asked"
	Approved State = "approved" // to be sent
	Sent     State = "sent"     // with the bank's reference
	Failed   State = "failed"   // refused, or not to be sent: it counts no more
)

// States lists them in the order of a refund's life.
var States = []State{Asked, Approved, Sent, Failed}

// Way is how the money went.
type Way string

// The ways.
const (
	Transfer Way = "transfer" // from our bank account
	Gateway  Way = "gateway"  // the gateway gave back a payment that was not settled
)

// Refund is money that goes back to the customer of an order.
type Refund struct {
	ID         int64
	OrderID    orders.ID
	Amount     money.Rials
	Reason     string
	Overruled  bool   // asked for by a supervisor while a purchase was open
	Masked     string // of the account or card that it goes to; "": not known yet
	AccountBy  int64  // who said last where it goes; 0: nobody
	State      State
	StateSince time.Time
	AskedBy    int64
	AskedName  string
	AskedAt    time.Time
	ApprovedBy int64
	Approver   string
	ApprovedAt time.Time
	EndedBy    int64
	EndedName  string
	EndedAt    time.Time
	Way        Way
	Reference  string // the bank's
	Failure    string // why it failed
}

// Subject names the refund in the audit record.
func (r Refund) Subject() string { return fmt.Sprintf("refund:%d", r.ID) }

// Counts reports whether the refund takes part of what was paid.
func (r Refund) Counts() bool { return r.State != Failed }

// Refunds is the room's door.
type Refunds struct {
	pool     *pgxpool.Pool
	clock    clock.Clock
	keyring  *seal.Keyring
	book     *orders.Book
	payments *payments.Payments
	queue    *queue.Queue
	fulfil   *fulfil.Fulfilment
	contacts *contacts.Contacts
	letters  *letters.Letters
}

// New returns the refunds over their neighbours.
func New(pool *pgxpool.Pool, c clock.Clock, keyring *seal.Keyring, book *orders.Book, p *payments.Payments,
	q *queue.Queue, f *fulfil.Fulfilment, calls *contacts.Contacts, l *letters.Letters) *Refunds {
	return &Refunds{pool: pool, clock: c, keyring: keyring, book: book, payments: p, queue: q, fulfil: f, contacts: calls, letters: l}
}

// Of returns the refunds of an order, oldest first.
func (r *Refunds) Of(ctx context.Context, db orders.DB, id orders.ID) ([]Refund, error) {
	rows, err := sqlq.New(db).RefundsOfOrder(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("refunds of order %d: %w", id, err)
	}
	list := make([]Refund, len(rows))
	for i, row := range rows {
		list[i] = fromRow(row)
	}
	return list, nil
}

// Refund returns a refund, or NotFound.
func (r *Refunds) Refund(ctx context.Context, id int64) (Refund, error) {
	row, err := sqlq.New(r.pool).RefundByID(ctx, id)
	return found(row, err)
}

// Left returns what was paid for an order and is not refunded, nor about to
// be. An order that is not paid has nothing left.
func (r *Refunds) Left(ctx context.Context, db orders.DB, o orders.Order) (money.Rials, error) {
	paid, err := r.paid(ctx, db, o)
	if err != nil || paid == 0 {
		return 0, err
	}
	gone, err := sqlq.New(db).Refunded(ctx, int64(o.ID))
	if errors.Is(err, pgx.ErrNoRows) {
		return paid, nil
	}
	if err != nil {
		return 0, fmt.Errorf("refunds of order %d: %w", o.ID, err)
	}
	return paid.Sub(money.Rials(gone))
}

// paid is what the customer has paid for an order.
func (r *Refunds) paid(ctx context.Context, db orders.DB, o orders.Order) (money.Rials, error) {
	if o.SettledAt == nil {
		return 0, nil
	}
	extra, err := r.payments.PaidExtras(ctx, db, int64(o.ID))
	if err != nil {
		return 0, err
	}
	return o.Total.Add(extra)
}

// lock locks an order, then the refund of it: all who change refunds take
// their locks in this order.
func (r *Refunds) lock(ctx context.Context, tx pgx.Tx, id int64) (Refund, orders.Order, error) {
	row, err := sqlq.New(tx).RefundByID(ctx, id)
	refund, err := found(row, err)
	if err != nil {
		return Refund{}, orders.Order{}, err
	}
	o, err := r.book.LockByID(ctx, tx, refund.OrderID)
	if err != nil {
		return Refund{}, orders.Order{}, err
	}
	row, err = sqlq.New(tx).LockRefund(ctx, id)
	refund, err = found(row, err)
	return refund, o, err
}

// note writes an act in the order's history and in the audit record.
func (r *Refunds) note(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, verb orders.Verb,
	refund Refund, reason string) error {
	detail := map[string]any{"refund": refund.ID, "rials": refund.Amount}
	err := r.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: verb, Actor: member, Reason: reason, Detail: detail})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order." + string(verb), Subject: o.Subject(), Detail: map[string]any{
		"refund": refund.ID, "rials": refund.Amount, "reason": reason,
	}})
}

func movedOn(refund Refund) error {
	return fault.New(fault.Conflict, "refunds.error.moved_on", "state", refund.State)
}

func found(row sqlq.Refund, err error) (Refund, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Refund{}, fault.New(fault.NotFound, "refunds.error.not_found")
	}
	if err != nil {
		return Refund{}, fmt.Errorf("refund: %w", err)
	}
	return fromRow(row), nil
}

func fromRow(r sqlq.Refund) Refund {
	refund := Refund{
		ID: r.ID, OrderID: orders.ID(r.OrderID), Amount: money.Rials(r.AmountRials), Reason: r.Reason, Overruled: r.Overruled,
		Masked: r.Masked, State: State(r.State), StateSince: r.StateSince, AskedBy: r.AskedBy, AskedName: r.AskedName, AskedAt: r.AskedAt,
		Approver: r.ApprovedName, EndedName: r.EndedName, Reference: r.BankReference, Failure: r.Failure,
	}
	if r.DestinationBy != nil {
		refund.AccountBy = *r.DestinationBy
	}
	if r.ApprovedBy != nil && r.ApprovedAt != nil {
		refund.ApprovedBy, refund.ApprovedAt = *r.ApprovedBy, *r.ApprovedAt
	}
	if r.EndedBy != nil && r.EndedAt != nil {
		refund.EndedBy, refund.EndedAt = *r.EndedBy, *r.EndedAt
	}
	if r.Way != nil {
		refund.Way = Way(*r.Way)
	}
	return refund
}
