package deadlines

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pishkhan/internal/deadlines/internal/sqlq"
)

// Rules say when warnings come, and who is told of a broken promise.
type Rules struct {
	Shares      []int            `json:"shares"`             // percentages of the promised time, rising
	Services    map[string][]int `json:"services,omitempty"` // those of services that have their own
	Steps       []Step           `json:"steps,omitempty"`    // the escalation, in the order in which it happens
	HolidayDays int              `json:"holiday_days"`       // how many days ahead to remind of provisional holidays
}

// Step tells somebody of an order that is late by so much working time.
type Step struct {
	AfterMinutes int    `json:"after_minutes"`
	To           Target `json:"to"`
	MemberID     int64  `json:"member_id,omitempty"` // with OneMember
}

// Target is whom a step tells.
type Target string

// The targets.
const (
	OnDuty         Target = "duty" // supervisors who are signed in and here, not on a break or away; all of them when nobody is
	AllSupervisors Target = "supervisors"
	AllAdmins      Target = "admins"
	OneMember      Target = "member" // all supervisors when that member has left
)

// Targets lists those that are no single member.
var Targets = []Target{OnDuty, AllSupervisors, AllAdmins}

// RulesVersion is one version of the rules. It never changes.
type RulesVersion struct {
	Rules
	ID     int64
	MadeAt time.Time
	MadeBy int64 // the staff member; 0: it came with the program
}

// sharesOf returns the shares that count for a service.
func (r Rules) sharesOf(slug string) []int {
	if own, has := r.Services[slug]; has {
		return own
	}
	return r.Shares
}

// Rules returns the rules that count now.
func (d *Deadlines) Rules(ctx context.Context) (RulesVersion, error) { return d.newest(ctx, d.pool) }

func (d *Deadlines) newest(ctx context.Context, db sqlq.DBTX) (RulesVersion, error) {
	q := sqlq.New(db)
	id, err := q.NewestRulesID(ctx)
	if err != nil {
		return RulesVersion{}, fmt.Errorf("rules of alerts: %w", err)
	}
	if known, ok := d.rules.Load(id); ok {
		return known.(RulesVersion), nil
	}
	row, err := q.RulesByID(ctx, id)
	if err != nil {
		return RulesVersion{}, fmt.Errorf("rules of alerts %d: %w", id, err)
	}
	version, err := rulesFrom(row)
	if err == nil {
		d.rules.Store(id, version)
	}
	return version, err
}

// RulesHistory returns the newest versions of the rules, the newest first.
func (d *Deadlines) RulesHistory(ctx context.Context, most int) ([]RulesVersion, error) {
	rows, err := sqlq.New(d.pool).NewestRules(ctx, int32(most))
	if err != nil {
		return nil, fmt.Errorf("history of the rules of alerts: %w", err)
	}
	list := make([]RulesVersion, len(rows))
	for i, row := range rows {
		if list[i], err = rulesFrom(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func rulesFrom(row sqlq.AlertRule) (RulesVersion, error) {
	version := RulesVersion{ID: row.ID, MadeAt: row.MadeAt}
	if row.MadeBy != nil {
		version.MadeBy = *row.MadeBy
	}
	if err := json.Unmarshal(row.Rules, &version.Rules); err != nil {
		return RulesVersion{}, fmt.Errorf("rules of alerts %d: %w", row.ID, err)
	}
	return version, nil
}

// clone returns rules that can be edited without touching r.
func (r Rules) clone() Rules {
	c := Rules{Shares: slices.Clone(r.Shares), Steps: slices.Clone(r.Steps), HolidayDays: r.HolidayDays, Services: map[string][]int{}}
	for slug, shares := range r.Services {
		c.Services[slug] = slices.Clone(shares)
	}
	return c
}
