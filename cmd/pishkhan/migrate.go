package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/pricing"
	"pishkhan/internal/sla"
)

// logger writes what operators of the machine read: warnings and errors.
func logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// migrate brings the schema up to date, and loads what an installation
// cannot be without: the services, a tariff and a calendar.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	if err := db.Migrate(ctx, pool, logger()); err != nil {
		return err
	}
	definitions, err := catalog.Embedded()
	if err != nil {
		return err
	}
	if err := catalog.New(pool, clock.System{}).Load(ctx, definitions); err != nil {
		return err
	}
	if err := pricing.New(pool, clock.System{}, pricing.Terms{}).LoadTariff(ctx); err != nil {
		return err
	}
	return db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
		calendars := &sla.Calendars{}
		_, err := calendars.Newest(ctx, tx)
		if !fault.Is(err, fault.Unavailable) {
			return err
		}
		_, err = calendars.Save(ctx, tx, clock.System{}.Now(), sla.Default(), nil, "")
		return err
	})
}
