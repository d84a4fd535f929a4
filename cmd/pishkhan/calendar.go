package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/db"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
)

type slaCommands struct {
	Due slaDue `cmd:"" help:"Tell when work that starts at an instant is due."`
}

type slaDue struct {
	dataFolder `embed:""`
	Start      time.Time     `help:"When the clock starts, as 2026-11-18T16:00:30+03:30." format:"2006-01-02T15:04:05Z07:00"`
	Budget     time.Duration `help:"Working time, as 2h or 90m." default:"2h"`
	Explain    bool          `help:"Show the working time that makes it up."`
	Batch      bool          `help:"Read lines START_EPOCH BUDGET_SECONDS and print one due epoch a line."`
	Calendar   string        `help:"Calendar file; the stored calendar unless given." type:"existingfile" placeholder:"FILE"`
}

// Run answers one question, or many.
func (s *slaDue) Run(ctx context.Context) error {
	if !s.Batch && s.Start.IsZero() {
		return usageError("give --start, or --batch")
	}
	if s.Budget < 0 {
		return usageError("--budget cannot be negative")
	}
	engine, err := s.engine(ctx)
	if err != nil {
		return err
	}
	if s.Batch {
		return engine.DueBatch(os.Stdin, os.Stdout)
	}
	due, ok := engine.Due(s.Start, s.Budget)
	if !ok {
		return errors.New("the calendar has not so much open time after that")
	}
	fmt.Println(due.In(engine.Location()).Format(time.RFC3339))
	if s.Explain {
		fmt.Println(account(engine.Explain(s.Start, s.Budget), due, s.Start.In(engine.Location())))
	}
	return nil
}

// account says what a deadline is made of: "Wed 16:00–17:00 = 60 min; Thu
// 09:00–10:00 = 60 min; due Thu 10:00", with the date of what is a week away.
func account(segments []sla.Segment, due, start time.Time) string {
	day := func(d sla.Date) string {
		if from := sla.DateAt(start); d.Compare(from.AddDays(6)) > 0 {
			return d.Weekday().String()[:3] + " " + d.String()
		}
		return d.Weekday().String()[:3]
	}
	var words []string
	for _, s := range segments {
		words = append(words, fmt.Sprintf("%s %s–%s = %s", day(s.Date), s.From, s.To, minutes(s.Open)))
	}
	clock := "15:04"
	if due.Second() != 0 {
		clock = time.TimeOnly
	}
	return strings.Join(append(words, "due "+day(sla.DateAt(due))+" "+due.Format(clock)), "; ")
}

// minutes writes a length in minutes, and seconds when there are any.
func minutes(d time.Duration) string {
	words := fmt.Sprintf("%d min", d/time.Minute)
	if rest := d % time.Minute; rest != 0 {
		words += fmt.Sprintf(" %g s", rest.Seconds())
	}
	return words
}

func (s *slaDue) engine(ctx context.Context) (*sla.Engine, error) {
	if s.Calendar != "" {
		content, err := os.ReadFile(s.Calendar)
		if err != nil {
			return nil, err
		}
		calendar, err := sla.Parse(content)
		if err != nil {
			return nil, err
		}
		return sla.Prepare(calendar)
	}
	var engine *sla.Engine
	return engine, s.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		version, err := (&sla.Calendars{}).Newest(ctx, pool)
		engine = version.Engine
		return err
	})
}

type calendarCommand struct {
	Export calendarExport `cmd:"" help:"Print the calendar that counts."`
	Import calendarImport `cmd:"" help:"Make a calendar the one that counts for new clocks; it is read from standard input."`
	Retime calendarRetime `cmd:"" help:"Move the deadlines of open orders to the newest calendar, or tell what that would do."`
}

type calendarExport struct {
	dataFolder `embed:""`
	Format     string `help:"json is the whole calendar, ics its holidays as iCalendar." enum:"json,ics" default:"json"`
}

// Run prints the calendar file.
func (c *calendarExport) Run(ctx context.Context) error {
	return c.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		version, err := (&sla.Calendars{}).Newest(ctx, pool)
		if err != nil {
			return err
		}
		if c.Format == "ics" {
			info, err := (&sla.Calendars{}).Info(ctx, pool, version.ID)
			if err == nil {
				_, err = os.Stdout.Write(sla.MarshalHolidays(info.Calendar, info.CreatedAt, "تعطیل"))
			}
			return err
		}
		content, err := sla.Marshal(version.Calendar)
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(content)
		return err
	})
}

type calendarImport struct {
	dataFolder `embed:""`
	Format     string `help:"json replaces the whole calendar, ics adds its all-day events as holidays." enum:"json,ics" default:"json"`
}

// Run saves a new version of the calendar. Clocks that run keep the one that
// they began with.
func (c *calendarImport) Run(ctx context.Context) error {
	content, err := io.ReadAll(io.LimitReader(os.Stdin, 4<<20))
	if err != nil {
		return err
	}
	read := func(context.Context, pgx.Tx) (sla.Calendar, error) { return sla.Parse(content) }
	if c.Format == "ics" {
		read = func(ctx context.Context, tx pgx.Tx) (sla.Calendar, error) { return withHolidays(ctx, tx, content) }
	} else if _, err := sla.Parse(content); err != nil {
		return err // before a database is asked
	}
	return c.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		return db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
			calendar, err := read(ctx, tx)
			if err != nil {
				return err
			}
			version, err := (&sla.Calendars{}).Save(ctx, tx, clock.System{}.Now(), calendar, nil, "")
			if err == nil {
				fmt.Printf("calendar %d counts for new clocks from now on\n", version.ID)
			}
			return err
		})
	})
}

// withHolidays is the newest calendar with the holidays of an iCalendar file.
// What is passed over is told on standard error.
func withHolidays(ctx context.Context, tx pgx.Tx, file []byte) (sla.Calendar, error) {
	newest, err := (&sla.Calendars{}).Newest(ctx, tx)
	if err != nil {
		return sla.Calendar{}, err
	}
	until := sla.Date{Year: clock.System{}.Now().Year() + 1, Month: 12, Day: 31}
	found, err := sla.ParseHolidays(file, until)
	if err != nil {
		return sla.Calendar{}, err
	}
	calendar := newest.Calendar
	for _, rule := range found.Rules {
		calendar = calendar.With(rule)
	}
	for _, s := range found.Skipped {
		fmt.Fprintf(os.Stderr, "passed over: %s %q (%s)\n", s.Start, s.Name, i18n.EN.T("calendar.skip."+string(s.Reason)))
	}
	return calendar, nil
}
