package reports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/notify"
	"pishkhan/internal/reports/internal/sqlq"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
)

// Wanted returns whether a member gets the summary of each working day, and
// in which language.
func (r *Reports) Wanted(ctx context.Context, memberID int64) (lang i18n.Lang, wanted bool, err error) {
	name, err := sqlq.New(r.Pool).WishOf(ctx, memberID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("summary for member %d: %w", memberID, err)
	}
	return i18n.Lang(name), true, nil
}

// Want begins to send a member the summary of each working day, in that
// language, or goes on in it.
func (r *Reports) Want(ctx context.Context, member audit.Actor, lang i18n.Lang) error {
	if !slices.Contains(i18n.Langs(), lang) {
		return fault.New(fault.Invalid, "reports.error.lang")
	}
	return r.wish(ctx, member, map[string]any{"lang": lang}, func(q *sqlq.Queries, now time.Time) error {
		return q.InsertWish(ctx, member.ID, string(lang), now)
	})
}

// Unwant sends a member no more summaries.
func (r *Reports) Unwant(ctx context.Context, member audit.Actor) error {
	return r.wish(ctx, member, map[string]any{"lang": nil}, func(*sqlq.Queries, time.Time) error { return nil })
}

// wish ends the wish that a member has, and begins another.
func (r *Reports) wish(ctx context.Context, member audit.Actor, detail map[string]any, begin func(*sqlq.Queries, time.Time) error) error {
	return db.InTx(ctx, r.Pool, func(ctx context.Context, tx pgx.Tx) error {
		now, q := r.Clock.Now(), sqlq.New(tx)
		if _, err := q.EndWish(ctx, &now, member.ID); err != nil {
			return fmt.Errorf("summary for member %d: %w", member.ID, err)
		}
		if err := begin(q, now); err != nil {
			return db.Fault(err, db.Faults{"report_wishes_live": fault.New(fault.Conflict, "reports.error.twice")})
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "report.summary", Subject: fmt.Sprintf("member:%d", member.ID), Detail: detail,
		})
	})
}

// SendSummaries queues the summary of a working day that is over for those
// who want it and have not got it: once a day and member, whoever asks and
// however often. A day is over at its last closing; after its midnight its
// figures are not to be had any more, and it is left out.
func (r *Reports) SendSummaries(ctx context.Context) error {
	now := r.Clock.Now()
	version, err := r.Calendars.Newest(ctx, r.Pool)
	if err != nil {
		return err
	}
	closed, over := closing(version.Engine, now)
	if !over {
		return nil
	}
	owed, err := sqlq.New(r.Pool).UnmetWishes(ctx, closed, dayOf(now))
	if err != nil {
		return fmt.Errorf("who wants the summary: %w", err)
	}
	if len(owed) == 0 {
		return nil
	}
	figures, err := r.Figures(ctx)
	if err != nil {
		return err
	}
	members, err := r.Staff.List(ctx)
	if err != nil {
		return err
	}
	for _, wish := range owed {
		i := slices.IndexFunc(members, func(m staff.Member) bool { return m.ID == wish.MemberID })
		if i < 0 || members[i].DisabledAt != nil || !r.MaySee(audit.Actor{Kind: audit.Staff, ID: members[i].ID, Roles: members[i].Roles}) {
			continue
		}
		if err := r.send(ctx, now, members[i], i18n.Lang(wish.Lang), figures); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reports) send(ctx context.Context, now time.Time, to staff.Member, lang i18n.Lang, figures notify.DaySummary) error {
	return db.InTx(ctx, r.Pool, func(ctx context.Context, tx pgx.Tx) error {
		n, err := sqlq.New(tx).InsertSummary(ctx, dayOf(now), to.ID, now)
		if err != nil {
			return fmt.Errorf("summary for member %d: %w", to.ID, err)
		}
		if n == 0 {
			return nil // another worker was first
		}
		return r.Notices.Enqueue(ctx, tx, now, notify.Message{
			BusinessKey: fmt.Sprintf("summary:%s:member:%d", dayOf(now).Format(time.DateOnly), to.ID),
			Kind:        notify.DayReport, Channel: notify.Email, Recipient: to.Email, Lang: lang,
			Detail: notify.Detail{Name: to.Name, Day: &figures},
		})
	})
}

// closing returns the last closing of now's day in Tehran; over is false when
// that is still to come, or the day had no working time.
func closing(e *sla.Engine, now time.Time) (at time.Time, over bool) {
	midnight := jalali.FromTime(now).ToTime()
	hours := e.Segments(midnight, midnight.AddDate(0, 0, 1))
	if len(hours) == 0 {
		return time.Time{}, false
	}
	at = hours[len(hours)-1].End
	return at, !at.After(now)
}
