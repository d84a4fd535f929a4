// Package dbtest gives tests a real Postgres: one private server a test
// process, started when first needed and gone when the process ends, and a
// fresh database for each test that asks.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/db"
	"pishkhan/internal/devdb"
)

const template = "pishkhan_template"

var (
	once    sync.Once
	server  *devdb.Server
	failure error
	serial  atomic.Int64
)

// Main runs the tests of a package, and ends its server afterwards. Each
// package that uses New needs
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if server != nil {
		if err := server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "dbtest:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// New returns a fresh, migrated database that is dropped at the test's end.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := db.Open(t.Context(), NewURL(t))
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// NewURL returns the address of a fresh, migrated database that is dropped at
// the test's end.
func NewURL(t testing.TB) string {
	t.Helper()
	once.Do(func() { failure = start() })
	if failure != nil {
		t.Fatalf("dbtest: %v", failure)
	}
	name := fmt.Sprintf("test_%d", serial.Add(1))
	if err := command("CREATE DATABASE " + name + " TEMPLATE " + template); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := command("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return server.URL(name)
}

// Tx returns a transaction on a fresh database, rolled back at the test's end.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	tx, err := New(t).Begin(t.Context())
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

func start() error {
	dir, err := os.MkdirTemp("", "pishkhan-test-")
	if err != nil {
		return err
	}
	if server, err = devdb.Start(context.Background(), devdb.Options{Dir: dir, Temp: true}); err != nil {
		return err
	}
	if err := command("CREATE DATABASE " + template); err != nil {
		return err
	}
	pool, err := db.Open(context.Background(), server.URL(template))
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = db.Migrate(context.Background(), pool)
	return err
}

// creating is held while a database is copied: Postgres copies a template
// only while nobody else uses it.
var creating sync.Mutex

func command(sql string) error {
	creating.Lock()
	defer creating.Unlock()
	conn, err := pgx.Connect(context.Background(), server.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(context.Background(), sql)
	if closed := conn.Close(context.Background()); err == nil {
		err = closed
	}
	return err
}
