// Package payments keeps the trips to payment gateways: each is an attempt
// with an invoice number of its own. What a browser brings back proves
// nothing; only the gateway's own answer does.
package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/payments/internal/sqlq"
)

// State is where a payment attempt stands.
type State string

// The states of an attempt.
const (
	Created     State = "created"     // the gateway has not answered yet
	Sent        State = "sent"        // the customer was sent to the gateway
	Verified    State = "verified"    // the money is ours, the settlement is asked for
	Settled     State = "settled"     // and was accepted
	Failed      State = "failed"      // not paid, and too late for it
	Quarantined State = "quarantined" // something is wrong with it: finance decides
	Reversed    State = "reversed"    // given back, because it came twice or too late
)

// Attempt is one trip to a gateway.
type Attempt struct {
	ID         int64 // the invoice number told to the gateway
	CheckoutID int64
	ExtraID    int64 // the extra payment that it pays; 0: the checkout
	Gateway    string
	Amount     money.Rials
	Mobile     string
	State      State
	StateSince time.Time
	CreatedAt  time.Time
	RefID      string
	TranID     string
	RRN        string // the bank's reference, which customers quote
	CardMask   string
	Note       string
}

// Subject names the attempt in the audit record.
func (a Attempt) Subject() string { return fmt.Sprintf("payment:%d", a.ID) }

// Payable reports whether the customer was sent to the gateway with this
// attempt, and may still pay it. One that was not sent has no place at the
// gateway: whatever it knows by that number is not ours.
func (a Attempt) Payable() bool { return a.State == Sent }

// Paid reports whether the money of this attempt is ours.
func (a Attempt) Paid() bool { return a.State == Verified || a.State == Settled }

// Payments is the room's door.
type Payments struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	gateway Gateway
	baseURL string
}

// New returns the payments kept in pool and made through gateway, whose
// callbacks come to baseURL.
func New(pool *pgxpool.Pool, c clock.Clock, gateway Gateway, baseURL string) *Payments {
	return &Payments{pool: pool, clock: c, gateway: gateway, baseURL: baseURL}
}

// Begin writes a new attempt to pay for a checkout.
func (p *Payments) Begin(ctx context.Context, tx pgx.Tx, now time.Time, checkoutID int64, amount money.Rials, mobile string) (Attempt, error) {
	row, err := sqlq.New(tx).InsertAttempt(ctx, sqlq.InsertAttemptParams{
		CheckoutID: checkoutID, Gateway: p.gateway.Name(), AmountRials: int64(amount), Mobile: mobile, CreatedAt: now,
	})
	if err != nil {
		return Attempt{}, fmt.Errorf("begin payment of checkout %d: %w", checkoutID, err)
	}
	return fromRow(row), nil
}

// Attempt returns an attempt, or NotFound.
func (p *Payments) Attempt(ctx context.Context, id int64) (Attempt, error) {
	row, err := sqlq.New(p.pool).AttemptByID(ctx, id)
	return found(row, err)
}

// Lock returns an attempt and keeps others from changing it until tx ends.
func (p *Payments) Lock(ctx context.Context, tx pgx.Tx, id int64) (Attempt, error) {
	row, err := sqlq.New(tx).LockAttempt(ctx, id)
	return found(row, err)
}

// OfCheckout returns all attempts to pay for a checkout, oldest first.
func (p *Payments) OfCheckout(ctx context.Context, db sqlq.DBTX, checkoutID int64) ([]Attempt, error) {
	rows, err := sqlq.New(db).AttemptsOfCheckout(ctx, checkoutID)
	if err != nil {
		return nil, fmt.Errorf("payments of checkout %d: %w", checkoutID, err)
	}
	return fromRows(rows), nil
}

// Unfinished returns what finance must look at: verified but not settled, or
// in quarantine; newest first.
func (p *Payments) Unfinished(ctx context.Context) ([]Attempt, error) {
	rows, err := sqlq.New(p.pool).UnfinishedAttempts(ctx)
	if err != nil {
		return nil, fmt.Errorf("unfinished payments: %w", err)
	}
	return fromRows(rows), nil
}

// Silent returns the attempts that nobody has heard of since before: their
// callback may be lost. Those asked about longest ago come first.
func (p *Payments) Silent(ctx context.Context, before time.Time) ([]int64, error) {
	ids, err := sqlq.New(p.pool).SilentAttempts(ctx, p.gateway.Name(), before)
	if err != nil {
		return nil, fmt.Errorf("silent payments: %w", err)
	}
	return ids, nil
}

// EndUnsent ends the attempts, begun before, whose customer was never sent to
// the gateway.
func (p *Payments) EndUnsent(ctx context.Context, before time.Time) error {
	if err := sqlq.New(p.pool).EndUnsent(ctx, p.clock.Now(), before); err != nil {
		return fmt.Errorf("end unsent payments: %w", err)
	}
	return nil
}

// UnderWay reports whether a customer may still be paying for a checkout.
func (p *Payments) UnderWay(ctx context.Context, tx pgx.Tx, checkoutID int64) (bool, error) {
	open, err := sqlq.New(tx).HasOpenAttempt(ctx, checkoutID)
	if err != nil {
		return false, fmt.Errorf("payments of checkout %d: %w", checkoutID, err)
	}
	return open, nil
}

func found(row sqlq.PaymentAttempt, err error) (Attempt, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return Attempt{}, fault.New(fault.NotFound, "payments.error.not_found")
	}
	if err != nil {
		return Attempt{}, fmt.Errorf("payment attempt: %w", err)
	}
	return fromRow(row), nil
}

func fromRows(rows []sqlq.PaymentAttempt) []Attempt {
	list := make([]Attempt, len(rows))
	for i, r := range rows {
		list[i] = fromRow(r)
	}
	return list
}

func fromRow(r sqlq.PaymentAttempt) Attempt {
	a := Attempt{
		ID: r.ID, CheckoutID: r.CheckoutID, Gateway: r.Gateway, Amount: money.Rials(r.AmountRials), Mobile: r.Mobile,
		State: State(r.State), StateSince: r.StateSince, CreatedAt: r.CreatedAt, RefID: r.RefID, RRN: r.Rrn,
		CardMask: r.CardMask, Note: r.Note,
	}
	if r.TranID != nil {
		a.TranID = *r.TranID
	}
	if r.ExtraID != nil {
		a.ExtraID = *r.ExtraID
	}
	return a
}
