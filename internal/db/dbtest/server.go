package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/devdb"
)

// server is the Postgres of this test process.
type server struct {
	cluster  *devdb.Server // nil when TEST_DATABASE_URL names the server
	prefix   string        // of the names of our databases: nobody else's start so
	template string        // a migrated database, only ever copied
}

// theServer starts the server at first use, and makes the template.
var theServer = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	s := &server{prefix: "test_" + strings.ToLower(rand.Text()[:10]) + "_"}
	if os.Getenv("TEST_DATABASE_URL") == "" {
		cluster, err := devdb.Start(ctx, devdb.Options{Fast: true})
		if err != nil {
			return nil, err
		}
		s.cluster = cluster
	}
	started = s
	s.template = s.prefix + "template"
	if err := s.command(ctx, "CREATE DATABASE "+s.template); err != nil {
		return nil, err
	}
	pool, err := db.Open(ctx, s.url(s.template))
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	return s, db.Migrate(ctx, pool, slog.New(slog.DiscardHandler))
})

// started is what Main has to stop.
var started *server

// stop ends the server, or removes our databases from one that is not ours.
func (s *server) stop() error {
	if s.cluster != nil {
		return s.cluster.Stop()
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, s.url(""))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", s.prefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// url returns the address of a database, or of one that always exists when
// the name is empty.
func (s *server) url(database string) string {
	if s.cluster != nil {
		if database == "" {
			database = "postgres"
		}
		return s.cluster.URL(database)
	}
	given, err := url.Parse(os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		return "" // connecting says what is wrong
	}
	if database != "" {
		given.Path = "/" + database
	}
	return given.String()
}

// command runs one statement that no transaction may hold.
func (s *server) command(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.url(""))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}
