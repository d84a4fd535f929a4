package deadlines

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/deadlines/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/staff"
)

// Kind is what somebody is told of.
type Kind string

// The kinds, the weightiest last.
const (
	Holiday    Kind = "holiday" // a provisional holiday is near, and not confirmed
	Warning    Kind = "warning"
	Breach     Kind = "breach"
	Escalation Kind = "escalation"
)

// Kinds lists them in the order to offer them in.
var Kinds = []Kind{Warning, Breach, Escalation, Holiday}

// Channel is how somebody is told.
type Channel string

// The channels.
const (
	OnScreen Channel = "screen"
	ByEmail  Channel = "email"
	BySMS    Channel = "sms"
)

// Channels lists them in the order to offer them in.
var Channels = []Channel{OnScreen, ByEmail, BySMS}

// Choice is a kind by a channel.
type Choice struct {
	Kind    Kind
	Channel Channel
}

// Name is how forms and the database write a choice: "breach:email".
func (c Choice) Name() string { return string(c.Kind) + ":" + string(c.Channel) }

// Choices are what a member wants to be told, and how.
type Choices struct {
	Wanted   []Choice
	WarnFrom int        // warnings of smaller shares are not for them
	Lang     i18n.Lang  // in which they are written to
	ChosenAt *time.Time // nil: as the program proposes
}

// Has reports whether the member wants that.
func (c Choices) Has(kind Kind, channel Channel) bool {
	return slices.Contains(c.Wanted, Choice{kind, channel})
}

// proposed is for members who never chose: all on the screen, and what cannot
// wait by e-mail.
var proposed = Choices{WarnFrom: 80, Lang: i18n.FA, Wanted: []Choice{
	{Warning, OnScreen}, {Breach, OnScreen}, {Escalation, OnScreen}, {Holiday, OnScreen},
	{Breach, ByEmail}, {Escalation, ByEmail}, {Holiday, ByEmail},
}}

// MyChoices returns what a member has chosen.
func (d *Deadlines) MyChoices(ctx context.Context, memberID int64) (Choices, error) {
	all, err := d.choices(ctx, d.pool, memberID)
	return all[memberID], err
}

func (d *Deadlines) choices(ctx context.Context, db sqlq.DBTX, members ...int64) (map[int64]Choices, error) {
	rows, err := sqlq.New(db).ChoicesOf(ctx, members)
	if err != nil {
		return nil, fmt.Errorf("choices of %d members: %w", len(members), err)
	}
	all := map[int64]Choices{}
	for _, id := range members {
		all[id] = proposed
	}
	for _, row := range rows {
		chosen := Choices{WarnFrom: int(row.WarnFrom), Lang: i18n.Lang(row.Lang), ChosenAt: &row.ChosenAt}
		for _, choice := range everyChoice() {
			if slices.Contains(row.Choices, choice.Name()) {
				chosen.Wanted = append(chosen.Wanted, choice)
			}
		}
		all[row.MemberID] = chosen
	}
	return all, nil
}

func everyChoice() []Choice {
	var all []Choice
	for _, kind := range Kinds {
		for _, channel := range Channels {
			all = append(all, Choice{kind, channel})
		}
	}
	return all
}

// Wish is what a member wants to be told, as they say it.
type Wish struct {
	Names    []string // of choices
	WarnFrom int
	Mobile   string // where SMS reach them
	Lang     string
}

// Choose keeps what a member wants to be told. Faults: Invalid with the fields
// choices, warn_from, message_lang and mobile, which is also asked for when
// something is wanted by SMS.
func (d *Deadlines) Choose(ctx context.Context, member audit.Actor, wish Wish) error {
	names := wish.Names
	var wrong fault.Fields
	var bySMS bool
	for _, name := range names {
		i := slices.IndexFunc(everyChoice(), func(c Choice) bool { return c.Name() == name })
		if i < 0 {
			wrong.Add("choices", "alerts.error.choice")
			break
		}
		bySMS = bySMS || everyChoice()[i].Channel == BySMS
	}
	if wish.WarnFrom < 1 || wish.WarnFrom > 99 {
		wrong.Add("warn_from", "alerts.error.share")
	}
	if bySMS && wish.Mobile == "" {
		wrong.Add("mobile", "alerts.error.mobile")
	}
	lang, ok := i18n.ParseLang(wish.Lang)
	if !ok {
		wrong.Add("message_lang", "alerts.error.lang")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	slices.Sort(names)
	names = slices.Compact(append([]string{}, names...))
	return db.InTx(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := d.clock.Now()
		if err := d.staff.SetMobileTx(ctx, tx, now, member, member.ID, wish.Mobile); err != nil {
			return err
		}
		err := sqlq.New(tx).KeepChoices(ctx, sqlq.KeepChoicesParams{
			MemberID: member.ID, Choices: names, WarnFrom: int32(wish.WarnFrom), Lang: string(lang), ChosenAt: now,
		})
		if err != nil {
			return fmt.Errorf("choices of member %d: %w", member.ID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "alerts.choose", Subject: fmt.Sprintf("member:%d", member.ID),
			Detail: map[string]any{"choices": names, "warn_from": wish.WarnFrom, "lang": lang},
		})
	})
}

// watcher is somebody who may be told, with what they want.
type watcher struct {
	staff.Reachable
	Choices
	gone bool // on a break, or away, as they have said
}

// watchers returns the supervisors and admins.
func (d *Deadlines) watchers(ctx context.Context, db sqlq.DBTX) ([]watcher, error) {
	members, err := d.staff.WithRoles(ctx, db, audit.Supervisor, audit.Admin)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	choices, err := d.choices(ctx, db, ids...)
	if err != nil {
		return nil, err
	}
	gone, err := sqlq.New(db).NotHere(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("who is at the desk: %w", err)
	}
	list := make([]watcher, len(members))
	for i, m := range members {
		list[i] = watcher{m, choices[m.ID], slices.Contains(gone, m.ID)}
	}
	return list, nil
}
