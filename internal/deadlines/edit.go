package deadlines

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/deadlines/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/staff"
)

// What rules may say.
const (
	MostShares      = 5
	MostSteps       = 10
	MostMinutesLate = 10_000
	MostHolidayDays = 30
)

// EditWarnings sets the shares at which warnings come: the house's, and those
// of services that have their own. from is the version that the editor saw.
//
// Faults: Conflict when it is not the newest any more; Invalid with the fields
// shares, shares_SLUG, or new_service for an unknown one.
func (d *Deadlines) EditWarnings(ctx context.Context, by audit.Actor, from int64, shares []int, services map[string][]int) error {
	var wrong fault.Fields
	checkShares(&wrong, "shares", shares)
	for slug, own := range services {
		if _, err := d.catalog.Versions(ctx, slug); fault.Is(err, fault.NotFound) {
			wrong.Add("new_service", "alerts.error.service")
		} else if err != nil {
			return err
		}
		checkShares(&wrong, "shares_"+slug, own)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return d.edit(ctx, by, from, "warnings", func(r *Rules) { r.Shares, r.Services = shares, services })
}

func checkShares(wrong *fault.Fields, name string, shares []int) {
	slices.Sort(shares)
	switch {
	case len(shares) == 0 || len(shares) > MostShares || len(slices.Compact(slices.Clone(shares))) != len(shares):
		wrong.Add(name, "alerts.error.shares", "most", MostShares)
	case shares[0] < 1 || shares[len(shares)-1] > 99:
		wrong.Add(name, "alerts.error.share")
	}
}

// EditSteps sets the escalation. Faults as EditWarnings, with the fields
// steps.N.after and steps.N.to, counted from 1.
func (d *Deadlines) EditSteps(ctx context.Context, by audit.Actor, from int64, steps []Step) error {
	members, err := d.staff.WithRoles(ctx, d.pool, audit.Supervisor, audit.Admin)
	if err != nil {
		return err
	}
	var wrong fault.Fields
	if len(steps) > MostSteps {
		wrong.Add("steps", "alerts.error.steps", "most", MostSteps)
	}
	for i, s := range steps {
		name := "steps." + strconv.Itoa(i+1)
		if s.AfterMinutes < 0 || s.AfterMinutes > MostMinutesLate {
			wrong.Add(name+".after", "alerts.error.after", "most", MostMinutesLate)
		}
		if slices.ContainsFunc(steps[:i], func(o Step) bool { return o.AfterMinutes == s.AfterMinutes }) {
			wrong.Add(name+".after", "alerts.error.after_twice")
		}
		known := slices.Contains(Targets, s.To) && s.MemberID == 0
		if s.To == OneMember {
			known = slices.ContainsFunc(members, func(m staff.Reachable) bool { return m.ID == s.MemberID })
		}
		if !known {
			wrong.Add(name+".to", "alerts.error.to")
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Compare(a.AfterMinutes, b.AfterMinutes) })
	return d.edit(ctx, by, from, "escalation", func(r *Rules) { r.Steps = steps })
}

// EditHolidays sets how many days ahead of a provisional holiday somebody is
// reminded to confirm it. Faults as EditWarnings, with the field holiday_days.
func (d *Deadlines) EditHolidays(ctx context.Context, by audit.Actor, from int64, days int) error {
	if days < 1 || days > MostHolidayDays {
		var wrong fault.Fields
		wrong.Add("holiday_days", "alerts.error.days", "most", MostHolidayDays)
		return wrong.Err()
	}
	return d.edit(ctx, by, from, "holidays", func(r *Rules) { r.HolidayDays = days })
}

// edit makes a version out of from. That no other was made of it meanwhile is
// the database's to say. Clocks that were armed by older rules are looked at
// anew by the next sweep.
func (d *Deadlines) edit(ctx context.Context, by audit.Actor, from int64, what string, change func(*Rules)) error {
	return db.InTx(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := d.clock.Now()
		before, err := d.newest(ctx, tx)
		if err != nil {
			return err
		}
		conflict := fault.New(fault.Conflict, "alerts.error.edited")
		if before.ID != from {
			return conflict
		}
		rules := before.clone()
		change(&rules)
		text, err := json.Marshal(rules)
		if err != nil {
			return fmt.Errorf("edit the rules of alerts: %w", err)
		}
		id, err := sqlq.New(tx).InsertRules(ctx, sqlq.InsertRulesParams{Previous: &from, Rules: text, MadeAt: now, MadeBy: &by.ID})
		if err != nil {
			return db.Fault(err, db.Faults{"alert_rules_previous": conflict})
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: by, Verb: "alerts.edit_" + what, Subject: fmt.Sprintf("alert_rules:%d", id), Detail: map[string]any{"from": from, "rules": rules},
		})
	})
}
