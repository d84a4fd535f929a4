package db

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"pishkhan/migrations"
)

// migrationLock is the advisory lock of whoever migrates. It covers River's
// steps too, which goose's own lock would not.
const migrationLock = 7151947003

// lockPoll is how often a second process asks whether the first is done.
// Asking beats waiting: a session that waits inside Postgres would stop a
// CREATE INDEX CONCURRENTLY for ever.
const lockPoll = 50 * time.Millisecond

// Migrate brings the database of pool to the newest schema: ours, then
// River's. Several processes may call it at once; it does nothing, quickly,
// when there is nothing to do. It uses sessions of its own, without the time
// limits that a long migration would hit. log gets a line for each step taken.
func Migrate(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	unlimited, err := withoutLimits(ctx, pool)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer unlimited.Close()

	holder, err := unlimited.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate: connect: %w", err)
	}
	// Closed rather than given back, so that the lock goes with the session.
	session := holder.Hijack()
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	if err := lock(ctx, session, log); err != nil {
		return fmt.Errorf("migrate: lock: %w", err)
	}
	if err := ours(ctx, unlimited, log); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := rivers(ctx, unlimited, log); err != nil {
		return fmt.Errorf("migrate: river: %w", err)
	}
	return nil
}

func withoutLimits(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.MaxConns, config.MinConns, config.MinIdleConns = 1, 0, 0
	for _, limit := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		config.ConnConfig.RuntimeParams[limit] = "0"
	}
	return pgxpool.NewWithConfig(ctx, config)
}

func lock(ctx context.Context, session *pgx.Conn, log *slog.Logger) error {
	for waiting := false; ; waiting = true {
		var got bool
		err := session.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", migrationLock).Scan(&got)
		if err != nil || got {
			return err
		}
		if !waiting {
			log.Info("another process is migrating: waiting for it")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lockPoll):
		}
	}
}

func ours(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	sqlDB := stdlib.OpenDBFromPool(pool)
	defer sqlDB.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, sqlDB, migrations.Files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	for _, result := range results {
		log.Info("migrated", "file", result.Source.Path, "took", result.Duration)
	}
	return err
}

func rivers(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	// River tells of each step in many lines; one line of ours a version is enough.
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	result, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return err
	}
	for _, version := range result.Versions {
		log.Info("migrated", "river", version.Version, "took", version.Duration)
	}
	return nil
}
