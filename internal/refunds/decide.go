package refunds

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds/internal/sqlq"
)

// defaultLimit holds until another limit is set.
const defaultLimit money.Rials = 50_000_000

// Limit returns the amount above which asker and approver are two people.
func (r *Refunds) Limit(ctx context.Context) (money.Rials, error) { return limit(ctx, r.pool) }

func limit(ctx context.Context, q sqlq.DBTX) (money.Rials, error) {
	row, err := sqlq.New(q).NewestLimit(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return defaultLimit, nil
	}
	if err != nil {
		return 0, fmt.Errorf("limit of refunds: %w", err)
	}
	return money.Rials(row.LimitRials), nil
}

// SetLimit sets it, on the record, from tomans as typed. It returns Invalid
// (field limit).
func (r *Refunds) SetLimit(ctx context.Context, member audit.Actor, typed string) error {
	amount, err := money.ParseToman(typed)
	if err != nil {
		var wrong fault.Fields
		wrong.AddErr("limit", err)
		return wrong.Err()
	}
	return db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.clock.Now()
		if err := sqlq.New(tx).InsertLimit(ctx, int64(amount), now, member.ID); err != nil {
			return fmt.Errorf("limit of refunds: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "refund_limit.set", Subject: "refund_limit", Detail: map[string]any{"rials": amount},
		})
	})
}

// Approve lets a refund be sent to where it goes by now. It is a Conflict when
// somebody decided it first, when nobody has said where it goes
// (refunds.error.no_destination), when all that goes back of its order is
// above the limit and the member asked for it (refunds.error.same_person) or
// said where it goes (refunds.error.same_account), or
// while a purchase is under way or unknown, unless a supervisor asked over it.
func (r *Refunds) Approve(ctx context.Context, member audit.Actor, id int64) error {
	return db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.clock.Now()
		refund, o, err := r.lockSafe(ctx, tx, id)
		if err != nil {
			return err
		}
		most, err := limit(ctx, tx)
		if err != nil {
			return err
		}
		rials := int64(most)
		n, err := sqlq.New(tx).Approve(ctx, sqlq.ApproveParams{ID: id, At: now, By: &member.ID, Name: member.Name, LimitRials: &rials})
		if err != nil {
			return fmt.Errorf("approve refund %d: %w", id, err)
		}
		switch {
		case n == 0 && refund.State == Asked && refund.Masked == "":
			return fault.New(fault.Conflict, "refunds.error.no_destination")
		case n == 0 && refund.State == Asked && refund.AskedBy != member.ID:
			return fault.New(fault.Conflict, "refunds.error.same_account", "limit", most)
		case n == 0 && refund.State == Asked:
			return fault.New(fault.Conflict, "refunds.error.same_person", "limit", most)
		case n == 0:
			return movedOn(refund)
		}
		return r.note(ctx, tx, now, member, o, orders.RefundApproved, refund, "")
	})
}

// lockSafe is lock for money that is to leave: a Conflict while a purchase is
// under way or unknown, unless a supervisor asked over it.
func (r *Refunds) lockSafe(ctx context.Context, tx pgx.Tx, id int64) (Refund, orders.Order, error) {
	refund, o, err := r.lock(ctx, tx, id)
	if err != nil || refund.Overruled {
		return refund, o, err
	}
	open, err := r.purchaseOpen(ctx, tx, o.ID)
	if err == nil && open {
		err = fault.New(fault.Conflict, "refunds.error.purchase_open")
	}
	return refund, o, err
}

// Sent writes that an approved refund was transferred, with the bank's
// reference; the customer is told. A purchase that is under way does not
// hinder it: what has left can always be written down, and what has not is
// held back by Destination. It returns Invalid (field reference), and Conflict
// when it is not approved, or not any more.
func (r *Refunds) Sent(ctx context.Context, member audit.Actor, id int64, reference string) error {
	var wrong fault.Fields
	if reference = strings.TrimSpace(reference); reference == "" || len(reference) > 100 {
		wrong.Add("reference", "refunds.error.reference")
		return wrong.Err()
	}
	return db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		refund, o, err := r.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if refund.Way == Gateway {
			return fault.New(fault.Conflict, "refunds.error.at_gateway")
		}
		return r.sent(ctx, tx, member, o, refund, Transfer, reference)
	})
}

func (r *Refunds) sent(ctx context.Context, tx pgx.Tx, member audit.Actor, o orders.Order, refund Refund, way Way, reference string) error {
	now, how := r.clock.Now(), string(way)
	n, err := sqlq.New(tx).MarkSent(ctx, sqlq.MarkSentParams{
		ID: refund.ID, At: now, By: &member.ID, Name: member.Name, BankReference: reference, Way: &how,
	})
	if err != nil {
		return fmt.Errorf("refund %d sent: %w", refund.ID, err)
	}
	if n == 0 {
		return movedOn(refund)
	}
	if err := r.note(ctx, tx, now, member, o, orders.RefundSent, refund, reference); err != nil {
		return err
	}
	return r.letters.Tell(ctx, tx, now, o, fmt.Sprintf("refund:%d:sent", refund.ID), notify.Message{
		Kind: notify.RefundSent, Detail: notify.Detail{Rials: int64(refund.Amount), Reference: reference, To: refund.Masked},
	})
}

// Fail ends a refund that is not sent, with the reason: refused, or sent back
// by the bank before it was written as sent. Its amount can be asked for
// again. It returns Invalid (field failure), and Conflict when it is over.
func (r *Refunds) Fail(ctx context.Context, member audit.Actor, id int64, why string) error {
	var wrong fault.Fields
	why = checkText(&wrong, "failure", why, "refunds.error.failure_empty")
	if err := wrong.Err(); err != nil {
		return err
	}
	return db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.clock.Now()
		refund, o, err := r.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := sqlq.New(tx).MarkFailed(ctx, sqlq.MarkFailedParams{ID: id, At: now, By: &member.ID, Name: member.Name, Failure: why})
		if err != nil {
			return fmt.Errorf("refund %d failed: %w", id, err)
		}
		if n == 0 {
			return movedOn(refund)
		}
		if err := sqlq.New(tx).GiveUpClaim(ctx, int64(refund.Amount), int64(o.ID)); err != nil {
			return fmt.Errorf("ledger of order %d: %w", o.ID, err)
		}
		return r.note(ctx, tx, now, member, o, orders.RefundFailed, refund, why)
	})
}
