package deadlines_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jobs"
	"pishkhan/internal/notify"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// Each is told what they chose, by what they chose and in the language that
// they chose; operators nothing.
func TestChoices(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	setSteps(t, w)
	d := w.House.Deadlines
	testworld.Must(t, d.Choose(t.Context(), w.Supervisor, deadlines.Wish{Names: []string{"breach:sms", "warning:email"}, WarnFrom: 60, Mobile: "+98 912 345 6789", Lang: "en"}))
	testworld.Must(t, d.Choose(t.Context(), w.Admin, deadlines.Wish{WarnFrom: 60, Lang: "fa"}))
	o := w.Paid(t)
	for range 13 {
		w.Clock.Advance(10 * time.Minute)
		sweep(t, w)
	}
	rows, err := w.House.Pool.Query(t.Context(), "SELECT kind || ' ' || channel || ' ' || recipient || ' ' || lang FROM messages WHERE kind LIKE 'order_%' ORDER BY id")
	testworld.Must(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	testworld.Must(t, err)
	if want := "order_warned email supervisor@demo.test en, order_late sms 09123456789 en"; strings.Join(got, ", ") != want {
		t.Errorf("%q of order %s", got, o.Code)
	}
}

// All messages find their words, in both languages, with the order's code.
func TestWordsOfAlerts(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	composer := jobs.NewComposer(w.House, testworld.BaseURL)
	due := testworld.Noon
	for _, kind := range []notify.Kind{notify.OrderWarned, notify.OrderLate, notify.OrderEscalated, notify.HolidayUnconfirmed} {
		for _, lang := range i18n.Langs() {
			for _, codes := range [][]string{{"7KQ2MXA"}, {"7KQ2MXA", "8KQ2MXA"}} {
				for _, channel := range []notify.Channel{notify.SMS, notify.Email} {
					p, err := composer.Compose(t.Context(), notify.Message{Kind: kind, Lang: lang, Channel: channel, Detail: notify.Detail{
						Code: codes[0], Codes: codes, Until: &due, Percent: 80, Minutes: 24, Date: "2026-11-22", Holiday: "Eid", Name: "Sara",
					}})
					if err != nil || strings.Contains(p.Text+p.Subject, "alerts.mail") || strings.Contains(p.Text, "{") ||
						kind != notify.HolidayUnconfirmed && channel == notify.Email && !strings.Contains(p.Text, "7KQ2MXA") {
						t.Errorf("%s %s: %q %q, %v", kind, lang, p.Subject, p.Text, err)
					}
				}
			}
		}
	}
}

// A provisional holiday is reminded of once, so many days before, by day.
func TestProvisionalHolidays(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	date, err := sla.ParseDate("2026-10-09", false)
	testworld.Must(t, err)
	calendar := sla.Default()
	calendar.Dates = []sla.DateRule{{Date: date, Name: "Eid", Provisional: true}, {Date: date.AddDays(-1), Name: "sure"}}
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := w.House.Calendars.Save(ctx, tx, w.Clock.Now(), calendar, nil, "")
		return err
	}))
	remind := func() int {
		testworld.Must(t, w.House.Deadlines.Remind(t.Context()))
		return messages(t, w, "holiday_unconfirmed")
	}
	if n := remind(); n != 0 { // four days before
		t.Errorf("%d too early", n)
	}
	w.Clock.Advance(13 * time.Hour) // Tuesday 01:00: nobody is woken
	if n := remind(); n != 0 {
		t.Errorf("%d at night", n)
	}
	w.Clock.Advance(8 * time.Hour)
	if n := remind(); n != 2 { // the supervisor's and the admin's
		t.Errorf("%d reminders", n)
	}
	w.Clock.Advance(24 * time.Hour)
	if n := remind(); n != 2 {
		t.Errorf("%d after a day", n)
	}
	screen, err := w.House.Deadlines.Screen(t.Context(), w.Supervisor)
	if err != nil || len(screen.Holidays) != 1 || screen.Holidays[0].Name != "Eid" || screen.Holidays[0].Days != 2 {
		t.Errorf("%+v, %v", screen.Holidays, err)
	}
	testworld.Must(t, w.House.Deadlines.Seen(t.Context(), w.Supervisor, screen.Subjects()))
	if screen, err := w.House.Deadlines.Screen(t.Context(), w.Supervisor); err != nil || screen.Any() {
		t.Errorf("seen, and shown: %+v, %v", screen, err)
	}
}
