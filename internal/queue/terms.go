package queue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/queue/internal/sqlq"
)

// Terms are how the house hands work out.
type Terms struct {
	Cap    int                      // claims that one person may have open
	Lease  time.Duration            // working time without activity, then a warning
	Grace  time.Duration            // working time from the warning until the order goes back
	Skip   time.Duration            // how long Next passes over what was skipped
	Leases map[string]time.Duration // services with a lease of their own, by slug
}

// Terms returns the terms of this moment.
func (q *Queue) Terms(ctx context.Context) (Terms, error) {
	db := sqlq.New(q.pool)
	row, err := db.Terms(ctx)
	if err != nil {
		return Terms{}, fmt.Errorf("terms of the queue: %w", err)
	}
	t := Terms{
		Cap: int(row.Cap), Lease: minutes(row.LeaseMinutes), Grace: minutes(row.GraceMinutes), Skip: minutes(row.SkipMinutes),
		Leases: map[string]time.Duration{},
	}
	leases, err := db.Leases(ctx)
	if err != nil {
		return Terms{}, fmt.Errorf("leases of services: %w", err)
	}
	for _, l := range leases {
		t.Leases[l.Slug] = minutes(l.LeaseMinutes)
	}
	return t, nil
}

// SetTerms changes how the house hands work out, from the next claim and the
// next activity on. It returns Invalid with the fields cap, lease, grace,
// skip, and lease.SLUG for a service's own.
func (q *Queue) SetTerms(ctx context.Context, by audit.Actor, t Terms) error {
	if err := t.check(); err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		s := sqlq.New(tx)
		err := s.SetTerms(ctx, sqlq.SetTermsParams{
			Cap: int32(t.Cap), LeaseMinutes: inMinutes(t.Lease), GraceMinutes: inMinutes(t.Grace), SkipMinutes: inMinutes(t.Skip),
		})
		if err != nil {
			return fmt.Errorf("set the terms of the queue: %w", err)
		}
		if err := s.DropLeasesExcept(ctx, slices.AppendSeq([]string{}, maps.Keys(t.Leases))); err != nil {
			return fmt.Errorf("set the leases of services: %w", err)
		}
		own := map[string]int32{}
		for _, slug := range slices.Sorted(maps.Keys(t.Leases)) {
			own[slug] = inMinutes(t.Leases[slug])
			if err := s.SetServiceLease(ctx, slug, own[slug]); err != nil {
				return fmt.Errorf("set the lease of %s: %w", slug, err)
			}
		}
		return audit.Record(ctx, tx, audit.Entry{At: q.clock.Now(), Actor: by, Verb: "queue.set_terms", Subject: "queue", Detail: map[string]any{
			"cap": t.Cap, "lease": inMinutes(t.Lease), "grace": inMinutes(t.Grace), "skip": inMinutes(t.Skip), "leases": own,
		}})
	})
}

// most is the largest cap, and the longest of the terms in minutes.
const most = 10000

func (t Terms) check() error {
	var wrong fault.Fields
	if t.Cap < 1 || t.Cap > most {
		wrong.Add("cap", "queue.error.number", "most", most)
	}
	check := func(field string, d time.Duration) {
		if d < time.Minute || d > most*time.Minute || d%time.Minute != 0 {
			wrong.Add(field, "queue.error.number", "most", most)
		}
	}
	check("lease", t.Lease)
	check("grace", t.Grace)
	check("skip", t.Skip)
	for slug, d := range t.Leases {
		check("lease."+slug, d)
	}
	return wrong.Err()
}

func inMinutes(d time.Duration) int32 { return int32(d / time.Minute) }

// Skills are what somebody works on, and how much at once.
type Skills struct {
	Cap      int      // 0: the house's
	Services []string // slugs; with none, and no family: all
	Families []catalog.Family
}

// SetSkills says what somebody works on, and how much at once. Orders that
// they hold stay theirs. It returns Invalid with the fields cap, services and
// families, and NotFound when nobody is of that number.
func (q *Queue) SetSkills(ctx context.Context, by audit.Actor, memberID int64, skills Skills) error {
	if err := q.checkSkills(ctx, skills); err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := q.lockMember(ctx, tx, memberID); err != nil {
			return err
		}
		set := sqlq.SetSkillsParams{MemberID: memberID, Services: append([]string{}, skills.Services...), Families: []string{}}
		for _, family := range skills.Families {
			set.Families = append(set.Families, string(family))
		}
		if skills.Cap != 0 {
			own := int32(skills.Cap)
			set.Cap = &own
		}
		if err := sqlq.New(tx).SetSkills(ctx, set); err != nil {
			return fmt.Errorf("skills of member %d: %w", memberID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: q.clock.Now(), Actor: by, Verb: "queue.set_skills", Subject: fmt.Sprintf("member:%d", memberID),
			Detail: map[string]any{"cap": skills.Cap, "services": set.Services, "families": set.Families},
		})
	})
}

func (q *Queue) checkSkills(ctx context.Context, skills Skills) error {
	var wrong fault.Fields
	if skills.Cap < 0 || skills.Cap > most {
		wrong.Add("cap", "queue.error.number", "most", most)
	}
	for _, family := range skills.Families {
		if !slices.Contains(catalog.Families, family) {
			wrong.Add("families", "queue.error.family")
		}
	}
	if len(skills.Services) > 0 {
		known, err := sqlq.New(q.pool).CountServices(ctx, skills.Services)
		if err != nil {
			return fmt.Errorf("services of skills: %w", err)
		}
		if int(known) != len(skills.Services) {
			wrong.Add("services", "queue.error.service")
		}
	}
	return wrong.Err()
}
