// Package checkout leads from a basket to paid orders: it places them, sends
// the customer to pay, settles what the gateway confirms, and lets an order
// into the queue once it is both paid and verified.
package checkout

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"pishkhan/internal/audit"
	"pishkhan/internal/campaigns"
	"pishkhan/internal/carts"
	"pishkhan/internal/checkout/internal/sqlq"
	"pishkhan/internal/clock"
	"pishkhan/internal/contacts"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/letters"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/queue"
)

// Checkout is the room's door.
type Checkout struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	carts     *carts.Carts
	customers *customers.Customers
	book      *orders.Book
	payments  *payments.Payments
	contacts  *contacts.Contacts
	campaigns *campaigns.Campaigns
	queue     *queue.Queue
	letters   *letters.Letters
	queuer    *river.Client[pgx.Tx]
}

// New returns the checkout over its neighbours; queuer inserts its jobs.
func New(pool *pgxpool.Pool, c clock.Clock, basket *carts.Carts, who *customers.Customers, book *orders.Book,
	p *payments.Payments, calls *contacts.Contacts, codes *campaigns.Campaigns,
	q *queue.Queue, l *letters.Letters, queuer *river.Client[pgx.Tx]) *Checkout {
	return &Checkout{
		pool: pool, clock: c, carts: basket, customers: who, book: book, payments: p, contacts: calls, campaigns: codes,
		queue: q, letters: l, queuer: queuer,
	}
}

// Pay announces an attempt to the gateway and returns how to get the
// customer there; Unavailable when the gateway does not answer.
func (c *Checkout) Pay(ctx context.Context, a payments.Attempt) (payments.Redirect, error) {
	return c.payments.Send(ctx, a)
}

// PayAgain begins another attempt to pay for the orders placed together with
// o. It is a Conflict once they are paid, or when their price has run out.
func (c *Checkout) PayAgain(ctx context.Context, o orders.Order) (payments.Attempt, error) {
	var attempt payments.Attempt
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		o, err := c.book.LockByID(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if o.State != orders.AwaitingPayment {
			return fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
		}
		if !now.Before(o.PayBefore) {
			return fault.New(fault.Conflict, "checkout.error.price_ran_out")
		}
		row, err := sqlq.New(tx).CheckoutByID(ctx, o.CheckoutID)
		if err != nil {
			return fmt.Errorf("checkout %d: %w", o.CheckoutID, err)
		}
		filed, err := c.customers.Case(ctx, tx, o.IdentityCaseID)
		if err != nil {
			return err
		}
		attempt, err = c.payments.Begin(ctx, tx, now, o.CheckoutID, money.Rials(row.TotalRials), filed.Mobile)
		return err
	})
	return attempt, err
}

// Cancel ends the orders placed together with o, before they are paid. Money
// that still comes for them goes back. It is a Conflict once they are paid.
func (c *Checkout) Cancel(ctx context.Context, by audit.Actor, o orders.Order, reason string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		return c.endUnpaid(ctx, tx, c.clock.Now(), o.CheckoutID, orders.Step{Verb: orders.Cancel, Actor: by, Reason: reason})
	})
}

// neverSent is when an attempt is given up that never left our house.
const neverSent = 5 * time.Minute

// Expire ends the orders whose time to be paid has run out, except those
// whose customer may still be at the gateway.
func (c *Checkout) Expire(ctx context.Context) error {
	now := c.clock.Now()
	if err := c.payments.EndUnsent(ctx, now.Add(-neverSent)); err != nil {
		return err
	}
	ids, err := c.book.Unpaid(ctx, now)
	if err != nil {
		return err
	}
	failed := []error{c.expireExtras(ctx)}
	for _, id := range ids {
		failed = append(failed, db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
			o, err := c.book.ByID(ctx, tx, id)
			if err != nil {
				return err
			}
			together, err := c.book.LockOfCheckout(ctx, tx, o.CheckoutID)
			if err != nil || together[0].State != orders.AwaitingPayment { // went with another of them, or was paid just now
				return err
			}
			open, err := c.payments.UnderWay(ctx, tx, o.CheckoutID)
			if err != nil || open {
				return err
			}
			return c.endUnpaid(ctx, tx, c.clock.Now(), o.CheckoutID, orders.Step{Verb: orders.Expire, Actor: audit.Machine})
		}))
	}
	return errors.Join(failed...)
}

func (c *Checkout) endUnpaid(ctx context.Context, tx pgx.Tx, now time.Time, checkoutID int64, step orders.Step) error {
	together, err := c.book.LockOfCheckout(ctx, tx, checkoutID)
	if err != nil {
		return err
	}
	for _, o := range together {
		if o.State != orders.AwaitingPayment { // a paid order is cancelled by another verb, with its refund
			return fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
		}
		step.Order = o
		if err := c.book.Move(ctx, tx, now, step); err != nil {
			return err
		}
	}
	ids := make([]int64, len(together))
	for i, o := range together {
		ids[i] = int64(o.ID)
	}
	return c.campaigns.Release(ctx, tx, now, ids)
}
