package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/staff"
)

type staffToken struct {
	dataFolder `embed:""`
	Email      string   `required:"" help:"The member's e-mail address."`
	Name       string   `help:"What the token is for." default:"command line"`
	Scope      []string `help:"What the token may be used for: read, work; both by default. Commas between, or given several times." default:"read,work"`
	Expires    string   `help:"How long it lasts: days, such as 90d, or hours, such as 12h; a year at most." default:"90d" placeholder:"AGE"`
}

// Run prints a new token, which is shown this once, alone on its line.
func (t *staffToken) Run(ctx context.Context) error {
	age, err := parseAge(t.Expires)
	if err != nil {
		return err
	}
	asked := staff.NewToken{Name: t.Name, Age: age}
	for _, scope := range t.Scope {
		asked.Scopes = append(asked.Scopes, staff.Scope(scope))
	}
	return t.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		_, secret, err := staff.New(pool, clock.System{}).IssueTokenFor(ctx, audit.Machine, t.Email, asked)
		if err == nil {
			fmt.Println(secret.Reveal())
		}
		return err
	})
}

// parseAge reads 90d, 12h or 30m.
func parseAge(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 366 {
			return 0, usageError(fmt.Sprintf("--expires %s: give days, such as 90d, up to 366d", text))
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	age, err := time.ParseDuration(text)
	if err != nil || age <= 0 {
		return 0, usageError(fmt.Sprintf("--expires %s: give an age such as 90d or 12h", text))
	}
	return age, nil
}
