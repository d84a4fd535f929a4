package checkout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
)

// extraLife is how long a customer has to pay what is asked besides the price.
const extraLife = 3 * 24 * time.Hour

// ExtraDraft is what is asked of a customer besides the price, as typed.
type ExtraDraft struct {
	Amount string // tomans
	Reason string // told to the customer
}

// AskExtra asks the customer of an order that the member works on for the
// difference to what it really costs. The order waits, and its clock stands
// still, until it is paid, withdrawn or too late; the customer gets a link to
// pay by. It returns Invalid with the fields amount or reason, and Conflict
// when the order is not the member's or not in progress.
func (c *Checkout) AskExtra(ctx context.Context, member audit.Actor, code string, d ExtraDraft) (payments.Extra, error) {
	amount, err := d.check()
	if err != nil {
		return payments.Extra{}, err
	}
	var extra payments.Extra
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		o, _, err := c.queue.LockHeld(ctx, tx, member, code)
		if err != nil {
			return err
		}
		extra, err = c.payments.AskExtra(ctx, tx, now, member, int64(o.ID), amount, d.Reason, now.Add(extraLife))
		if err != nil {
			return err
		}
		err = c.book.Move(ctx, tx, now, orders.Step{
			Order: o, Verb: orders.AskExtra, Actor: member, Reason: d.Reason, Detail: map[string]any{"rials": amount, "extra": extra.ID},
		})
		if err != nil {
			return err
		}
		if err := c.tellExtra(ctx, tx, now, o, extra); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.ask_extra", Subject: o.Subject(), Detail: map[string]any{
			"rials": amount, "reason": d.Reason,
		}})
	})
	return extra, err
}

func (c *Checkout) tellExtra(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, e payments.Extra) error {
	link, err := c.letters.Link(ctx, tx, now, o.ID)
	if err != nil {
		return err
	}
	return c.letters.Tell(ctx, tx, now, o, fmt.Sprintf("extra:%d:asked", e.ID), notify.Message{
		Kind: notify.ExtraAsked, Detail: notify.Detail{Rials: int64(e.Amount), Text: e.Reason, Link: link},
	})
}

func (d *ExtraDraft) check() (money.Rials, error) {
	var wrong fault.Fields
	amount, err := money.ParseToman(d.Amount)
	if err == nil && amount == 0 {
		err = fault.New(fault.Invalid, "money.error.zero")
	}
	if err != nil {
		wrong.AddErr("amount", err)
	}
	d.Reason = strings.TrimSpace(d.Reason)
	switch {
	case d.Reason == "":
		wrong.Add("reason", "orderdesk.error.extra_reason")
	case utf8.RuneCountInString(d.Reason) > 500:
		wrong.Add("reason", "fulfil.error.long", "max", 500)
	}
	return amount, wrong.Err()
}

// WithdrawExtra ends what is asked for an order that the member holds: the
// order goes on. Money that still comes for it goes back. It is a Conflict
// when nothing is asked, or not any more.
func (c *Checkout) WithdrawExtra(ctx context.Context, member audit.Actor, code string) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		o, _, err := c.queue.LockHeld(ctx, tx, member, code)
		if err != nil {
			return err
		}
		extra, err := c.payments.OpenExtra(ctx, tx, int64(o.ID))
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Conflict, "orderdesk.error.no_extra")
		}
		if err != nil {
			return err
		}
		if err := c.endExtra(ctx, tx, now, member, o, extra, payments.ExtraWithdrawn); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "order.withdraw_extra", Subject: o.Subject(), Detail: map[string]any{"rials": extra.Amount},
		})
	})
}

// endExtra ends an extra payment of an order that the caller has locked, and
// lets the order go on.
func (c *Checkout) endExtra(ctx context.Context, tx pgx.Tx, now time.Time, by audit.Actor, o orders.Order, e payments.Extra, end payments.ExtraState) error {
	ended, err := c.payments.EndExtra(ctx, tx, now, e.ID, end)
	if err != nil || !ended {
		return err
	}
	verb := orders.ExtraEnded
	if end == payments.ExtraPaid {
		verb = orders.ExtraPaid
	}
	return c.book.Move(ctx, tx, now, orders.Step{
		Order: o, Verb: verb, Actor: by, Detail: map[string]any{"rials": e.Amount, "extra": e.ID, "end": end},
	})
}

// PayExtra begins an attempt to pay what is asked for an order. It is a
// Conflict when nothing is asked, or not any more.
func (c *Checkout) PayExtra(ctx context.Context, o orders.Order) (payments.Attempt, error) {
	var attempt payments.Attempt
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		o, err := c.book.LockByID(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		extra, err := c.payments.OpenExtra(ctx, tx, int64(o.ID))
		if fault.Is(err, fault.NotFound) || err == nil && !extra.Open(now) {
			return fault.New(fault.Conflict, "orderdesk.error.no_extra")
		}
		if err != nil {
			return err
		}
		filed, err := c.customers.Case(ctx, tx, o.IdentityCaseID)
		if err != nil {
			return err
		}
		attempt, err = c.payments.BeginExtra(ctx, tx, now, o.CheckoutID, extra, filed.Mobile)
		return err
	})
	return attempt, err
}

// acceptExtra takes money that was asked for besides the price. Money that
// nobody asks for any more goes back.
func (c *Checkout) acceptExtra(ctx context.Context, a payments.Attempt, t payments.Transaction) error {
	extra, err := c.payments.Extra(ctx, c.pool, a.ExtraID)
	if err != nil {
		return err
	}
	if extra.State != payments.ExtraAsked {
		return c.giveBack(ctx, a, t)
	}
	err = c.payments.Verify(ctx, t)
	if errors.Is(err, payments.ErrRefused) {
		_, err = c.payments.RecordEnd(ctx, c.pool, c.clock.Now(), a, payments.Failed, err.Error())
		return err
	}
	if err != nil {
		return err
	}
	err = c.settleExtra(ctx, a.ID, orders.ID(extra.OrderID), t)
	if errors.Is(err, errUnwanted) {
		return c.giveBack(ctx, a, t)
	}
	return err
}

func (c *Checkout) settleExtra(ctx context.Context, attemptID int64, id orders.ID, t payments.Transaction) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		a, err := c.payments.Lock(ctx, tx, attemptID)
		if err != nil || a.Paid() {
			return err
		}
		if !a.Payable() {
			return errUnwanted
		}
		o, err := c.book.LockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		extra, err := c.payments.Extra(ctx, tx, a.ExtraID)
		if err != nil {
			return err
		}
		if extra.State != payments.ExtraAsked {
			return errUnwanted
		}
		if err := c.payments.RecordVerified(ctx, tx, now, a, t); err != nil {
			return err
		}
		if err := c.endExtra(ctx, tx, now, audit.Machine, o, extra, payments.ExtraPaid); err != nil {
			return err
		}
		if _, err := c.queuer.InsertTx(ctx, tx, SettleArgs{AttemptID: a.ID}, nil); err != nil {
			return fmt.Errorf("settle payment %d: %w", a.ID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: audit.Machine, Verb: "payment.verified", Subject: a.Subject(),
			Detail: map[string]any{"rials": a.Amount, "rrn": t.RRN, "extra": extra.ID},
		})
	})
}

// expireExtras ends what was not paid in time, except where the customer may
// still be at the gateway.
func (c *Checkout) expireExtras(ctx context.Context) error {
	ids, err := c.payments.ExpiredExtras(ctx, c.clock.Now())
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		failed = append(failed, db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
			extra, err := c.payments.Extra(ctx, tx, id)
			if err != nil {
				return err
			}
			o, err := c.book.LockByID(ctx, tx, orders.ID(extra.OrderID))
			if err != nil {
				return err
			}
			open, err := c.payments.ExtraUnderWay(ctx, tx, id)
			if err != nil || open {
				return err
			}
			return c.endExtra(ctx, tx, c.clock.Now(), audit.Machine, o, extra, payments.ExtraExpired)
		}))
	}
	return errors.Join(failed...)
}

// OrderMoved ends what is asked for an order that goes on without it: because
// its customer answered instead of paying, or because it is cancelled, which
// frees its discount code as well. It is an orders.Watcher.
func (c *Checkout) OrderMoved(ctx context.Context, tx pgx.Tx, now time.Time, moved orders.Order, s orders.Step) error {
	if s.Verb != orders.Answer && s.Verb != orders.Cancel || moved.SettledAt == nil {
		return nil
	}
	extra, err := c.payments.OpenExtra(ctx, tx, int64(moved.ID))
	if err == nil {
		_, err = c.payments.EndExtra(ctx, tx, now, extra.ID, payments.ExtraWithdrawn)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if s.Verb == orders.Cancel {
		return c.campaigns.Release(ctx, tx, now, []int64{int64(moved.ID)})
	}
	return nil
}
