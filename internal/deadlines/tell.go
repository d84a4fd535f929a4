package deadlines

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/notify"
)

// messageKinds are what messages call it.
var messageKinds = map[Kind]notify.Kind{
	Warning: notify.OrderWarned, Breach: notify.OrderLate, Escalation: notify.OrderEscalated, Holiday: notify.HolidayUnconfirmed,
}

// notifyChannels are the channels that messages take.
var notifyChannels = map[Channel]notify.Channel{ByEmail: notify.Email, BySMS: notify.SMS}

// address is one member by one channel, about one kind.
type address struct {
	member  int64
	channel Channel
	kind    Kind
}

// tell queues what supervisors and admins have chosen to be told of fresh facts.
// Of what came true of an order at once, such as a breach and the first step of
// its escalation, each is told the weightiest; and what came true of many
// orders at once, as after a night, is one message.
func (d *Deadlines) tell(ctx context.Context, tx pgx.Tx, now time.Time, rules Rules, fresh []truth) error {
	if len(fresh) == 0 {
		return nil
	}
	all, err := d.watchers(ctx, tx)
	if err != nil {
		return err
	}
	people := map[int64]watcher{}
	for _, w := range all {
		people[w.ID] = w
	}
	letters := map[address][]truth{}
	for _, f := range weightiestFirst(fresh) {
		for _, w := range concerned(all, rules, f, now) {
			for channel := range notifyChannels {
				if w.Has(f.Kind, channel) && !tellsOf(letters, w.ID, channel, f) {
					a := address{w.ID, channel, f.Kind}
					letters[a] = append(letters[a], f)
				}
			}
		}
	}
	for a, facts := range letters {
		if err := d.send(ctx, tx, now, people[a.member], a, facts); err != nil {
			return err
		}
	}
	return nil
}

func weightiestFirst(facts []truth) []truth {
	weight := []Kind{Escalation, Breach, Warning}
	sorted := slices.Clone(facts)
	slices.SortStableFunc(sorted, func(a, b truth) int {
		return cmp.Or(cmp.Compare(slices.Index(weight, a.Kind), slices.Index(weight, b.Kind)), cmp.Compare(b.Level, a.Level))
	})
	return sorted
}

// tellsOf reports whether the member is told something of that order already.
func tellsOf(letters map[address][]truth, member int64, channel Channel, f truth) bool {
	return slices.ContainsFunc(Kinds, func(kind Kind) bool {
		return slices.ContainsFunc(letters[address{member, channel, kind}], func(o truth) bool { return o.OrderID == f.OrderID })
	})
}

// concerned are those whom a fact is for, whether they want to be told or not.
func concerned(all []watcher, rules Rules, f truth, now time.Time) []watcher {
	switch f.Kind {
	case Warning:
		return slices.DeleteFunc(slices.Clone(all), func(w watcher) bool { return f.Level < w.WarnFrom })
	case Escalation:
		i := slices.IndexFunc(rules.Steps, func(s Step) bool { return s.AfterMinutes == f.Level })
		if i < 0 {
			return nil
		}
		return rules.Steps[i].targets(all, now)
	}
	return all
}

// onDuty reports whether somebody is at the desk: signed in, and here by what
// they say of themselves.
func (w watcher) onDuty(now time.Time) bool { return w.SignedIn(now) && !w.gone }

// targets are those whom a step tells: never nobody while there is a supervisor.
func (s Step) targets(all []watcher, now time.Time) []watcher {
	having := func(role audit.Role) []watcher {
		return slices.DeleteFunc(slices.Clone(all), func(w watcher) bool { return !slices.Contains(w.Roles, role) })
	}
	supervisors := having(audit.Supervisor)
	var found []watcher
	switch s.To {
	case OnDuty:
		found = slices.DeleteFunc(slices.Clone(supervisors), func(w watcher) bool { return !w.onDuty(now) })
	case AllAdmins:
		found = having(audit.Admin)
	case OneMember:
		found = slices.DeleteFunc(slices.Clone(all), func(w watcher) bool { return w.ID != s.MemberID })
	}
	if len(found) == 0 {
		return supervisors
	}
	return found
}

// send queues one message about the facts. A fact is in one message to a
// member by a channel at most, as it is fresh but once.
func (d *Deadlines) send(ctx context.Context, tx pgx.Tx, now time.Time, to watcher, a address, facts []truth) error {
	first := facts[0]
	detail := notify.Detail{Code: first.Code, Name: to.Name, Until: &first.Clock.DueAt, Percent: first.Level, Minutes: first.Level}
	for _, f := range facts {
		detail.Codes = append(detail.Codes, f.Code)
	}
	if left := first.Clock.Remaining(first.Clock.Calendar, now); a.kind == Warning {
		detail.Minutes = int(max(left, 0) / time.Minute)
	}
	return d.post(ctx, tx, now, to, a, fmt.Sprintf("alert:%d", first.alertID), detail)
}

// post queues a message to a member, unless nothing is known to reach them by.
func (d *Deadlines) post(ctx context.Context, tx pgx.Tx, now time.Time, to watcher, a address, what string, detail notify.Detail) error {
	recipient := to.Email
	if a.channel == BySMS {
		recipient = to.Mobile
	}
	if recipient == "" {
		return nil
	}
	return d.notices.Enqueue(ctx, tx, now, notify.Message{
		BusinessKey: fmt.Sprintf("%s:%d:%s", what, to.ID, a.channel), Kind: messageKinds[a.kind], Channel: notifyChannels[a.channel],
		Recipient: recipient, Lang: to.Lang, Detail: detail,
	})
}
