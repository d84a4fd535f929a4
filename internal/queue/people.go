package queue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/queue/internal/sqlq"
)

// Person is somebody of the staff, as they stand in the queue.
type Person struct {
	ID            int64
	Name          string
	Email         string
	Roles         []audit.Role
	Gone          bool // shut out of the desk
	Works         bool // may claim orders
	Presence      Presence
	PresenceSince time.Time // zero: never said
	Open          int       // claims
	Cap           int       // as many claims as they may have open
	OwnCap        int       // 0: the house's
	Services      []string  // slugs; with none, and no family: all
	Families      []catalog.Family
}

// WorksOnAll reports whether no skills are listed.
func (p Person) WorksOnAll() bool { return len(p.Services) == 0 && len(p.Families) == 0 }

// WorksOn reports whether the person's skills are up to a service.
func (p Person) WorksOn(d catalog.Definition) bool {
	return p.WorksOnAll() || slices.Contains(p.Services, d.Slug) || slices.Contains(p.Families, d.Family)
}

// People returns the staff as they stand in the queue, by name; those who
// were shut out come last.
func (q *Queue) People(ctx context.Context) ([]Person, error) { return q.people(ctx, 0) }

// Person returns one of the staff as they stand in the queue, or NotFound.
func (q *Queue) Person(ctx context.Context, id int64) (Person, error) {
	list, err := q.people(ctx, max(id, 1))
	if err != nil {
		return Person{}, err
	}
	if len(list) == 0 || list[0].ID != id {
		return Person{}, fault.New(fault.NotFound, "staff.error.not_found")
	}
	return list[0], nil
}

func (q *Queue) people(ctx context.Context, id int64) ([]Person, error) {
	rows, err := sqlq.New(q.pool).Members(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("people of the queue: %w", err)
	}
	list := make([]Person, len(rows))
	for i, r := range rows {
		p := Person{
			ID: r.ID, Name: r.Name, Email: r.Email, Gone: r.DisabledAt != nil, Presence: Presence(r.Presence),
			Open: int(r.Open), Cap: int(r.Cap), Services: r.Services,
		}
		for _, role := range r.Roles {
			p.Roles = append(p.Roles, audit.Role(role))
		}
		p.Works = !p.Gone && q.policy.Allows(audit.Actor{Kind: audit.Staff, Roles: p.Roles}, access.ClaimOrder)
		if r.PresenceSince != nil {
			p.PresenceSince = *r.PresenceSince
		}
		if r.OwnCap != nil {
			p.OwnCap = int(*r.OwnCap)
		}
		for _, family := range r.Families {
			p.Families = append(p.Families, catalog.Family(family))
		}
		list[i] = p
	}
	return list, nil
}

// Colleagues returns who may take an order over at this moment: who is Able to,
// and does not hold it.
func (q *Queue) Colleagues(ctx context.Context, code string) ([]Person, error) {
	o, err := q.book.ByCode(ctx, q.pool, code)
	if err != nil {
		return nil, err
	}
	held, err := q.Holder(ctx, q.pool, o.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	people, err := q.Able(ctx, o.ServiceVersionID)
	return slices.DeleteFunc(people, func(p Person) bool { return p.ID == held.MemberID }), err
}

// Able returns who may be given an order at this moment: they are here, may
// hold one order more, and work on one at least of the services, which are
// named by their versions. The least busy come first.
func (q *Queue) Able(ctx context.Context, versions ...int64) ([]Person, error) {
	services := make([]catalog.Definition, len(versions))
	for i, id := range versions {
		version, err := q.catalog.Version(ctx, q.pool, catalog.VersionID(id))
		if err != nil {
			return nil, err
		}
		services[i] = version.Definition
	}
	people, err := q.People(ctx)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(p Person) bool {
		return !p.Works || p.Presence != Here || p.Open >= p.Cap || !slices.ContainsFunc(services, p.WorksOn)
	})
	slices.SortStableFunc(people, func(a, b Person) int { return a.Open - b.Open })
	return people, nil
}
