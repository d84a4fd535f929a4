package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/staff"
)

type staffCommands struct {
	Add      staffAdd      `cmd:"" help:"Let somebody join; the password is read from standard input."`
	List     staffList     `cmd:"" help:"List the members."`
	Role     staffRole     `cmd:"" help:"Grant and revoke roles."`
	Password staffPassword `cmd:"" help:"Give a member another password, read from standard input, and end their sessions."`
	Disable  staffDisable  `cmd:"" help:"Shut out a member who leaves, and end their sessions and tokens."`
	Token    staffToken    `cmd:"" help:"Print a token by which a member's program uses the API."`
}

type staffAdd struct {
	dataFolder `embed:""`
	Email      string   `required:"" help:"E-mail address to sign in with."`
	Name       string   `required:"" help:"Name that colleagues see."`
	Role       []string `required:"" help:"operator, kyc, finance, supervisor, admin or auditor; may be given several times."`
}

// Run adds a member.
func (a *staffAdd) Run(ctx context.Context) error {
	password, err := readLine(os.Stdin)
	if err != nil {
		return err
	}
	return a.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		_, err := staff.New(pool, clock.System{}).Add(ctx, audit.Machine, staff.NewMember{
			Email: a.Email, Name: a.Name, Password: password, Roles: rolesOf(a.Role),
		})
		if err == nil {
			fmt.Printf("%s can sign in now\n", a.Email)
		}
		return err
	})
}

type staffList struct {
	dataFolder `embed:""`
}

// Run lists the members.
func (l *staffList) Run(ctx context.Context) error {
	return l.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		members, err := staff.New(pool, clock.System{}).List(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, m := range members {
			var roles []string
			for _, role := range m.Roles {
				roles = append(roles, string(role))
			}
			state := "active"
			if m.DisabledAt != nil {
				state = "disabled"
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", m.Email, m.Name, strings.Join(roles, ","), state)
		}
		return table.Flush()
	})
}

type staffRole struct {
	dataFolder `embed:""`
	Email      string   `required:"" help:"The member's e-mail address."`
	Grant      []string `help:"Role to grant; may be given several times."`
	Revoke     []string `help:"Role to revoke; may be given several times."`
}

// Run changes what a member is trusted with.
func (r *staffRole) Run(ctx context.Context) error {
	if len(r.Grant)+len(r.Revoke) == 0 {
		return usageError("give --grant or --revoke")
	}
	return r.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		err := staff.New(pool, clock.System{}).ChangeRoles(ctx, audit.Machine, r.Email, rolesOf(r.Grant), rolesOf(r.Revoke))
		if err == nil {
			fmt.Printf("the roles of %s were changed\n", r.Email)
		}
		return err
	})
}

type staffPassword struct {
	dataFolder `embed:""`
	Email      string `required:"" help:"The member's e-mail address."`
}

// Run sets a password.
func (p *staffPassword) Run(ctx context.Context) error {
	password, err := readLine(os.Stdin)
	if err != nil {
		return err
	}
	return p.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		err := staff.New(pool, clock.System{}).SetPassword(ctx, audit.Machine, p.Email, password)
		if err == nil {
			fmt.Printf("%s signs in with the new password; every session has ended\n", p.Email)
		}
		return err
	})
}

type staffDisable struct {
	dataFolder `embed:""`
	Email      string `required:"" help:"The member's e-mail address."`
}

// Run shuts a member out.
func (d *staffDisable) Run(ctx context.Context) error {
	return d.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		err := staff.New(pool, clock.System{}).Disable(ctx, audit.Machine, d.Email)
		if err == nil {
			fmt.Printf("%s is shut out; every session has ended\n", d.Email)
		}
		return err
	})
}

func rolesOf(names []string) []audit.Role {
	roles := make([]audit.Role, len(names))
	for i, name := range names {
		roles[i] = audit.Role(name)
	}
	return roles
}

// readLine reads the first line of r, which must not be empty.
func readLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("give the password on standard input")
	}
	return line, nil
}
