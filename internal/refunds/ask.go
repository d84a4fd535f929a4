package refunds

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds/internal/sqlq"
)

// Draft is a refund as it is asked for, as typed.
type Draft struct {
	Amount      string // tomans
	Reason      string
	Destination string // a sheba or card number; empty: not known yet
	Overrule    bool   // the member may, and has seen the warning: though a purchase is open
}

// Ask asks for a refund of what was paid for an order. It returns Invalid
// with the fields amount, reason or destination, and Conflict when the order
// is not paid, when less than that is left (refunds.error.more_than_left), or
// while a purchase is under way or unknown (refunds.error.purchase_open).
func (r *Refunds) Ask(ctx context.Context, member audit.Actor, code string, d Draft) (Refund, error) {
	amount, to, err := d.check()
	if err != nil {
		return Refund{}, err
	}
	var refund Refund
	err = db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.clock.Now()
		o, err := r.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		refund, err = r.ask(ctx, tx, now, member, o, d, amount, to)
		return err
	})
	return refund, err
}

// ask writes a refund of an order that the caller has locked.
func (r *Refunds) ask(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, d Draft,
	amount money.Rials, to destination) (Refund, error) {
	open, err := r.purchaseOpen(ctx, tx, o.ID)
	if err != nil {
		return Refund{}, err
	}
	if open && !d.Overrule {
		return Refund{}, fault.New(fault.Conflict, "refunds.error.purchase_open")
	}
	if err := r.take(ctx, tx, o, amount); err != nil {
		return Refund{}, err
	}
	row, err := sqlq.New(tx).InsertRefund(ctx, sqlq.InsertRefundParams{
		OrderID: int64(o.ID), AmountRials: int64(amount), Reason: d.Reason, Overruled: open && d.Overrule, At: now, AskedBy: member.ID, AskedName: member.Name,
	})
	if err != nil {
		return Refund{}, fmt.Errorf("ask for a refund of order %d: %w", o.ID, err)
	}
	refund := fromRow(row)
	if to.number != "" {
		if _, err := r.keep(ctx, tx, now, member, refund.ID, row.DestinationNo, to); err != nil {
			return Refund{}, err
		}
		refund.Masked, refund.AccountBy = to.masked, member.ID
	}
	return refund, r.note(ctx, tx, now, member, o, orders.RefundAsked, refund, d.Reason)
}

// take sets the amount apart from what was paid.
func (r *Refunds) take(ctx context.Context, tx pgx.Tx, o orders.Order, amount money.Rials) error {
	paid, err := r.paid(ctx, tx, o)
	if err != nil {
		return err
	}
	if paid == 0 {
		return fault.New(fault.Conflict, "refunds.error.not_paid")
	}
	q := sqlq.New(tx)
	if err := q.OpenLedger(ctx, int64(o.ID), int64(paid)); err != nil {
		return fmt.Errorf("ledger of order %d: %w", o.ID, err)
	}
	left, err := r.Left(ctx, tx, o)
	if err != nil {
		return err
	}
	less := fault.New(fault.Conflict, "refunds.error.more_than_left", "left", left)
	if amount > left {
		return less
	}
	if _, err := q.Claim(ctx, int64(amount), int64(o.ID)); err != nil {
		return db.Fault(fmt.Errorf("ledger of order %d: %w", o.ID, err), db.Faults{"refund_ledgers_covered": less})
	}
	return nil
}

// purchaseOpen reports whether money may be on its way at the destination:
// what goes back to the customer then may be paid twice.
func (r *Refunds) purchaseOpen(ctx context.Context, tx pgx.Tx, id orders.ID) (bool, error) {
	p, ok, err := r.fulfil.Live(ctx, tx, id)
	return ok && p.Open(), err
}

// check trims the draft, and reads its amount and destination.
func (d *Draft) check() (amount money.Rials, to destination, err error) {
	var wrong fault.Fields
	amount, err = money.ParseToman(d.Amount)
	if err == nil && amount == 0 {
		err = fault.New(fault.Invalid, "money.error.zero")
	}
	if err != nil {
		wrong.AddErr("amount", err)
	}
	d.Reason = checkText(&wrong, "reason", d.Reason, "refunds.error.reason_empty")
	if strings.TrimSpace(d.Destination) != "" {
		if to, err = parseDestination(d.Destination); err != nil {
			wrong.AddErr("destination", err)
		}
	}
	return amount, to, wrong.Err()
}

// checkText returns what was typed without the space around it, and adds to
// wrong when nothing is left or it is longer than 1,000 letters.
func checkText(wrong *fault.Fields, field, typed, emptyKey string) string {
	text := strings.TrimSpace(typed)
	switch {
	case text == "":
		wrong.Add(field, emptyKey)
	case utf8.RuneCountInString(text) > 1000:
		wrong.Add(field, "fulfil.error.long", "max", 1000)
	}
	return text
}
