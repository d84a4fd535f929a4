// Package dbtest gives tests a real Postgres: one private server a test
// process, started when first needed and gone when the process ends, however
// it ends. With TEST_DATABASE_URL the tests use that server instead; a
// process killed there leaves its databases (test_…) behind.
//
// Only tests may import it.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/db"
)

// Main runs the tests of a package and stops its server. Each package that
// uses this one needs
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if started != nil {
		if err := started.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "dbtest:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// New returns a pool on a fresh, migrated database of the test's own, which
// is dropped when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return open(t, NewURL(t))
}

func open(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { closePool(t, pool) })
	return pool
}

// NewURL returns the address of a fresh, migrated database of the test's own,
// which is dropped when the test ends.
func NewURL(t testing.TB) string {
	t.Helper()
	s := get(t)
	return create(t, s, copyOf(s.template))
}

// NewLike returns a pool on a fresh copy of the database that prepare has
// filled. It is called once a test process, however many tests ask; every
// caller gives the same one.
func NewLike(t testing.TB, prepare func(ctx context.Context, pool *pgxpool.Pool) error) *pgxpool.Pool {
	t.Helper()
	s := get(t)
	preparing.Do(func() { prepared, notPrepared = s.prepare(prepare) })
	if notPrepared != nil {
		t.Fatalf("dbtest: %v", notPrepared)
	}
	return open(t, create(t, s, copyOf(prepared)))
}

var (
	preparing   sync.Once
	prepared    string
	notPrepared error
)

func (s *server) prepare(fill func(ctx context.Context, pool *pgxpool.Pool) error) (name string, err error) {
	ctx := context.Background()
	name = s.prefix + "prepared"
	if err := s.command(ctx, "CREATE DATABASE "+name+" "+copyOf(s.template)); err != nil {
		return "", err
	}
	pool, err := db.Open(ctx, s.url(name))
	if err != nil {
		return "", err
	}
	defer pool.Close() // Postgres copies only what nobody uses
	return name, fill(ctx, pool)
}

// EmptyURL returns the address of a fresh database without any table, for
// tests of the migrations.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return create(t, get(t), "")
}

// Tx returns a transaction on a migrated database that other tests of the
// package share; it is rolled back when the test ends. A test that needs
// several sessions, commits, or LISTEN takes New instead.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	pool, err := shared()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	// t.Context is over by then.
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

// shared opens the database of Tx, which goes when the server does.
var shared = sync.OnceValues(func() (*pgxpool.Pool, error) {
	s, err := theServer()
	if err != nil {
		return nil, err
	}
	ctx, name := context.Background(), s.prefix+"shared"
	if err := s.command(ctx, "CREATE DATABASE "+name+" "+copyOf(s.template)); err != nil {
		return nil, err
	}
	return db.Open(ctx, s.url(name))
})

func get(t testing.TB) *server {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return s
}

// copyOf is quickest by files: the checkpoints that it takes cost nothing
// where nothing is synced.
func copyOf(template string) string { return "TEMPLATE " + template + " STRATEGY FILE_COPY" }

var serial atomic.Int64

func create(t testing.TB, s *server, from string) string {
	t.Helper()
	name := s.prefix + strconv.FormatInt(serial.Add(1), 10)
	if err := s.command(t.Context(), "CREATE DATABASE "+name+" "+from); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := s.command(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return s.url(name)
}

// closePool fails the test that keeps a session, rather than wait for ever.
func closePool(t testing.TB, pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() { pool.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("dbtest: a session was not given back to the pool: a transaction or rows left open?")
	}
}
