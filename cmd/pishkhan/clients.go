package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/clock"
	"pishkhan/internal/config"
	"pishkhan/internal/seal"
	"pishkhan/internal/webhooks"
)

type clientCommands struct {
	Add clientAdd `cmd:"" help:"Take on a shop front of somebody's own; prints its API key, and its webhook's secret, each once and on a line of its own."`
}

type clientAdd struct {
	dataFolder   `embed:""`
	Name         string   `required:"" help:"What the shop front is called."`
	ReturnOrigin []string `help:"Where its customers may go back to after paying, such as https://shop.example; may be given several times." placeholder:"URL"`
	Webhook      string   `help:"Where it hears of its orders." placeholder:"URL"`
}

// Run adds a shop front with a key that may do everything and does not expire.
func (a *clientAdd) Run(ctx context.Context) error {
	return a.with(ctx, func(cfg config.Config, pool *pgxpool.Pool) error {
		keyring, err := a.keyring(cfg)
		if err != nil {
			return err
		}
		form := clients.Form{Name: a.Name}
		for _, origin := range a.ReturnOrigin {
			form.ReturnOrigins += origin + "\n"
		}
		room := clients.New(pool, clock.System{}, keyring)
		hooks := webhooks.New(pool, clock.System{}, keyring, nil, room, cfg.KEKFile == "") // loopback beside `up` alone
		if err := hooks.CheckURL(a.Webhook); a.Webhook != "" && err != nil {
			return err
		}
		client, err := room.Create(ctx, audit.Machine, form)
		if err != nil {
			return err
		}
		_, token, err := room.IssueKey(ctx, audit.Machine, client.ID, a.Name, clients.Scopes, 0)
		if err != nil {
			return err
		}
		fmt.Println(token.Reveal())
		if a.Webhook == "" {
			return nil
		}
		secret, err := hooks.Set(ctx, audit.Machine, client.ID, a.Webhook)
		if err == nil {
			fmt.Println(secret.Reveal())
		}
		return err
	})
}

// keyring opens the installation's key: the one that is configured, or that
// of the data folder. It makes none up.
func (a *clientAdd) keyring(cfg config.Config) (*seal.Keyring, error) {
	path := cfg.KEKFile
	if path == "" {
		path = filepath.Join(a.Data, "kek.json")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("the key-encryption key: %w", err)
	}
	kek, err := seal.OpenKEKFile(path)
	return seal.NewKeyring(kek, clock.System{}), err
}
