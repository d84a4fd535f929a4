package deadlines

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/deadlines/internal/sqlq"
)

// How many pages of orders are looked at, should a reader have seen what is on
// the first ones: of those that are late, and of those that are due next.
const (
	latePages  = 10
	aheadPages = 2
)

// never is later than any promise.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// houseScreen adds what a supervisor or admin wants to see of the whole house
// and has not seen yet.
func (d *Deadlines) houseScreen(ctx context.Context, screen *OnScreenNow, rules Rules, member audit.Actor, inHand []int64) error {
	choices, err := d.MyChoices(ctx, member.ID)
	if err != nil {
		return err
	}
	rules.Steps = slices.DeleteFunc(slices.Clone(rules.Steps), func(s Step) bool { return !s.tells(member) })
	house := houseLook{now: screen.Now, rules: rules, member: member.ID, choices: choices, inHand: inHand}
	if screen.House, err = d.unseenDue(ctx, house, time.Time{}, screen.Now, latePages); err != nil {
		return err
	}
	if len(screen.House) < shown {
		ahead, err := d.unseenDue(ctx, house, screen.Now, never, aheadPages)
		if err != nil {
			return err
		}
		screen.House = append(screen.House, ahead...)
	}
	if choices.Has(Holiday, OnScreen) {
		if screen.Holidays, err = d.Unconfirmed(ctx); err != nil {
			return err
		}
	}
	screen.Aside, err = d.aside(ctx)
	return err
}

// houseLook is what one reader looks for among the orders of the house.
type houseLook struct {
	now     time.Time
	rules   Rules
	member  int64
	choices Choices
	inHand  []int64 // theirs, which are told apart
}

func (h houseLook) wants(w Warned) bool {
	if w.Kind != Escalation {
		return h.choices.Has(w.Kind, OnScreen) && (w.Kind != Warning || w.Level >= h.choices.WarnFrom)
	}
	return h.choices.Has(Escalation, OnScreen) || h.choices.Has(Breach, OnScreen)
}

// unseenDue returns warnings about the orders that are due within a time, the
// earliest first, until there are enough to show: what the reader has seen
// must not hide what they have not.
func (d *Deadlines) unseenDue(ctx context.Context, h houseLook, from, until time.Time, pages int) ([]Warned, error) {
	page := sqlq.OrdersDueParams{AfterDue: from, Until: until, Most: looked}
	var found []Warned
	for range pages {
		rows, err := sqlq.New(d.pool).OrdersDue(ctx, page)
		if err != nil {
			return nil, fmt.Errorf("orders due until %s: %w", until, err)
		}
		var ids []int64
		for _, row := range rows {
			if page.AfterDue, page.After = *row.DueAt, row.ID; !slices.Contains(h.inHand, row.ID) {
				ids = append(ids, row.ID)
			}
		}
		list, err := d.warned(ctx, h.now, h.rules, ids, h.wants)
		if err != nil {
			return nil, err
		}
		if list, err = d.unseen(ctx, h.member, list); err != nil {
			return nil, err
		}
		if found = append(found, list...); len(found) >= shown || len(rows) < looked {
			return found, nil
		}
	}
	return found, nil
}

// tells reports whether a step tells somebody who is at the desk now.
func (s Step) tells(member audit.Actor) bool {
	switch s.To {
	case OneMember:
		return s.MemberID == member.ID
	case AllAdmins:
		return member.Has(audit.Admin)
	}
	return member.Has(audit.Supervisor)
}
