package clients_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/clock"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/seal"

	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

type bench struct {
	clients *clients.Clients
	pool    *pgxpool.Pool
	clock   *clock.Fixed
	ctx     context.Context
}

var start = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)

func setup(t *testing.T) bench {
	t.Helper()
	kek, err := seal.OpenKEKFile(filepath.Join(t.TempDir(), "kek.json"))
	must(t, err)
	pool, c := dbtest.New(t), clock.At(start)
	return bench{clients.New(pool, c, seal.NewKeyring(kek, c)), pool, c, t.Context()}
}

// shop takes on a client.
func (b bench) shop(t *testing.T, name string) clients.Client {
	t.Helper()
	client, err := b.clients.Create(b.ctx, audit.Machine, clients.Form{Name: name, ReturnOrigins: "https://shop.example"})
	must(t, err)
	return client
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
