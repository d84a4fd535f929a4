package refunds

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/orders"
	"pishkhan/internal/refunds/internal/sqlq"
	"pishkhan/internal/seal"
)

// destination is where a refund goes: a sheba or a card number.
type destination struct{ number, masked string }

func parseDestination(typed string) (destination, error) {
	if sheba, err := iran.ParseSheba(typed); err == nil {
		return destination{sheba.String(), sheba.Masked()}, nil
	}
	if card, err := iran.ParseCard(typed); err == nil {
		return destination{iran.Digits(typed), card.String()}, nil
	}
	return destination{}, fault.New(fault.Invalid, "refunds.error.destination")
}

// SetDestination says to which account or card a refund goes. One that was
// approved already has to be approved again: nobody has approved this account.
// It returns Invalid (field destination), and Conflict when the refund is over.
func (r *Refunds) SetDestination(ctx context.Context, member audit.Actor, id int64, typed string) error {
	to, err := parseDestination(typed)
	if err != nil {
		var wrong fault.Fields
		wrong.AddErr("destination", err)
		return wrong.Err()
	}
	return db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.clock.Now()
		refund, o, err := r.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		row, err := sqlq.New(tx).RefundByID(ctx, id)
		if err != nil {
			return fmt.Errorf("refund %d: %w", id, err)
		}
		if kept, err := r.keep(ctx, tx, now, member, id, row.DestinationNo, to); err != nil {
			return err
		} else if !kept {
			return movedOn(refund)
		}
		if refund.State == Approved {
			if err := r.note(ctx, tx, now, member, o, orders.RefundUnapproved, refund, ""); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "refund.destination", Subject: refund.Subject(), Detail: map[string]any{"to": to.masked},
		})
	})
}

// keep seals where a refund goes; before is how often that was said already.
// It reports whether the refund could still be told.
func (r *Refunds) keep(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, id, before int64, to destination) (bool, error) {
	sealed, err := r.keyring.Seal(ctx, tx, owner(id), purpose, place(id, before+1), []byte(to.number))
	if err != nil {
		return false, fmt.Errorf("destination of refund %d: %w", id, err)
	}
	n, err := sqlq.New(tx).SetDestination(ctx, sqlq.SetDestinationParams{
		ID: id, Sealed: sealed, No: before + 1, Before: before, By: &member.ID, Masked: to.masked, At: now,
	})
	if err != nil {
		return false, fmt.Errorf("destination of refund %d: %w", id, err)
	}
	return n == 1, nil
}

// Destination opens the number that a refund goes to, for whoever sends it.
// The record of who looked commits before the number leaves. It is NotFound
// when none was given, and Conflict unless the refund is approved, or while a
// purchase is under way or unknown, unless a supervisor asked over it: this is
// the last moment before the money leaves.
func (r *Refunds) Destination(ctx context.Context, member audit.Actor, id int64) (seal.Secret, error) {
	var number seal.Secret
	err := db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		refund, _, err := r.lockSafe(ctx, tx, id)
		if err != nil {
			return err
		}
		if refund.State != Approved {
			return movedOn(refund)
		}
		row, err := sqlq.New(tx).RefundByID(ctx, id)
		if err != nil {
			return fmt.Errorf("refund %d: %w", id, err)
		}
		if row.DestinationNo == 0 {
			return fault.New(fault.NotFound, "refunds.error.no_destination")
		}
		plain, err := r.keyring.Open(ctx, tx, owner(id), purpose, place(id, row.DestinationNo), row.Destination)
		if err != nil {
			return fmt.Errorf("destination of refund %d: %w", id, err)
		}
		number = seal.NewSecret(string(plain))
		return audit.Record(ctx, tx, audit.Entry{At: r.clock.Now(), Actor: member, Verb: "refund.reveal", Subject: refund.Subject()})
	})
	if err != nil {
		return seal.Secret{}, err
	}
	return number, nil
}

const purpose = "destination"

func owner(id int64) string { return fmt.Sprintf("refund:%d", id) }

func place(id, version int64) seal.AssociatedData {
	return seal.AssociatedData{Table: "refunds", Row: id, Column: "destination", Version: version}
}
