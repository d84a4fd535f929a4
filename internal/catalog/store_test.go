package catalog_test

import (
	stdcmp "cmp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// setup returns a catalogue with the embedded services.
func setup(t *testing.T) (*catalog.Catalog, []catalog.Definition, *pgxpool.Pool) {
	t.Helper()
	pool := dbtest.New(t)
	c := catalog.New(pool, clock.At(today))
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Load(t.Context(), defs); err != nil {
		t.Fatal(err)
	}
	return c, defs, pool
}

func TestShowcaseGoesFamilyByFamilyAndByRank(t *testing.T) {
	t.Parallel()
	c, defs, _ := setup(t)
	services, err := c.Showcase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, s := range services {
		slugs = append(slugs, s.Definition.Slug)
		i := slices.IndexFunc(defs, func(d catalog.Definition) bool { return d.Slug == s.Definition.Slug })
		if diff := cmp.Diff(defs[i], s.Definition); diff != "" {
			t.Errorf("%s is not what was loaded: %s", s.Definition.Slug, diff)
		}
	}
	inOrder := slices.IsSortedFunc(services, func(a, b catalog.Service) int {
		return stdcmp.Or(
			slices.Index(catalog.Families, a.Definition.Family)-slices.Index(catalog.Families, b.Definition.Family),
			stdcmp.Or(a.Definition.Rank, 500)-stdcmp.Or(b.Definition.Rank, 500),
			int(a.ID-b.ID),
		)
	})
	if len(slugs) != len(defs) || !inOrder {
		t.Errorf("on show: %v", slugs)
	}
}

func TestLoadMakesAVersionOnlyOfAChange(t *testing.T) {
	t.Parallel()
	c, defs, pool := setup(t)
	before, err := c.Service(t.Context(), "steam-wallet")
	if err != nil || before.Version != 1 {
		t.Fatalf("version %d, %v", before.Version, err)
	}
	if err := c.Load(t.Context(), defs); err != nil {
		t.Fatal(err)
	}
	if same, err := c.Service(t.Context(), "steam-wallet"); err != nil || same.VersionID != before.VersionID {
		t.Fatalf("the same definition made version %d, %v", same.Version, err)
	}

	i := slices.IndexFunc(defs, func(d catalog.Definition) bool { return d.Slug == "steam-wallet" })
	defs[i].Limits[0].Max = decimal.RequireFromString("450")
	if err := c.Load(t.Context(), defs); err != nil {
		t.Fatal(err)
	}
	after, err := c.Service(t.Context(), "steam-wallet")
	if err != nil || after.Version != 2 || after.ID != before.ID || after.Definition.Limits[0].Max.String() != "450" {
		t.Errorf("version %d, at most %s, %v", after.Version, after.Definition.Limits[0].Max, err)
	}
	// An order placed with the old version still has it, also where nothing is remembered.
	old, err := catalog.New(pool, clock.At(today)).Version(t.Context(), pool, before.VersionID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, old); diff != "" {
		t.Error(diff)
	}
}

func TestLoadRefusesWhatIsNotAService(t *testing.T) {
	t.Parallel()
	c, defs, _ := setup(t)
	defs[0].Title.EN = "Changed"
	defs[1].Groups = nil
	if err := c.Load(t.Context(), defs); !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v", err)
	}
	services, err := c.Showcase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range services {
		if s.Version != 1 {
			t.Errorf("%s was loaded all the same", s.Definition.Slug)
		}
	}
}

// Two processes that start together load the same change: one version.
func TestLoadsAtOnceMakeOneVersion(t *testing.T) {
	t.Parallel()
	c, defs, pool := setup(t)
	for i := range defs {
		defs[i].BudgetMinutes++
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := c.Load(t.Context(), defs); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var versions int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM service_versions").Scan(&versions); err != nil {
		t.Fatal(err)
	}
	if versions != 2*len(defs) {
		t.Errorf("%d versions of %d services", versions, len(defs))
	}
}

func TestRetiredServicesAreNotOffered(t *testing.T) {
	t.Parallel()
	c, defs, pool := setup(t)
	before, err := c.Service(t.Context(), "amazon-basket")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), "UPDATE services SET retired_at = $1 WHERE slug = 'amazon-basket'", today); err != nil {
		t.Fatal(err)
	}
	if err := c.Load(t.Context(), defs); err != nil { // brings nothing back
		t.Fatal(err)
	}
	for _, slug := range []string{"amazon-basket", "no-such-service"} {
		_, err := c.Service(t.Context(), slug)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", slug, err)
		}
	}
	if services, err := c.Showcase(t.Context()); err != nil || len(services) != len(defs)-1 {
		t.Errorf("%d on show, %v", len(services), err)
	}
	if _, err := c.Version(t.Context(), pool, before.VersionID); err != nil {
		t.Errorf("orders placed with it: %v", err)
	}
	if _, err := c.Version(t.Context(), pool, 999); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such version: %v", err)
	}
}

func TestWhenCountsFromToday(t *testing.T) {
	for when, want := range map[catalog.When]string{
		"today": "2026-10-05", "+1d": "2026-10-06", "+6m": "2027-04-05", "-18y": "2008-10-05", "2030-01-31": "2030-01-31",
	} {
		got, err := when.On(time.Date(2026, 10, 5, 23, 0, 0, 0, time.UTC))
		if err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("%s: %v, %v", when, got, err)
		}
	}
}
