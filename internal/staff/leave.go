package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff/internal/sqlq"
)

// Disable shuts a member out who leaves: all their sessions end now, and no
// password opens another. Fault: NotFound.
func (s *Staff) Disable(ctx context.Context, by audit.Actor, email string) error {
	return db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := s.clock.Now()
		id, err := sqlq.New(tx).DisableMember(ctx, &now, normal(email))
		if err != nil {
			return memberFault("disable", err)
		}
		return endSessions(ctx, tx, now, by, "staff.disable", id)
	})
}

// SetPassword gives a member another password and ends all their sessions.
// Faults: NotFound; Invalid with the field password.
func (s *Staff) SetPassword(ctx context.Context, by audit.Actor, email, password string) error {
	var wrong fault.Fields
	if err := checkPassword(password); err != nil {
		wrong.AddErr("password", err)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	leave, err := takeSeat(ctx)
	if err != nil {
		return err
	}
	phc := hash(password)
	leave()
	return db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		id, err := sqlq.New(tx).SetPasswordHash(ctx, phc, normal(email))
		if err != nil {
			return memberFault("set the password", err)
		}
		return endSessions(ctx, tx, s.clock.Now(), by, "staff.set_password", id)
	})
}

// ChangeRoles grants and revokes roles; sessions that are open see it at
// their next request. Faults: NotFound; Invalid with the field role.
func (s *Staff) ChangeRoles(ctx context.Context, by audit.Actor, email string, grant, revoke []audit.Role) error {
	if err := checkRoles(append(append([]audit.Role{}, grant...), revoke...)); err != nil {
		return err
	}
	return db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := s.clock.Now()
		q := sqlq.New(tx)
		member, err := q.MemberByEmail(ctx, normal(email))
		if err != nil {
			return memberFault("change roles", err)
		}
		for _, role := range grant {
			if err := q.GrantRole(ctx, member.ID, string(role), now); err != nil {
				return fmt.Errorf("grant %s to member %d: %w", role, member.ID, err)
			}
		}
		for _, role := range revoke {
			if err := q.RevokeRole(ctx, member.ID, string(role), &now); err != nil {
				return fmt.Errorf("revoke %s from member %d: %w", role, member.ID, err)
			}
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "staff.change_roles", Subject: subject(member.ID),
			Detail: map[string]any{"granted": grant, "revoked": revoke},
		})
	})
}

func checkRoles(roles []audit.Role) error {
	var wrong fault.Fields
	for _, role := range roles {
		if !known(role) {
			wrong.Add("role", "staff.error.role", "role", string(role))
		}
	}
	return wrong.Err()
}

// endSessions signs a member out everywhere, ends the tokens of their programs
// and puts on record why.
func endSessions(ctx context.Context, tx pgx.Tx, now time.Time, by audit.Actor, why string, memberID int64) error {
	ended, err := sqlq.New(tx).RevokeSessions(ctx, memberID, &now)
	if err != nil {
		return fmt.Errorf("end the sessions of member %d: %w", memberID, err)
	}
	revoked, err := sqlq.New(tx).RevokeTokens(ctx, memberID, &now)
	if err != nil {
		return fmt.Errorf("revoke the tokens of member %d: %w", memberID, err)
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: by, Verb: why, Subject: subject(memberID), Detail: map[string]any{"sessions_ended": ended, "tokens_revoked": revoked},
	})
}

func memberFault(attempt string, err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.NotFound, "staff.error.not_found")
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
