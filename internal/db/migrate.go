package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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
// River's. Several processes may call it at once; when there is nothing to do
// it asks one question. It uses sessions of its own, without the time limits
// that a long migration would hit. log gets a line for each step taken.
func Migrate(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) error {
	unlimited, err := withoutLimits(ctx, pool)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer unlimited.Close()
	sqlDB := stdlib.OpenDBFromPool(unlimited)
	defer sqlDB.Close()
	ours, err := goose.NewProvider(goose.DialectPostgres, sqlDB, migrations.Files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	// River tells of each step in many lines; one line of ours a version is enough.
	rivers, err := rivermigrate.New(riverpgxv5.New(unlimited), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("migrate: river: %w", err)
	}
	if done, err := applied(ctx, pool, ours, rivers); err != nil || done {
		return err
	}

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
	steps, err := ours.Up(ctx)
	for _, step := range steps {
		log.Info("migrated", "file", step.Source.Path, "took", step.Duration)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	result, err := rivers.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return fmt.Errorf("migrate: river: %w", err)
	}
	for _, step := range result.Versions {
		log.Info("migrated", "river", step.Version, "took", step.Duration)
	}
	return nil
}

// applied reports whether every step has been taken: what a process that
// starts on a migrated database needs to know, in one query.
func applied(ctx context.Context, pool *pgxpool.Pool, ours *goose.Provider, rivers *rivermigrate.Migrator[pgx.Tx]) (bool, error) {
	var files, versions []int64
	for _, source := range ours.ListSources() {
		files = append(files, source.Version)
	}
	for _, step := range rivers.AllVersions() {
		versions = append(versions, int64(step.Version))
	}
	var done bool
	err := pool.QueryRow(ctx, `SELECT $1 <@ ARRAY(SELECT version_id FROM goose_db_version WHERE is_applied)
		AND $2 <@ ARRAY(SELECT version FROM river_migration WHERE line = 'main')`, files, versions).Scan(&done)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == undefinedTable { // an empty database
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("migrate: %w", err)
	}
	return done, nil
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
