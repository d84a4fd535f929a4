package deadlines

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/deadlines/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// OnScreenNow are the warnings of one reader, derived from the clocks of this
// moment: they are right whether or not any worker runs.
type OnScreenNow struct {
	Now      time.Time
	Mine     []Warned // of what the reader works on
	House    []Warned // of all else, for supervisors and admins who want it on the screen
	Holidays []Unconfirmed
	Aside    *SetAside // nil: the newest retiming judged every clock
}

// Any reports whether there is anything to show.
func (w OnScreenNow) Any() bool {
	return len(w.Mine)+len(w.House)+len(w.Holidays) > 0 || w.Aside != nil
}

// Subjects name all that is shown, for Seen.
func (w OnScreenNow) Subjects() []string {
	var all []string
	for _, warned := range slices.Concat(w.Mine, w.House) {
		all = append(all, warned.Subject())
	}
	for _, holiday := range w.Holidays {
		all = append(all, holiday.Subject())
	}
	if w.Aside != nil {
		all = append(all, w.Aside.Subject())
	}
	return all
}

// Warned is an order whose promise is in danger, or broken.
type Warned struct {
	orders.LiveClock
	Kind  Kind // Warning, Breach or Escalation
	Level int  // the percentage used; the working minutes late of the step
	Since time.Time
}

// Subject is what a reader says that they have seen. A promise agreed later is
// another one.
func (w Warned) Subject() string {
	return fmt.Sprintf("clock:%d:%d:%s:%d", w.Clock.ID, w.Clock.Extra.Microseconds(), w.Kind, w.Level)
}

// Subject is what a reader says that they have seen.
func (u Unconfirmed) Subject() string { return "holiday:" + u.Date.String() }

// How many orders are looked at together, and how many are shown of each sort.
const (
	looked = 20
	shown  = 3
)

// Screen returns what to warn a member of now, without what they have seen.
func (d *Deadlines) Screen(ctx context.Context, member audit.Actor) (OnScreenNow, error) {
	now := d.clock.Now()
	screen := OnScreenNow{Now: now}
	inHand, err := sqlq.New(d.pool).OrdersInHand(ctx, member.ID, looked)
	if err != nil {
		return screen, fmt.Errorf("orders in the hands of member %d: %w", member.ID, err)
	}
	leads := member.Has(audit.Supervisor) || member.Has(audit.Admin)
	if len(inHand) == 0 && !leads {
		return screen, nil
	}
	rules, err := d.newest(ctx, d.pool)
	if err != nil {
		return screen, err
	}
	if screen.Mine, err = d.warned(ctx, now, rules.Rules, inHand, nil); err != nil {
		return screen, err
	}
	if screen.Mine, err = d.unseen(ctx, member.ID, screen.Mine); err != nil {
		return screen, err
	}
	if leads {
		if err := d.houseScreen(ctx, &screen, rules.Rules, member, inHand); err != nil {
			return screen, err
		}
	}
	if err := d.hideSeen(ctx, member.ID, &screen); err != nil {
		return screen, err
	}
	screen.Mine, screen.House = screen.Mine[:min(len(screen.Mine), shown)], screen.House[:min(len(screen.House), shown)]
	return screen, nil
}

// warned returns the weightiest that is true of each order now, of those that
// keep wants, the earliest due first.
func (d *Deadlines) warned(ctx context.Context, now time.Time, rules Rules, ids []int64, keep func(Warned) bool) ([]Warned, error) {
	numbers := make([]orders.ID, len(ids))
	for i, id := range ids {
		numbers[i] = orders.ID(id)
	}
	live, err := d.book.LiveClocks(ctx, d.pool, numbers...)
	if err != nil {
		return nil, err
	}
	var list []Warned
	for _, l := range live {
		facts, err := d.factsOf(ctx, d.pool, rules, l.ServiceVersionID, l.Clock)
		if err != nil {
			return nil, err
		}
		var last *Warned
		for _, f := range facts { // lightest first
			if !f.At.After(now) {
				last = &Warned{LiveClock: l, Kind: f.Kind, Level: f.Level, Since: f.At}
			}
		}
		if last != nil && (keep == nil || keep(*last)) {
			list = append(list, *last)
		}
	}
	slices.SortStableFunc(list, func(a, b Warned) int { return cmp.Compare(a.Clock.DueAt.UnixNano(), b.Clock.DueAt.UnixNano()) })
	return list, nil
}

// unseen leaves out what the member has seen. A breach that was seen before its
// deadline moved is news again.
func (d *Deadlines) unseen(ctx context.Context, memberID int64, list []Warned) ([]Warned, error) {
	var subjects []string
	for _, w := range list {
		subjects = append(subjects, w.Subject())
	}
	seen, err := d.seen(ctx, memberID, subjects)
	return slices.DeleteFunc(list, func(w Warned) bool {
		at, ok := seen[w.Subject()]
		return ok && (w.Kind == Warning || at.After(w.Clock.DueAt))
	}), err
}

// seen is when a member has seen the subjects.
func (d *Deadlines) seen(ctx context.Context, memberID int64, subjects []string) (map[string]time.Time, error) {
	seen := map[string]time.Time{}
	if len(subjects) == 0 {
		return seen, nil
	}
	rows, err := sqlq.New(d.pool).SeenBy(ctx, memberID, subjects)
	if err != nil {
		return nil, fmt.Errorf("what member %d has seen: %w", memberID, err)
	}
	for _, row := range rows {
		seen[row.Subject] = row.SeenAt
	}
	return seen, nil
}

// hideSeen takes out what else the member has seen.
func (d *Deadlines) hideSeen(ctx context.Context, memberID int64, screen *OnScreenNow) error {
	var subjects []string
	for _, holiday := range screen.Holidays {
		subjects = append(subjects, holiday.Subject())
	}
	if screen.Aside != nil {
		subjects = append(subjects, screen.Aside.Subject())
	}
	seen, err := d.seen(ctx, memberID, subjects)
	if err != nil {
		return err
	}
	screen.Holidays = slices.DeleteFunc(screen.Holidays, func(u Unconfirmed) bool { return !seen[u.Subject()].IsZero() })
	if screen.Aside != nil && !seen[screen.Aside.Subject()].IsZero() {
		screen.Aside = nil
	}
	return nil
}

var subjectForm = regexp.MustCompile(`^(clock:\d{1,19}:\d{1,19}:(warning|breach|escalation):\d{1,5}|holiday:\d{4}-\d{2}-\d{2}|retiming:\d{1,18})$`)

// Seen takes warnings off the screen of a member, who has seen them. Fault:
// NotFound for what is no warning.
func (d *Deadlines) Seen(ctx context.Context, member audit.Actor, subjects []string) error {
	if len(subjects) == 0 || len(subjects) > 50 || slices.ContainsFunc(subjects, func(s string) bool { return !subjectForm.MatchString(s) }) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	slices.Sort(subjects)
	if err := sqlq.New(d.pool).MarkSeen(ctx, member.ID, slices.Compact(subjects), d.clock.Now()); err != nil {
		return fmt.Errorf("what member %d has seen: %w", member.ID, err)
	}
	return nil
}
