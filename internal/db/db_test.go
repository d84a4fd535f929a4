package db_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// with adds parameters (name, value …) to an address.
func with(t *testing.T, address string, params ...string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	for i := 0; i < len(params); i += 2 {
		query.Set(params[i], params[i+1])
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// pair opens a pool of two sessions on a database of its own.
func pair(t *testing.T, params ...string) *pgxpool.Pool {
	t.Helper()
	pool, err := db.Open(t.Context(), with(t, dbtest.EmptyURL(t), append(params, "pool_max_conns", "2")...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func exec(t *testing.T, q db.Querier, sql string, args ...any) {
	t.Helper()
	if _, err := q.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func count(t *testing.T, q db.Querier, table string) (n int) {
	t.Helper()
	if err := q.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOpenSettings(t *testing.T) {
	pool := pair(t, "lock_timeout", "77ms")
	for name, want := range map[string]string{
		"timezone": "UTC", "application_name": "pishkhan", "statement_timeout": "30s",
		"idle_in_transaction_session_timeout": "30s",
		"lock_timeout":                        "77ms", // the URL's word counts
	} {
		var got string
		if err := pool.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", name, got, err, want)
		}
	}
	if got := pool.Config().MaxConns; got != 2 {
		t.Errorf("pool of %d, want the URL's 2", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, bad := range map[string]string{
		"the simple protocol": with(t, dbtest.EmptyURL(t), "default_query_exec_mode", "simple_protocol"),
		"nobody listening":    "postgres://127.0.0.1:1/x?connect_timeout=2",
		"no URL":              "postgres://user:hunter2@[::1/x",
	} {
		pool, err := db.Open(t.Context(), bad)
		if err == nil {
			pool.Close()
			t.Errorf("%s: opened", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

func TestDecimals(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE rates (rate numeric, maybe numeric)")
	rapid.Check(t, func(rt *rapid.T) {
		want := decimal.New(rapid.Int64().Draw(rt, "digits"), rapid.Int32Range(-12, 6).Draw(rt, "exponent"))
		maybe := decimal.NullDecimal{Decimal: want, Valid: rapid.Bool().Draw(rt, "there")}
		exec(t, pool, "TRUNCATE rates")
		exec(t, pool, "INSERT INTO rates VALUES ($1, $2)", want, maybe)
		copied, err := pool.CopyFrom(t.Context(), pgx.Identifier{"rates"}, []string{"rate", "maybe"}, pgx.CopyFromRows([][]any{{want, maybe}}))
		if err != nil || copied != 1 {
			rt.Fatalf("copy %s: %v", want, err)
		}
		rows, err := pool.Query(t.Context(), "SELECT rate, maybe FROM rates")
		if err != nil {
			rt.Fatal(err)
		}
		type row struct {
			Rate  decimal.Decimal
			Maybe decimal.NullDecimal
		}
		got, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil || len(got) != 2 {
			rt.Fatalf("read %s: %v %v", want, got, err)
		}
		for _, r := range got {
			if !r.Rate.Equal(want) || r.Maybe.Valid != maybe.Valid || maybe.Valid && !r.Maybe.Decimal.Equal(want) {
				rt.Fatalf("stored %s, read %v", want, r)
			}
		}
	})
}

func TestMigrateRace(t *testing.T) {
	address := dbtest.EmptyURL(t)
	quiet := slog.New(slog.DiscardHandler)
	var racers errgroup.Group
	for range 4 {
		racers.Go(func() error {
			pool, err := db.Open(t.Context(), address)
			if err != nil {
				return err
			}
			defer pool.Close()
			return db.Migrate(t.Context(), pool, quiet)
		})
	}
	if err := racers.Wait(); err != nil {
		t.Fatal(err)
	}
	pool, err := db.Open(t.Context(), with(t, address, "pool_max_conns", "1"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, table := range []string{"orders", "river_job"} {
		if n := count(t, pool, table); n != 0 {
			t.Errorf("%s has %d rows in a new database", table, n)
		}
	}
	steps := count(t, pool, "goose_db_version")
	var told strings.Builder
	if err := db.Migrate(t.Context(), pool, slog.New(slog.NewTextHandler(&told, nil))); err != nil {
		t.Fatal(err)
	}
	if told.Len() != 0 || count(t, pool, "goose_db_version") != steps {
		t.Errorf("a migrated database was migrated again:\n%s", told.String())
	}
}

func TestMigrationsHaveNoTimeLimits(t *testing.T) {
	unlimited, err := db.WithoutLimits(t.Context(), pair(t, "statement_timeout", "9s"))
	if err != nil {
		t.Fatal(err)
	}
	defer unlimited.Close()
	for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		var got string
		if err := unlimited.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&got); err != nil || got != "0" {
			t.Errorf("%s = %q, %v, want none", name, got, err)
		}
	}
}

func TestMigrateGivesUpWhenToldTo(t *testing.T) {
	pool := pair(t)
	holder, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Release()
	if _, err := holder.Exec(t.Context(), "SELECT pg_advisory_lock($1)", db.MigrationLock); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := db.Migrate(ctx, pool, slog.New(slog.DiscardHandler)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Migrate beside another: %v", err)
	}
}

func TestFaultOf(t *testing.T) {
	pool := pair(t, "lock_timeout", "50ms", "statement_timeout", "1s")
	exec(t, pool, "CREATE TABLE teams (id int PRIMARY KEY)")
	exec(t, pool, `CREATE TABLE members (id int CONSTRAINT members_pk PRIMARY KEY, team int REFERENCES teams, age int CHECK (age > 0),
		name text NOT NULL DEFAULT '', email text CONSTRAINT members_email UNIQUE)`)
	exec(t, pool, "INSERT INTO members (id, email) VALUES (1, 'a@b')")
	blocker, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = blocker.Rollback(context.Background()) }()
	exec(t, blocker, "LOCK TABLE teams")

	taken := fault.New(fault.Conflict, "staff.error.taken")
	for sql, want := range map[string]struct {
		kind fault.Kind
		key  string
	}{
		"INSERT INTO members (id) VALUES (1)":                 {fault.Conflict, "fault.conflict"},
		"INSERT INTO members (id, email) VALUES (2, 'a@b')":   {fault.Conflict, "staff.error.taken"},
		"INSERT INTO members (id, age) VALUES (2, 0)":         {fault.Invalid, "fault.invalid"},
		"INSERT INTO members (id, name) VALUES (2, NULL)":     {fault.Invalid, "fault.invalid"},
		"INSERT INTO members (id, team) VALUES (2, 9)":        {fault.Unavailable, "fault.unavailable"}, // waits for the lock
		"SELECT pg_sleep(5)":                                  {fault.Unavailable, "fault.unavailable"},
		"DO $$BEGIN RAISE SQLSTATE '40001'; END$$":            {fault.Unavailable, "fault.unavailable"},
		"DO $$BEGIN RAISE SQLSTATE '40P01'; END$$":            {fault.Unavailable, "fault.unavailable"},
		"DO $$BEGIN RAISE foreign_key_violation; END$$":       {fault.Invalid, "fault.invalid"},
		"SELECT pg_terminate_backend(pg_backend_pid())::text": {fault.Unavailable, "fault.unavailable"},
	} {
		_, err := pool.Exec(t.Context(), sql)
		got := fault.Of(db.Fault(err, db.Faults{"members_email": taken}))
		if got == nil || got.Kind != want.kind || got.Key != want.key || !errors.Is(got, err) {
			t.Errorf("%s: %v became %v, want %v", sql, err, got, want)
		}
	}
	if taken.Unwrap() != nil {
		t.Error("the fault of a constraint was changed for everybody")
	}
	// A defect stays one: its text is for the log.
	_, err = pool.Exec(t.Context(), "SELECT nonsense")
	if got := db.Fault(err, nil); fault.Of(got) != nil || got != err {
		t.Errorf("a defect became %v", got)
	}
	if err := db.Fault(nil, nil); err != nil {
		t.Errorf("nothing became %v", err)
	}
	already := fault.New(fault.Forbidden, "fault.forbidden")
	if got := db.Fault(already, nil); got != error(already) {
		t.Errorf("a fault became %v", got)
	}
}
