package staff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff/internal/sqlq"
	"pishkhan/internal/token"
)

// How long a session lasts: a long lunch, and a long day.
const (
	idle     = 2 * time.Hour
	absolute = 12 * time.Hour
)

// How many failed sign-ins a quarter of an hour allows from one client: for
// one address, and for all together (a whole office may share one).
const (
	triesByEmail = 8
	triesByIP    = 60
	triesWithin  = 15 * time.Minute
)

// Signed is a fresh session.
type Signed struct {
	Token token.Token
	Actor audit.Actor
}

// SignIn opens a session. A wrong password and an unknown address are the
// same Unauthenticated fault after the same work; TooMany after too many
// failures of this client, which does not keep the owner from signing in
// elsewhere.
func (s *Staff) SignIn(ctx context.Context, email, password, ip, userAgent string) (Signed, error) {
	email = normal(email)
	member, err := s.verify(ctx, email, password, ip, "staff.sign_in_refused")
	if err != nil {
		return Signed{}, err
	}
	now := s.clock.Now()
	signed := Signed{Token: token.New(), Actor: audit.Actor{Kind: audit.Staff, ID: member.ID, Name: member.Name, IP: ip}}
	return signed, db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		opened, err := sqlq.New(tx).InsertSession(ctx, sqlq.InsertSessionParams{
			TokenHash: signed.Token.Hash(), MemberID: member.ID, PasswordHash: member.PasswordHash, At: now, Ip: ip, UserAgent: clip(userAgent),
		})
		if err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		if opened == 0 { // shut out a moment ago
			return fault.New(fault.Unauthenticated, "staff.error.wrong")
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: signed.Actor, Verb: "staff.sign_in", Subject: subject(member.ID)})
	})
}

// verify returns the member whose password it is. It takes the same work for a
// wrong password, an unknown address and who was shut out; each is put on
// record as refused, and counts.
func (s *Staff) verify(ctx context.Context, email, password, ip, refused string) (sqlq.MemberByEmailRow, error) {
	// From the seat on: guesses that come together are counted one after the
	// other, but for the few that have a seat at the same time.
	leave, err := takeSeat(ctx)
	if err != nil {
		return sqlq.MemberByEmailRow{}, err
	}
	defer leave()
	now, q := s.clock.Now(), sqlq.New(s.pool)
	failed, err := q.CountFailures(ctx, email, ip, now.Add(-triesWithin))
	if err != nil {
		return sqlq.MemberByEmailRow{}, fmt.Errorf("check a password: %w", err)
	}
	if failed.OfEmail >= triesByEmail || failed.OfIp >= triesByIP {
		return sqlq.MemberByEmailRow{}, fault.New(fault.TooMany, "staff.error.throttled")
	}
	member, err := q.MemberByEmail(ctx, email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return sqlq.MemberByEmailRow{}, fmt.Errorf("check a password: %w", err)
	}
	exists := err == nil && member.DisabledAt == nil
	phc := member.PasswordHash
	if !exists {
		phc = nobody
	}
	right, err := matches(password, phc)
	if err != nil {
		return sqlq.MemberByEmailRow{}, fmt.Errorf("check a password: %w", err)
	}
	if !exists || !right {
		return sqlq.MemberByEmailRow{}, s.refuse(ctx, now, email, ip, refused)
	}
	return member, nil
}

// nobody is the hash of no password: checking it costs what checking a real
// one costs, so that time does not tell who works here.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (s *Staff) refuse(ctx context.Context, now time.Time, email, ip, verb string) error {
	err := db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		if err := sqlq.New(tx).InsertFailure(ctx, clip(email), ip, now); err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: audit.Actor{Kind: audit.System, Name: "sign-in", IP: ip},
			Verb: verb, Subject: "email:" + clip(email),
		})
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Unauthenticated, "staff.error.wrong")
}

// Actor returns who holds a session, with the roles of this moment. A token
// that is unknown, revoked, idle or too old, or whose owner was disabled, is
// Unauthenticated.
func (s *Staff) Actor(ctx context.Context, t token.Token, ip string) (audit.Actor, error) {
	actor, seen, err := s.holder(ctx, t, ip)
	if err != nil {
		return audit.Actor{}, err
	}
	if now := s.clock.Now(); now.Sub(seen) > time.Minute {
		if err := sqlq.New(s.pool).TouchSession(ctx, t.Hash(), now); err != nil {
			return audit.Actor{}, fmt.Errorf("session: %w", err)
		}
	}
	return actor, nil
}

// Watcher is Actor without taking the session for used: a page that is left
// open does not keep its member signed in.
func (s *Staff) Watcher(ctx context.Context, t token.Token, ip string) (audit.Actor, error) {
	actor, _, err := s.holder(ctx, t, ip)
	return actor, err
}

func (s *Staff) holder(ctx context.Context, t token.Token, ip string) (who audit.Actor, seen time.Time, err error) {
	row, err := sqlq.New(s.pool).SessionMember(ctx, t.Hash())
	now := s.clock.Now()
	if errors.Is(err, pgx.ErrNoRows) || err == nil && (now.Sub(row.LastSeenAt) > idle || now.Sub(row.CreatedAt) > absolute) {
		return audit.Actor{}, time.Time{}, fault.New(fault.Unauthenticated, "staff.error.sign_in")
	}
	if err != nil {
		return audit.Actor{}, time.Time{}, fmt.Errorf("session: %w", err)
	}
	return audit.Actor{Kind: audit.Staff, ID: row.ID, Name: row.Name, Roles: roles(row.Roles), IP: ip}, row.LastSeenAt, nil
}

// SignOut ends a session for good.
func (s *Staff) SignOut(ctx context.Context, actor audit.Actor, t token.Token) error {
	return db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := s.clock.Now()
		if err := sqlq.New(tx).RevokeSession(ctx, t.Hash(), &now); err != nil {
			return fmt.Errorf("sign out: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: actor, Verb: "staff.sign_out", Subject: subject(actor.ID)})
	})
}

// clip bounds what a client says of itself.
func clip(s string) string {
	const most = 300
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
