// Package staff knows the people at the desk: who they are, what they are
// trusted with, and who is signed in.
package staff

import (
	"context"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/meter"
	"pishkhan/internal/staff/internal/sqlq"
)

// Member is somebody who works at the desk.
type Member struct {
	ID         int64
	Email      string
	Name       string
	Mobile     string // 09…; "" when nobody said
	Roles      []audit.Role
	CreatedAt  time.Time
	DisabledAt *time.Time
}

// Roles lists what members can be trusted with.
var Roles = []audit.Role{audit.Operator, audit.Reviewer, audit.Finance, audit.Supervisor, audit.Admin, audit.Auditor}

// Staff is the room's door.
type Staff struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	meter *meter.Meter
}

// New returns the staff kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock) *Staff {
	return &Staff{pool: pool, clock: c, meter: meter.New(TokenTerms)}
}

// NewMember is somebody about to join.
type NewMember struct {
	Email    string
	Name     string
	Password string
	Roles    []audit.Role
}

// Format keeps the password out of logs.
func (n NewMember) Format(f fmt.State, _ rune) { io.WriteString(f, "new member "+n.Email) }

// Add lets somebody join. It returns Invalid with the fields email, name,
// password, role, and Conflict when the address is taken.
func (s *Staff) Add(ctx context.Context, by audit.Actor, n NewMember) (int64, error) {
	n.Email, n.Name = normal(n.Email), strings.TrimSpace(n.Name)
	var wrong fault.Fields
	if a, err := mail.ParseAddress(n.Email); err != nil || a.Address != n.Email {
		wrong.Add("email", "staff.error.email")
	}
	if n.Name == "" || len(n.Name) > 200 {
		wrong.Add("name", "staff.error.name")
	}
	if err := checkPassword(n.Password); err != nil {
		wrong.AddErr("password", err)
	}
	for _, role := range n.Roles {
		if !known(role) {
			wrong.Add("role", "staff.error.role", "role", string(role))
		}
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	leave, err := takeSeat(ctx)
	if err != nil {
		return 0, err
	}
	phc := hash(n.Password)
	leave()
	var id int64
	err = db.InTx(ctx, s.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := s.clock.Now()
		q := sqlq.New(tx)
		id, err = q.InsertMember(ctx, sqlq.InsertMemberParams{Email: n.Email, Name: n.Name, PasswordHash: phc, CreatedAt: now})
		if err != nil {
			return db.Fault(err, db.Faults{"staff_members_email": fault.New(fault.Conflict, "staff.error.taken", "email", n.Email)})
		}
		for _, role := range n.Roles {
			if err := q.GrantRole(ctx, id, string(role), now); err != nil {
				return fmt.Errorf("grant %s to member %d: %w", role, id, err)
			}
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "staff.add", Subject: subject(id),
			Detail: map[string]any{"email": n.Email, "roles": n.Roles},
		})
	})
	return id, err
}

// List returns all members, in the order they joined.
func (s *Staff) List(ctx context.Context) ([]Member, error) {
	rows, err := sqlq.New(s.pool).Members(ctx)
	if err != nil {
		return nil, fmt.Errorf("list staff: %w", err)
	}
	members := make([]Member, len(rows))
	for i, r := range rows {
		members[i] = Member{
			ID: r.ID, Email: r.Email, Name: r.Name, Mobile: r.Mobile, Roles: roles(r.Roles), CreatedAt: r.CreatedAt, DisabledAt: r.DisabledAt,
		}
	}
	return members, nil
}

func roles(names []string) []audit.Role {
	list := make([]audit.Role, len(names))
	for i, name := range names {
		list[i] = audit.Role(name)
	}
	return list
}

func known(role audit.Role) bool {
	for _, r := range Roles {
		if r == role {
			return true
		}
	}
	return false
}

func subject(memberID int64) string { return fmt.Sprintf("member:%d", memberID) }

func normal(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
