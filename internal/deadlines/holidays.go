package deadlines

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/deadlines/internal/sqlq"
	"pishkhan/internal/notify"
	"pishkhan/internal/sla"
)

// Unconfirmed is a provisional holiday of the calendar that is near.
type Unconfirmed struct {
	Date sla.Date // Gregorian
	Name string
	Days int // from today: 0 is today
}

// Unconfirmed returns the provisional dates that somebody should confirm now,
// or correct, the nearest first.
func (d *Deadlines) Unconfirmed(ctx context.Context) ([]Unconfirmed, error) {
	rules, err := d.newest(ctx, d.pool)
	if err != nil {
		return nil, err
	}
	list, _, err := d.unconfirmed(ctx, d.pool, d.clock.Now(), rules.HolidayDays)
	return list, err
}

func (d *Deadlines) unconfirmed(ctx context.Context, db sla.DB, now time.Time, ahead int) (list []Unconfirmed, here time.Time, err error) {
	version, err := d.calendars.Newest(ctx, db)
	if err != nil {
		return nil, now, err
	}
	here = now.In(version.Engine.Location())
	today := sla.DateAt(here)
	for days := range ahead + 1 {
		date := today.AddDays(days)
		for _, rule := range version.Calendar.Dates {
			if rule.Provisional && rule.Date.Compare(date) == 0 {
				list = append(list, Unconfirmed{Date: date, Name: rule.Name, Days: days})
			}
		}
	}
	return list, here, nil
}

// The hours of the day in which reminders are sent: nobody is woken for a date
// that is days away.
const firstHour, lastHour = 8, 20

// Remind tells supervisors and admins, as they have chosen, of provisional
// holidays that are near and not confirmed: once a date, however often it is
// called.
func (d *Deadlines) Remind(ctx context.Context) error {
	return db.InTx(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := d.clock.Now()
		rules, err := d.newest(ctx, tx)
		if err != nil {
			return err
		}
		near, here, err := d.unconfirmed(ctx, tx, now, rules.HolidayDays)
		if err != nil || len(near) == 0 || here.Hour() < firstHour || here.Hour() >= lastHour {
			return err
		}
		all, err := d.watchers(ctx, tx)
		if err != nil {
			return err
		}
		for _, holiday := range near {
			if err := d.remindOf(ctx, tx, now, all, holiday); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Deadlines) remindOf(ctx context.Context, tx pgx.Tx, now time.Time, all []watcher, holiday Unconfirmed) error {
	at := time.Date(holiday.Date.Year, time.Month(holiday.Date.Month), holiday.Date.Day, 0, 0, 0, 0, time.UTC)
	_, err := sqlq.New(tx).InsertReminder(ctx, at, holiday.Name, now)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remind of %s: %w", holiday.Date, err)
	}
	for _, w := range all {
		for channel := range notifyChannels {
			if !w.Has(Holiday, channel) {
				continue
			}
			a := address{w.ID, channel, Holiday}
			detail := notify.Detail{Name: w.Name, Date: holiday.Date.String(), Holiday: holiday.Name}
			if err := d.post(ctx, tx, now, w, a, "holiday:"+holiday.Date.String(), detail); err != nil {
				return err
			}
		}
	}
	return nil
}
