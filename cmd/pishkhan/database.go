package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/config"
	"pishkhan/internal/db"
	"pishkhan/internal/devdb"
)

// dataFolder is the flag of every command that works on an installation.
type dataFolder struct {
	Data string `help:"Data folder of the installation that 'up' runs." default:"${data}" type:"path" placeholder:"DIR"`
}

// open connects to the database: DATABASE_URL, or that of the `up` which runs
// on this data folder.
func (d dataFolder) open(ctx context.Context, cfg config.Config) (*pgxpool.Pool, error) {
	url := cfg.DatabaseURL.Reveal()
	if url == "" {
		var err error
		if url, err = devdb.URL(d.Data); err != nil {
			return nil, err
		}
	}
	return db.Open(ctx, url)
}

// with runs fn with the configuration and the database of the installation.
func (d dataFolder) with(ctx context.Context, fn func(config.Config, *pgxpool.Pool) error) error {
	cfg, err := config.Read()
	if err != nil {
		return err
	}
	pool, err := d.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer pool.Close()
	return fn(cfg, pool)
}

type migrateCommand struct {
	dataFolder `embed:""`
}

// Run migrates the database.
func (m *migrateCommand) Run(ctx context.Context) error {
	return m.with(ctx, func(_ config.Config, pool *pgxpool.Pool) error {
		if err := migrate(ctx, pool); err != nil {
			return err
		}
		fmt.Println("the database is up to date")
		return nil
	})
}

type configCommand struct{}

// Run lists the configuration.
func (configCommand) Run() error {
	cfg, err := config.Read()
	for _, line := range cfg.Dump() {
		fmt.Printf("%s=%s\n", line.Name, line.Value)
	}
	return err
}
