// Package db is the way to Postgres: the pool, transactions, migrations, and
// the translation of the database's refusals into faults.
package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier is what runs queries: a pool or a transaction. It has the methods
// that sqlc's generated code asks for, and CopyFrom.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

var (
	_ Querier = (*pgxpool.Pool)(nil)
	_ Querier = pgx.Tx(nil)
)

// settings of every session, each of which the URL may override. The time
// limits keep one stuck session from stopping the whole desk.
var settings = map[string]string{
	"application_name":                    "pishkhan",
	"timezone":                            "UTC",
	"statement_timeout":                   "30s",
	"lock_timeout":                        "5s",
	"idle_in_transaction_session_timeout": "30s",
}

const (
	poolSize       = 16 // beyond a few sessions a core, Postgres only gets slower
	connectTimeout = 5 * time.Second
)

// Open connects to the database at url and returns a pool of at most 16
// sessions (pool_max_conns in the URL changes that). It fails when the
// database does not answer, and when the URL asks for the simple protocol,
// which would send values as text inside the SQL.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the database URL cannot be read") // the parser's words may hold the password
	}
	if config.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol {
		return nil, errors.New("the database URL asks for the simple protocol, which is not allowed")
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = poolSize
	}
	config.MaxConnLifetimeJitter = 10 * time.Minute
	configure(config.ConnConfig)

	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return pool, nil
}

// configure fills in the settings that the URL leaves open.
func configure(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	for name, value := range settings {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
}
