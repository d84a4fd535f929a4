package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/access"
	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/fault"
	"pishkhan/internal/house"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
)

type calendarRetime struct {
	dataFolder `embed:""`
	DryRun     bool   `help:"Only tell what would move." xor:"what" required:""`
	ApprovedBy string `help:"Move the deadlines, on behalf of this member: a supervisor or an admin." xor:"what" required:"" placeholder:"EMAIL"`
	Calendar   string `help:"With --dry-run: what this calendar file would move; the newest calendar unless given." type:"existingfile" placeholder:"FILE"`
}

// Run tells what would become of the open clocks by the newest calendar, or
// moves them to it. A retiming that was left unfinished, as by a kill, is
// carried on.
func (c *calendarRetime) Run(ctx context.Context) error {
	if c.Calendar != "" && !c.DryRun {
		return usageError("--calendar is for --dry-run: import the file first")
	}
	return c.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		d, err := house.OpenDeadlines(pool, clock.System{})
		if err != nil {
			return err
		}
		newest, err := (&sla.Calendars{}).Newest(ctx, pool)
		if err != nil {
			return err
		}
		if c.DryRun {
			return c.tell(ctx, d, newest)
		}
		actor, err := memberWho(ctx, pool, c.ApprovedBy, access.EditCalendar)
		if err != nil {
			return err
		}
		return c.move(ctx, d, actor, newest.ID)
	})
}

func (c *calendarRetime) tell(ctx context.Context, d *deadlines.Deadlines, newest sla.Version) error {
	calendar := newest.Calendar
	if c.Calendar != "" {
		content, err := os.ReadFile(c.Calendar)
		if err != nil {
			return err
		}
		if calendar, err = sla.Parse(content); err != nil {
			return err
		}
	}
	forecast, err := d.DryRun(ctx, calendar)
	if err != nil {
		return err
	}
	fmt.Printf("of %d open clocks: %s\n", forecast.Open, tallied(forecast.Tally))
	for _, shift := range forecast.Examples {
		zone := shift.To.Location()
		fmt.Printf("  %s  %s → %s\n", shift.Code, shift.From.In(zone).Format(time.RFC3339), shift.To.Format(time.RFC3339))
	}
	if more := forecast.Moved - len(forecast.Examples); more > 0 {
		fmt.Printf("  and %d more\n", more)
	}
	return nil
}

func (c *calendarRetime) move(ctx context.Context, d *deadlines.Deadlines, actor audit.Actor, versionID int64) error {
	r, err := d.Progress(ctx)
	switch {
	case err == nil && !r.Finished():
		fmt.Printf("carrying on: calendar %d, approved by %s at %s\n", r.VersionID, r.ApprovedName, r.ApprovedAt.Format(time.RFC3339))
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	default:
		if r, err = d.Approve(ctx, actor, versionID); err != nil {
			return err
		}
		fmt.Printf("calendar %d, approved by %s\n", r.VersionID, r.ApprovedName)
	}
	progress := newProgress(os.Stdout)
	for !r.Finished() {
		next, err := d.Retime(ctx)
		if errors.Is(err, orders.ErrRetiming) || fault.Is(err, fault.NotFound) { // a worker of `serve` or `up` does it
			if err := pause(ctx, 200*time.Millisecond); err != nil {
				return err
			}
			next, err = d.Progress(ctx)
		}
		if err != nil {
			return err
		}
		r = next
		progress.show(fmt.Sprintf("%d of %d clocks", r.Done, max(r.Total, r.Done)), r.Finished())
	}
	fmt.Printf("done: %s\n", tallied(r.Tally))
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func tallied(t orders.Tally) string {
	words := fmt.Sprintf("%d deadlines move, %d breaches vanish, %d appear", t.Moved, t.Cured, t.Broken)
	if t.Stuck > 0 {
		words += fmt.Sprintf("; %d clocks stay as they are: this calendar has not so much open time", t.Stuck)
	}
	if t.Aside > 0 {
		words += fmt.Sprintf("; %d clocks are set aside: what is on record of them contradicts itself (see /desk/calendar/clocks)", t.Aside)
	}
	return words
}

// memberWho returns a member who is still with us, and may do so.
func memberWho(ctx context.Context, pool *pgxpool.Pool, email string, may access.Permission) (audit.Actor, error) {
	members, err := staff.New(pool, clock.System{}).List(ctx)
	if err != nil {
		return audit.Actor{}, err
	}
	policy, err := access.Load()
	if err != nil {
		return audit.Actor{}, err
	}
	for _, m := range members {
		if strings.EqualFold(m.Email, strings.TrimSpace(email)) && m.DisabledAt == nil {
			actor := audit.Actor{Kind: audit.Staff, ID: m.ID, Name: m.Name, Roles: m.Roles}
			return actor, policy.Check(actor, may)
		}
	}
	return audit.Actor{}, fmt.Errorf("no member %s works here", email)
}

// progress is a line that changes on a terminal, and a line a step elsewhere.
type progress struct {
	out      *os.File
	terminal bool
}

func newProgress(out *os.File) progress {
	info, err := out.Stat()
	return progress{out, err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p progress) show(words string, last bool) {
	if !p.terminal {
		fmt.Fprintln(p.out, words)
		return
	}
	io.WriteString(p.out, "\r"+words+"\x1b[K")
	if last {
		fmt.Fprintln(p.out)
	}
}
