package fulfil

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/seal"
)

// Reveal opens the destination login of an order for the member who works on
// it, by field name. The order's history and the audit record say so before
// the plaintext leaves. It returns Conflict when the order is not the
// member's, NotFound when it has no credential, and the faults of
// vault.Reveal.
func (f *Fulfilment) Reveal(ctx context.Context, member audit.Actor, code, reason string) (map[string]seal.Secret, error) {
	o, err := f.book.ByCode(ctx, f.pool, code)
	if err != nil {
		return nil, err
	}
	if o.CredentialID == 0 {
		return nil, fault.New(fault.NotFound, "vault.error.none")
	}
	return f.vault.Reveal(ctx, member, o.CredentialID, reason,
		func(ctx context.Context, tx pgx.Tx, now time.Time, reason string) (string, error) {
			o, _, err := f.lockInProgress(ctx, tx, member, code)
			if err != nil {
				return "", err
			}
			step := orders.Step{Order: o, Verb: orders.Revealed, Actor: member, Reason: reason}
			return o.Subject(), f.book.Note(ctx, tx, now, step)
		})
}
