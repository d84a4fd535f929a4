// Package testworld builds the situations that tests begin with: orders that
// are placed, paid, claimed, done. Everything happens through the rooms' own
// verbs, on a fresh Postgres database, with payments at a simulator of the
// gateway and a clock that stands still until a test moves it.
//
// Only tests may import it. The package of a test needs
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
package testworld

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/house"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/pricing"
	"pishkhan/internal/queue"
	"pishkhan/internal/sample"
	"pishkhan/internal/seal"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
)

// Noon is when every world begins: a Monday, 12:00 in Tehran, five working
// hours before the day ends.
var Noon = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)

// BaseURL is where the house's pages would be.
const BaseURL = "http://127.0.0.1:8080"

// World is a house with its staff, its clock and its gateway.
type World struct {
	House     *house.House
	Clock     *clock.Fixed
	Simulator *sample.Simulator
	People    []sample.Person // the staff, with their passwords

	Operator, Operator2, Reviewer, Finance, Finance2, Supervisor, Admin, Auditor audit.Actor

	Dir    string // of the key file and the blobs
	needs  house.Needs
	maker  sample.Maker
	serial atomic.Int64
}

// New returns a world on a database of its own.
func New(t testing.TB) *World { return NewWithTerms(t, pricing.Terms{}) }

// NewWithTerms is New with the terms of prices given.
func NewWithTerms(t testing.TB, terms pricing.Terms) *World {
	t.Helper()
	pool := dbtest.NewLike(t, furnish)
	dir := t.TempDir()
	Must(t, os.WriteFile(peopleFile(dir), people, 0o600))
	w := open(t, pool, dir, clock.At(Noon), terms)
	w.hire(t)
	return w
}

// people is the file with the staff of every world of this process: hashing
// their passwords takes longer than most tests.
var people []byte

func peopleFile(dir string) string { return filepath.Join(dir, "people.json") }

// furnish fills a database with what every world begins with.
func furnish(ctx context.Context, pool *pgxpool.Pool) error {
	c := clock.At(Noon)
	definitions, err := catalog.Embedded()
	if err != nil {
		return err
	}
	if err := catalog.New(pool, c).Load(ctx, definitions); err != nil {
		return err
	}
	err = db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := (&sla.Calendars{}).Save(ctx, tx, Noon, sla.Default(), nil, "")
		return err
	})
	if err != nil {
		return err
	}
	prices := pricing.New(pool, c, pricing.Terms{})
	if err := prices.LoadTariff(ctx); err != nil {
		return err
	}
	if err := prices.LoadSampleRates(ctx); err != nil {
		return err
	}
	// Tests move the clock by days: rates grow old in the tests of rates alone.
	if err := prices.SetRateTerms(ctx, audit.Machine, pricing.MaxMaxAge, decimal.New(10, 0)); err != nil {
		return err
	}
	// One person holds many orders in tests: caps count in the tests of caps alone.
	work := queue.New(pool, c, nil, nil, nil, nil, nil)
	if err := work.SetTerms(ctx, audit.Machine, queue.Terms{Cap: 1000, Lease: 30 * time.Minute, Grace: 5 * time.Minute, Skip: time.Hour}); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pishkhan-people-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if _, err := sample.People(ctx, staff.New(pool, c), peopleFile(dir)); err != nil {
		return err
	}
	people, err = os.ReadFile(peopleFile(dir))
	return err
}

// Reopen returns the house of another process's world: the same database,
// key, blobs and staff, at a given time. It has a simulator of its own.
func Reopen(t testing.TB, databaseURL, dir string, now time.Time) *World {
	t.Helper()
	pool, err := db.Open(t.Context(), databaseURL)
	Must(t, err)
	t.Cleanup(pool.Close)
	w := open(t, pool, dir, clock.At(now), pricing.Terms{})
	w.hire(t)
	return w
}

// DatabaseURL is the address that Reopen takes.
func (w *World) DatabaseURL() string { return w.House.Pool.Config().ConnString() }

func open(t testing.TB, pool *pgxpool.Pool, dir string, c *clock.Fixed, terms pricing.Terms) *World {
	t.Helper()
	simulator, err := sample.StartSandbox("127.0.0.1:0", sandbox.Options{Clock: c})
	Must(t, err)
	t.Cleanup(func() { _ = simulator.Close() })
	kek, err := seal.OpenKEKFile(filepath.Join(dir, "kek.json"))
	Must(t, err)
	w := &World{Clock: c, Simulator: simulator, Dir: dir, needs: house.Needs{
		Pool: pool, Clock: c, KEK: kek, BlobDir: filepath.Join(dir, "files"),
		Gateway: simulator.Gateway, BaseURL: BaseURL, Terms: terms, LoopbackWebhooks: true, OpenOutbox: true,
	}}
	w.House, err = house.Open(t.Context(), w.needs)
	Must(t, err)
	w.maker = sample.Maker{House: w.House, Clock: c}
	return w
}

// HouseAt returns a house like the world's, over the same database, that pays
// at another gateway.
func (w *World) HouseAt(t testing.TB, g payments.Gateway) *house.House {
	t.Helper()
	needs := w.needs
	needs.Gateway = g
	h, err := house.Open(t.Context(), needs)
	Must(t, err)
	return h
}

// HouseOver returns a house like the world's, over a pool of the test's own
// to the same database: another instance, or one that is watched.
func (w *World) HouseOver(t testing.TB, pool *pgxpool.Pool) *house.House {
	t.Helper()
	needs := w.needs
	needs.Pool = pool
	h, err := house.Open(t.Context(), needs)
	Must(t, err)
	return h
}

// hire adds the demo's staff and remembers who is who.
func (w *World) hire(t testing.TB) {
	t.Helper()
	var err error
	w.People, err = sample.People(t.Context(), w.House.Staff, peopleFile(w.Dir))
	Must(t, err)
	members, err := w.House.Staff.List(t.Context())
	Must(t, err)
	byEmail := map[string]audit.Actor{}
	for _, m := range members {
		byEmail[m.Email] = audit.Actor{Kind: audit.Staff, ID: m.ID, Name: m.Name, Roles: m.Roles, IP: "192.0.2.1"}
	}
	w.Operator, w.Operator2 = byEmail["operator@demo.test"], byEmail["operator2@demo.test"]
	w.Reviewer, w.Finance, w.Finance2 = byEmail["reviewer@demo.test"], byEmail["finance@demo.test"], byEmail["finance2@demo.test"]
	w.Supervisor, w.Admin, w.Auditor = byEmail["supervisor@demo.test"], byEmail["admin@demo.test"], byEmail["auditor@demo.test"]
}

// Must ends the test when err is not nil.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
