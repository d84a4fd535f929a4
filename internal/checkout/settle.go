package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/contacts"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
)

// Resolve finds out what became of a payment attempt, and acts on it: the
// callback calls it, and so does the job that looks for lost callbacks. It
// can be repeated at will and from many sides at once. It returns the attempt
// as it stands afterwards; while the gateway's answer is unknown, the fault
// is Unavailable and nothing has changed.
func (c *Checkout) Resolve(ctx context.Context, attemptID int64) (payments.Attempt, error) {
	a, err := c.payments.Attempt(ctx, attemptID)
	if err != nil || !a.Payable() {
		return a, err
	}
	answer, t, err := c.payments.Ask(ctx, a)
	if err == nil {
		switch answer {
		case payments.NothingYet:
			err = c.payments.RecordCheck(ctx, a, "")
		case payments.TooLate:
			_, err = c.payments.RecordEnd(ctx, c.pool, c.clock.Now(), a, payments.Failed, "not paid in time")
		case payments.WrongAmount:
			err = c.quarantine(ctx, a, t, "wrong amount or invoice")
		case payments.PaidUp:
			err = c.accept(ctx, a, t)
		}
	}
	if err != nil {
		if noted := c.payments.RecordCheck(ctx, a, err.Error()); noted != nil {
			err = errors.Join(err, noted)
		}
		return a, fault.New(fault.Unavailable, "payments.error.unknown").Because(err)
	}
	return c.payments.Attempt(ctx, attemptID)
}

// accept verifies a payment and lets its orders go on. Money that nobody
// waits for any more, because it came twice or too late, goes back.
func (c *Checkout) accept(ctx context.Context, a payments.Attempt, t payments.Transaction) error {
	if a.ExtraID != 0 {
		return c.acceptExtra(ctx, a, t)
	}
	together, err := c.book.OfCheckout(ctx, a.CheckoutID)
	if err != nil {
		return err
	}
	for _, o := range together {
		if o.State != orders.AwaitingPayment {
			return c.giveBack(ctx, a, t)
		}
	}
	err = c.payments.Verify(ctx, t)
	if errors.Is(err, payments.ErrRefused) {
		_, err = c.payments.RecordEnd(ctx, c.pool, c.clock.Now(), a, payments.Failed, err.Error())
		return err
	}
	if err != nil {
		return err
	}
	err = c.settle(ctx, a.ID, t)
	if errors.Is(err, errUnwanted) {
		return c.giveBack(ctx, a, t)
	}
	return err
}

// errUnwanted says that, since we looked, the orders were paid by another
// attempt or ended, or the attempt was given up. No other conflict may send
// the customer's money back.
var errUnwanted = errors.New("nobody waits for this payment any more")

// settle writes, in one transaction, that the money is ours, what that means
// for each order, and the job that asks the gateway for the transfer.
func (c *Checkout) settle(ctx context.Context, attemptID int64, t payments.Transaction) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		a, err := c.payments.Lock(ctx, tx, attemptID)
		if err != nil || a.Paid() {
			return err
		}
		if !a.Payable() {
			return errUnwanted
		}
		together, err := c.book.LockOfCheckout(ctx, tx, a.CheckoutID)
		if err != nil {
			return err
		}
		for _, o := range together {
			if o.State != orders.AwaitingPayment {
				return errUnwanted
			}
		}
		if err := c.payments.RecordVerified(ctx, tx, now, a, t); err != nil {
			return err
		}
		for _, o := range together {
			if err := c.paid(ctx, tx, now, o, a); err != nil {
				return err
			}
		}
		if _, err := c.queuer.InsertTx(ctx, tx, SettleArgs{AttemptID: a.ID}, nil); err != nil {
			return fmt.Errorf("settle payment %d: %w", a.ID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: audit.Machine, Verb: "payment.verified", Subject: a.Subject(),
			Detail: map[string]any{"rials": a.Amount, "rrn": t.RRN},
		})
	})
}

// paid moves an order on whose money has come: into the queue when the
// identity was verified before, else to wait for that, with a call to make.
func (c *Checkout) paid(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, a payments.Attempt) error {
	step := orders.Step{
		Order: o, Verb: orders.SettleUnproven, Actor: audit.Machine,
		Detail: map[string]any{"invoice": a.ID},
	}
	if o.VerifiedAt != nil {
		step.Verb = orders.Settle
		step.Detail["last"] = "payment"
		return c.book.Move(ctx, tx, now, step)
	}
	if err := c.book.Move(ctx, tx, now, step); err != nil {
		return err
	}
	return c.contacts.Open(ctx, tx, now, o.ID, contacts.IdentityPending, "")
}

// giveBack returns money that nobody waits for. It first reads the attempt
// again: what moved the orders on may have been this very payment, resolved
// from another side since we looked.
func (c *Checkout) giveBack(ctx context.Context, a payments.Attempt, t payments.Transaction) error {
	a, err := c.payments.Attempt(ctx, a.ID)
	if err != nil || a.Paid() {
		return err
	}
	err = c.payments.Reverse(ctx, t)
	if errors.Is(err, payments.ErrRefused) { // only finance can, by a refund
		return c.quarantine(ctx, a, t, "cannot be given back")
	}
	if err != nil {
		return err
	}
	return c.end(ctx, a, payments.Reversed, "paid twice or too late", "payment.reversed")
}

// quarantine keeps a payment apart that is neither paid nor given back. It is
// never taken for paid; staff call the customer, finance decides.
func (c *Checkout) quarantine(ctx context.Context, a payments.Attempt, t payments.Transaction, why string) error {
	note := fmt.Sprintf("%s: the gateway says %d rials for invoice %d, transaction %s, RRN %s", why, t.Amount, t.Invoice, t.TranID, t.RRN)
	return c.end(ctx, a, payments.Quarantined, note, "payment.quarantined")
}

func (c *Checkout) end(ctx context.Context, a payments.Attempt, end payments.State, note, verb string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		ended, err := c.payments.RecordEnd(ctx, tx, now, a, end, note)
		if err != nil || !ended {
			return err
		}
		if end == payments.Quarantined {
			if err := c.raise(ctx, tx, now, a, note); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: audit.Machine, Verb: verb, Subject: a.Subject(), Detail: map[string]any{"note": note},
		})
	})
}

func (c *Checkout) raise(ctx context.Context, tx pgx.Tx, now time.Time, a payments.Attempt, note string) error {
	together, err := c.book.LockOfCheckout(ctx, tx, a.CheckoutID)
	if err != nil {
		return err
	}
	for _, o := range together {
		step := orders.Step{Order: o, Verb: orders.PaymentHeld, Actor: audit.Machine, Detail: map[string]any{"invoice": a.ID}}
		if err := c.book.Note(ctx, tx, now, step); err != nil {
			return err
		}
		if err := c.contacts.Open(ctx, tx, now, o.ID, contacts.PaymentQuarantined, note); err != nil {
			return err
		}
	}
	return nil
}
