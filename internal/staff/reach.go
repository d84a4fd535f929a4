package staff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
	"pishkhan/internal/staff/internal/sqlq"
)

// SetMobile notes where a member is reached by SMS; "" is nowhere any more.
// Faults: NotFound; Invalid with the field mobile.
func (s *Staff) SetMobile(ctx context.Context, by audit.Actor, memberID int64, typed string) error {
	return db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		return s.SetMobileTx(ctx, tx, s.clock.Now(), by, memberID, typed)
	})
}

// SetMobileTx is SetMobile within tx.
func (s *Staff) SetMobileTx(ctx context.Context, tx pgx.Tx, now time.Time, by audit.Actor, memberID int64, typed string) error {
	var mobile iran.Mobile
	if strings.TrimSpace(typed) != "" {
		var err error
		if mobile, err = iran.ParseMobile(typed); err != nil {
			var wrong fault.Fields
			wrong.AddErr("mobile", err)
			return wrong.Err()
		}
	}
	if _, err := sqlq.New(tx).SetMobile(ctx, mobile.String(), memberID); err != nil {
		return memberFault("set the mobile", err)
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: by, Verb: "staff.set_mobile", Subject: subject(memberID), Detail: map[string]any{"mobile": mobile.Masked()},
	})
}

// Reachable is a member with how to reach them.
type Reachable struct {
	ID     int64
	Name   string
	Email  string
	Mobile string // "" when nobody said
	Roles  []audit.Role
	SeenAt time.Time // when they last used the desk in a session that nobody ended; zero: there is none
}

// SignedIn reports whether a session of theirs still holds.
func (r Reachable) SignedIn(now time.Time) bool { return now.Sub(r.SeenAt) <= idle }

// WithRoles returns the members who hold one of the roles, without those who
// were shut out.
func (s *Staff) WithRoles(ctx context.Context, db sqlq.DBTX, held ...audit.Role) ([]Reachable, error) {
	names := make([]string, len(held))
	for i, role := range held {
		names[i] = string(role)
	}
	rows, err := sqlq.New(db).MembersAtTheDesk(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("members to reach: %w", err)
	}
	list := make([]Reachable, len(rows))
	for i, r := range rows {
		list[i] = Reachable{ID: r.ID, Name: r.Name, Email: r.Email, Mobile: r.Mobile, Roles: roles(r.Roles)}
		if r.SeenAt.Year() > 1 {
			list[i].SeenAt = r.SeenAt
		}
	}
	return list, nil
}
