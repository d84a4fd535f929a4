package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/db"
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
		for _, part := range engine.Explain(s.Start, s.Budget) {
			from, to := part.Start.In(engine.Location()), part.End.In(engine.Location())
			fmt.Printf("%s–%s = %s\n", from.Format("Mon 2006-01-02 15:04:05"), to.Format("15:04:05"), part.End.Sub(part.Start))
		}
	}
	return nil
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
}

// Run prints the calendar file.
func (c *calendarExport) Run(ctx context.Context) error {
	return c.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		version, err := (&sla.Calendars{}).Newest(ctx, pool)
		if err != nil {
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
}

// Run saves a new version of the calendar. Clocks that run keep the one that
// they began with.
func (c *calendarImport) Run(ctx context.Context) error {
	content, err := io.ReadAll(io.LimitReader(os.Stdin, 4<<20))
	if err != nil {
		return err
	}
	calendar, err := sla.Parse(content)
	if err != nil {
		return err
	}
	return c.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		return db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
			version, err := (&sla.Calendars{}).Save(ctx, tx, clock.System{}.Now(), calendar, nil, "")
			if err == nil {
				fmt.Printf("calendar %d counts for new clocks from now on\n", version.ID)
			}
			return err
		})
	})
}
