package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// standing is how somebody stands by the terms of the house at one moment.
type standing struct {
	name      string
	roles     []audit.Role
	presence  Presence
	open, cap int // claims
	services  []string
	families  []string

	lease, grace, skip time.Duration
	leases             map[string]int // working minutes, by service
	calendar           int64          // the newest version; 0: none
}

// lockMember locks a member, so that nobody else takes an order for them, and
// returns how they stand. Whoever was shut out is NotFound.
func (q *Queue) lockMember(ctx context.Context, tx pgx.Tx, id int64) (standing, error) {
	if err := sqlq.New(db.Behind(tx)).LockMember(ctx, id); err != nil {
		return standing{}, fmt.Errorf("lock member %d: %w", id, err)
	}
	s, err := q.standing(ctx, tx, id)
	if err == nil && s.name == "" {
		err = fault.New(fault.NotFound, "queue.error.no_member")
	}
	return s, err
}

// standing reads how a member stands; 0 is nobody, for the terms alone.
func (q *Queue) standing(ctx context.Context, from sqlq.DBTX, id int64) (standing, error) {
	row, err := sqlq.New(from).Standing(ctx, id)
	if err != nil {
		return standing{}, fmt.Errorf("standing of member %d: %w", id, err)
	}
	s := standing{
		name: row.Name, presence: Presence(row.Presence), open: int(row.Open), cap: int(row.Cap), services: row.Services, families: row.Families,
		lease: minutes(row.LeaseMinutes), grace: minutes(row.GraceMinutes), skip: minutes(row.SkipMinutes), calendar: row.Calendar,
	}
	for _, role := range row.Roles {
		s.roles = append(s.roles, audit.Role(role))
	}
	if err := json.Unmarshal(row.Leases, &s.leases); err != nil {
		return standing{}, fmt.Errorf("leases of services: %w", err)
	}
	return s, nil
}

func minutes(n int32) time.Duration { return time.Duration(n) * time.Minute }

func (s standing) worksOnAll() bool { return len(s.services) == 0 && len(s.families) == 0 }

func (s standing) worksOn(d catalog.Definition) bool {
	return s.worksOnAll() || slices.Contains(s.services, d.Slug) || slices.Contains(s.families, string(d.Family))
}

// mayTakeAny says why somebody may take no order at all.
func (s standing) mayTakeAny() error {
	switch {
	case s.presence != Here:
		return fault.New(fault.Conflict, "queue.error.not_here."+string(s.presence))
	case s.open >= s.cap:
		return fault.New(fault.Conflict, "queue.error.cap", "n", s.open)
	}
	return nil
}

// mayTake says why somebody may not take this order.
func (q *Queue) mayTake(ctx context.Context, tx pgx.Tx, s standing, o orders.Order) error {
	if err := s.mayTakeAny(); err != nil {
		return err
	}
	service, err := q.catalog.Version(ctx, tx, catalog.VersionID(o.ServiceVersionID))
	if err != nil {
		return err
	}
	if !s.worksOn(service.Definition) {
		return fault.New(fault.Conflict, "queue.error.skill", "code", o.Code, "service", service.Definition.Title)
	}
	return nil
}

// mayBeGiven says why a colleague may not be given this order.
func (q *Queue) mayBeGiven(ctx context.Context, tx pgx.Tx, s standing, o orders.Order) error {
	err := q.mayTake(ctx, tx, s, o)
	if !q.policy.Allows(audit.Actor{Kind: audit.Staff, Roles: s.roles}, access.ClaimOrder) {
		return fault.New(fault.Conflict, "queue.error.to.role", "name", s.name)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		switch {
		case s.presence != Here:
			return fault.New(fault.Conflict, "queue.error.to.not_here", "name", s.name)
		case s.open >= s.cap:
			return fault.New(fault.Conflict, "queue.error.to.cap", "name", s.name, "n", s.open)
		default:
			return fault.New(fault.Conflict, "queue.error.to.skill", "name", s.name, "code", o.Code)
		}
	}
	return err
}
