package vault

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
	"pishkhan/internal/seal"
	"pishkhan/internal/vault/internal/sqlq"
)

// hourlyCap is how many reveals a person has in an hour. An operator
// completes a dozen orders in that time; more is somebody collecting.
const hourlyCap = 40

// Reveal opens a credential for a staff member who is entitled to it. The
// gate runs first, in the same transaction and with the reason as it is
// recorded: it locks the order, checks the claim and returns the audit
// subject. The record commits before the plaintext is returned; when it
// cannot, the fault is Unavailable and nothing is revealed. It returns Invalid
// (field reason) without a reason, and TooMany above the hourly cap.
func (v *Vault) Reveal(ctx context.Context, member audit.Actor, credentialID int64, reason string,
	gate func(ctx context.Context, tx pgx.Tx, now time.Time, reason string) (subject string, err error)) (map[string]seal.Secret, error) {
	reason, err := checkReason(reason)
	if err != nil {
		return nil, err
	}
	now := v.clock.Now()
	var secrets map[string]seal.Secret
	err = db.InTx(ctx, v.pool, func(ctx context.Context, tx pgx.Tx) error {
		subject, err := gate(ctx, tx, now, reason)
		if err != nil {
			return err
		}
		q := sqlq.New(tx)
		if err := q.QueueUp(ctx, int32(member.ID)); err != nil {
			return fmt.Errorf("reveal credential %d: %w", credentialID, err)
		}
		made, err := q.CountReveals(ctx, member.ID, now.Add(-time.Hour))
		if err != nil {
			return fmt.Errorf("reveal credential %d: %w", credentialID, err)
		}
		if made >= hourlyCap {
			return fault.New(fault.TooMany, "vault.error.hourly_cap", "max", hourlyCap)
		}
		if secrets, err = v.open(ctx, tx, credentialID); err != nil {
			return err
		}
		err = q.InsertReveal(ctx, sqlq.InsertRevealParams{
			CredentialID: credentialID, MemberID: member.ID, Reason: reason, RevealedAt: now,
		})
		if err != nil {
			return fmt.Errorf("reveal credential %d: %w", credentialID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "credential.reveal", Subject: subject,
			Detail: map[string]any{"credential": credentialID, "reason": reason},
		})
	})
	if err == nil {
		return secrets, nil
	}
	if fault.Of(err) != nil {
		return nil, err
	}
	return nil, fault.New(fault.Unavailable, "vault.error.not_recorded").Because(err)
}

func checkReason(typed string) (string, error) {
	reason := strings.TrimSpace(typed)
	var wrong fault.Fields
	switch {
	case reason == "":
		wrong.Add("reason", "vault.error.reason_empty")
	case utf8.RuneCountInString(reason) > 300:
		wrong.Add("reason", "vault.error.reason_long", "max", 300)
	}
	return reason, wrong.Err()
}
