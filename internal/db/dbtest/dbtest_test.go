package dbtest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/devdb"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func addSetting(t *testing.T, q db.Querier) {
	t.Helper()
	// River's own table stands for any: it is there only when all migrations ran.
	if _, err := q.Exec(t.Context(), "INSERT INTO river_queue (name, created_at, updated_at) VALUES ('mine', now(), now())"); err != nil {
		t.Fatal(err)
	}
}

func TestNewIsTheTestsOwn(t *testing.T) {
	for _, name := range []string{"one", "two", "three"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addSetting(t, dbtest.New(t)) // fails when another has been here
		})
	}
}

func TestTxLeavesNothing(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) { addSetting(t, dbtest.Tx(t)) })
	}
}

func TestEmptyURL(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), dbtest.EmptyURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var tables int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables in an empty database, %v", tables, err)
	}
}

// TestGivenServer runs these tests again on a server of somebody else's, on
// which nothing may stay.
func TestGivenServer(t *testing.T) {
	if os.Getenv("TEST_DATABASE_URL") != "" {
		t.Skip("this is the run on a given server")
	}
	server, err := devdb.Start(t.Context(), devdb.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	again := exec.Command(os.Args[0], "-test.run=New|Tx|Empty")
	again.Env = append(os.Environ(), "TEST_DATABASE_URL="+server.URL(devdb.Database))
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	conn, err := pgx.Connect(t.Context(), server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), "SELECT datname FROM pg_database ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if got, want := strings.Join(names, " "), "pishkhan postgres template0 template1"; err != nil || got != want {
		t.Errorf("databases afterwards: %s, %v, want %s", got, err, want)
	}
}
