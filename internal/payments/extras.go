package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/payments/internal/sqlq"
)

// ExtraState is where an extra payment stands.
type ExtraState string

// The states of an extra payment.
const (
	ExtraAsked     ExtraState = "asked"
	ExtraPaid      ExtraState = "paid"
	ExtraWithdrawn ExtraState = "withdrawn" // it is not needed any more
	ExtraExpired   ExtraState = "expired"
)

// Extra is money that an order needs besides its price: its customer is asked
// for it, and pays at the gateway.
type Extra struct {
	ID         int64
	OrderID    int64
	Amount     money.Rials
	Reason     string // told to the customer
	State      ExtraState
	StateSince time.Time
	AskedBy    int64
	AskedName  string
	AskedAt    time.Time
	ExpiresAt  time.Time
}

// Open reports whether the customer can still pay it.
func (e Extra) Open(now time.Time) bool { return e.State == ExtraAsked && now.Before(e.ExpiresAt) }

// AskExtra writes that more is asked for an order. An order that something is
// asked for already is a Conflict.
func (p *Payments) AskExtra(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, orderID int64, amount money.Rials,
	reason string, expires time.Time) (Extra, error) {
	row, err := sqlq.New(tx).InsertExtra(ctx, sqlq.InsertExtraParams{
		OrderID: orderID, AmountRials: int64(amount), Reason: reason, At: now, AskedBy: member.ID, AskedName: member.Name, ExpiresAt: expires,
	})
	if err != nil {
		return Extra{}, db.Fault(fmt.Errorf("ask more for order %d: %w", orderID, err), db.Faults{
			"extra_payments_open": fault.New(fault.Conflict, "orderdesk.error.extra_exists"),
		})
	}
	return extraFrom(row), nil
}

// Extra returns an extra payment, or NotFound.
func (p *Payments) Extra(ctx context.Context, q sqlq.DBTX, id int64) (Extra, error) {
	row, err := sqlq.New(q).ExtraByID(ctx, id)
	return foundExtra(row, err)
}

// OpenExtra returns what is asked for an order; NotFound when nothing is.
func (p *Payments) OpenExtra(ctx context.Context, q sqlq.DBTX, orderID int64) (Extra, error) {
	row, err := sqlq.New(q).OpenExtra(ctx, orderID)
	return foundExtra(row, err)
}

// ExtrasOf returns the extra payments of an order, oldest first.
func (p *Payments) ExtrasOf(ctx context.Context, q sqlq.DBTX, orderID int64) ([]Extra, error) {
	rows, err := sqlq.New(q).ExtrasOfOrder(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("extra payments of order %d: %w", orderID, err)
	}
	list := make([]Extra, len(rows))
	for i, row := range rows {
		list[i] = extraFrom(row)
	}
	return list, nil
}

// EndExtra ends an extra payment; false when it had ended before.
func (p *Payments) EndExtra(ctx context.Context, tx pgx.Tx, now time.Time, id int64, end ExtraState) (bool, error) {
	n, err := sqlq.New(tx).EndExtra(ctx, string(end), now, id)
	if err != nil {
		return false, fmt.Errorf("extra payment %d %s: %w", id, end, err)
	}
	return n == 1, nil
}

// ExpiredExtras returns the extra payments whose time to be paid is over.
func (p *Payments) ExpiredExtras(ctx context.Context, now time.Time) ([]int64, error) {
	ids, err := sqlq.New(p.pool).ExpiredExtras(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("expired extra payments: %w", err)
	}
	return ids, nil
}

// PaidExtras is what an order's customer has paid besides its price.
func (p *Payments) PaidExtras(ctx context.Context, q sqlq.DBTX, orderID int64) (money.Rials, error) {
	sum, err := sqlq.New(q).PaidExtras(ctx, orderID)
	if err != nil {
		return 0, fmt.Errorf("extra payments of order %d: %w", orderID, err)
	}
	return money.Rials(sum), nil
}

// BeginExtra writes a new attempt to pay what is asked for an order of a checkout.
func (p *Payments) BeginExtra(ctx context.Context, tx pgx.Tx, now time.Time, checkoutID int64, e Extra, mobile string) (Attempt, error) {
	row, err := sqlq.New(tx).InsertExtraAttempt(ctx, sqlq.InsertExtraAttemptParams{
		CheckoutID: checkoutID, ExtraID: e.ID, Gateway: p.gateway.Name(), AmountRials: int64(e.Amount), Mobile: mobile, CreatedAt: now,
	})
	if err != nil {
		return Attempt{}, fmt.Errorf("begin extra payment %d: %w", e.ID, err)
	}
	return fromRow(row), nil
}

// ExtraUnderWay reports whether the customer may be paying it at the gateway.
func (p *Payments) ExtraUnderWay(ctx context.Context, tx pgx.Tx, id int64) (bool, error) {
	open, err := sqlq.New(tx).ExtraUnderWay(ctx, id)
	if err != nil {
		return false, fmt.Errorf("attempts of extra payment %d: %w", id, err)
	}
	return open, nil
}

func foundExtra(row sqlq.ExtraPayment, err error) (Extra, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Extra{}, fault.New(fault.NotFound, "orderdesk.error.no_extra")
	}
	if err != nil {
		return Extra{}, fmt.Errorf("extra payment: %w", err)
	}
	return extraFrom(row), nil
}

func extraFrom(r sqlq.ExtraPayment) Extra {
	return Extra{
		ID: r.ID, OrderID: r.OrderID, Amount: money.Rials(r.AmountRials), Reason: r.Reason, State: ExtraState(r.State),
		StateSince: r.StateSince, AskedBy: r.AskedBy, AskedName: r.AskedName, AskedAt: r.AskedAt, ExpiresAt: r.ExpiresAt,
	}
}
