package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/payments/internal/sqlq"
)

// Answer is what the gateway says of an attempt.
type Answer int

// The answers.
const (
	NothingYet  Answer = iota // not paid so far
	TooLate                   // not paid, and it no longer can be
	PaidUp                    // paid in full, not yet verified
	WrongAmount               // paid, but not this invoice or not this amount
)

// window is how long after its beginning an attempt can still be paid: the
// gateway gives back by itself what is not verified within 30 minutes.
const window = 40 * time.Minute

// callTime is what one call to the gateway may take: a customer waits for it.
const callTime = 10 * time.Second

// afterwards returns a context for writing down what a call came to, which
// must not end with the call.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}

// Send announces an attempt to the gateway and returns how to get the
// customer there. When the gateway does not answer, the attempt stays as it
// is and the fault is Unavailable.
func (p *Payments) Send(ctx context.Context, a Attempt) (Redirect, error) {
	callback := fmt.Sprintf("%s/payments/%s/callback?invoice=%d", p.baseURL, a.Gateway, a.ID)
	calling, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	redirect, err := p.gateway.Start(calling, a.ID, a.Amount, callback, a.Mobile)
	if errors.Is(err, ErrAmount) {
		return Redirect{}, fault.New(fault.Conflict, "payments.error.amount", "amount", a.Amount).Because(err)
	}
	if err != nil {
		return Redirect{}, fault.New(fault.Unavailable, "payments.error.gateway_down").Because(err)
	}
	ctx, cancelNote := afterwards(ctx)
	defer cancelNote()
	sent, err := sqlq.New(p.pool).MarkSent(ctx, p.clock.Now(), redirect.RefID, a.ID)
	if err != nil {
		return Redirect{}, fmt.Errorf("payment %d sent: %w", a.ID, err)
	}
	if sent == 0 {
		return Redirect{}, fault.New(fault.Conflict, "payments.error.moved_on")
	}
	return redirect, nil
}

// Ask asks the gateway what became of an attempt and compares invoice and
// amount with ours. An error means that the answer is unknown.
func (p *Payments) Ask(ctx context.Context, a Attempt) (Answer, Transaction, error) {
	if a.Gateway != p.gateway.Name() {
		return NothingYet, Transaction{}, fmt.Errorf("ask about payment %d: it was begun at %s", a.ID, a.Gateway)
	}
	calling, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	t, err := p.gateway.Result(calling, a.ID)
	switch {
	case errors.Is(err, ErrNotPaid) && p.clock.Now().Sub(a.CreatedAt) > window:
		return TooLate, Transaction{}, nil
	case errors.Is(err, ErrNotPaid):
		return NothingYet, Transaction{}, nil
	case err != nil:
		return NothingYet, Transaction{}, fmt.Errorf("ask about payment %d: %w", a.ID, err)
	case t.Invoice != a.ID || t.Amount != a.Amount:
		return WrongAmount, t, nil
	}
	return PaidUp, t, nil
}

// Verify accepts the money of a transaction. It wraps ErrRefused when the
// gateway has given, or is giving, it back.
func (p *Payments) Verify(ctx context.Context, t Transaction) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	if err := p.gateway.Verify(ctx, t.TranID); err != nil {
		return fmt.Errorf("verify payment %d: %w", t.Invoice, err)
	}
	return nil
}

// Reverse gives the money of an unsettled transaction back.
func (p *Payments) Reverse(ctx context.Context, t Transaction) error {
	ctx, cancel := context.WithTimeout(ctx, 3*callTime) // it may take three calls
	defer cancel()
	if err := p.gateway.Reverse(ctx, t.TranID); err != nil {
		return fmt.Errorf("reverse payment %d: %w", t.Invoice, err)
	}
	return nil
}

// RecordVerified writes that the money of an attempt is ours. A checkout is
// paid once: a second paid attempt of it is a Conflict, and tx is void.
func (p *Payments) RecordVerified(ctx context.Context, tx pgx.Tx, now time.Time, a Attempt, t Transaction) error {
	n, err := sqlq.New(tx).MarkVerified(ctx, sqlq.MarkVerifiedParams{
		ID: a.ID, At: now, TranID: &t.TranID, Rrn: t.RRN, CardMask: t.CardMask,
	})
	if err != nil {
		return db.Fault(fmt.Errorf("payment %d verified: %w", a.ID, err), db.Faults{
			"payment_attempts_extra_paid": fault.New(fault.Conflict, "payments.error.paid_before"),
			"payment_attempts_paid":       fault.New(fault.Conflict, "payments.error.paid_before"),
		})
	}
	if n == 0 {
		return fault.New(fault.Conflict, "payments.error.moved_on")
	}
	return nil
}

// RecordEnd writes that nothing comes of an attempt: Failed, Quarantined or
// Reversed, and why. An attempt that has ended already stays as it is.
func (p *Payments) RecordEnd(ctx context.Context, q sqlq.DBTX, now time.Time, a Attempt, end State, note string) (bool, error) {
	n, err := sqlq.New(q).MarkEnded(ctx, sqlq.MarkEndedParams{ID: a.ID, At: now, State: string(end), Note: note})
	if err != nil {
		return false, fmt.Errorf("payment %d %s: %w", a.ID, end, err)
	}
	return n == 1, nil
}

// RecordCheck writes that the gateway was asked, and what was odd about it.
func (p *Payments) RecordCheck(ctx context.Context, a Attempt, note string) error {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	now := p.clock.Now()
	if err := sqlq.New(p.pool).MarkChecked(ctx, &now, note, a.ID); err != nil {
		return fmt.Errorf("payment %d checked: %w", a.ID, err)
	}
	return nil
}

// Settle asks the gateway for the transfer of a verified attempt, and writes
// that it was accepted. It can be repeated at will.
func (p *Payments) Settle(ctx context.Context, id int64) error {
	a, err := p.Attempt(ctx, id)
	if err != nil {
		return err
	}
	if a.State != Verified {
		return nil
	}
	if a.Gateway != p.gateway.Name() {
		return fmt.Errorf("settle payment %d: it was begun at %s", id, a.Gateway)
	}
	calling, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	if err := p.gateway.Settle(calling, a.TranID); err != nil {
		if noted := p.RecordCheck(ctx, a, err.Error()); noted != nil {
			err = errors.Join(err, noted)
		}
		return fmt.Errorf("settle payment %d: %w", id, err)
	}
	_, err = sqlq.New(p.pool).MarkSettled(ctx, p.clock.Now(), id)
	if err != nil {
		return fmt.Errorf("payment %d settled: %w", id, err)
	}
	return nil
}
