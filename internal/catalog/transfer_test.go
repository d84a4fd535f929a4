package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
)

func TestACatalogueIsCarriedElsewhere(t *testing.T) {
	t.Parallel()
	c, defs, _ := setup(t)
	file, err := c.Export(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := catalog.New(dbtest.New(t), clock.At(today))
	changes, err := elsewhere.Compare(t.Context(), file)
	if err != nil || len(changes) != len(defs) || !changes[0].New {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	services, err := elsewhere.Import(t.Context(), audit.Machine, file, "from the test shop", changes)
	if err != nil || len(services) != len(defs) {
		t.Fatalf("%d services, %v", len(services), err)
	}
	again, err := elsewhere.Export(t.Context())
	if diff := cmp.Diff(string(file), string(again)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if changes, err := elsewhere.Compare(t.Context(), file); err != nil || len(changes) != 0 {
		t.Errorf("%+v, %v", changes, err)
	}
	if services, err := elsewhere.Import(t.Context(), audit.Machine, file, "", nil); err != nil || len(services) != 0 {
		t.Errorf("%d versions of nothing new, %v", len(services), err)
	}
}

func TestAnImportChangesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	c, sara, pool := desk(t)
	gift := strings.Replace(order, `"slug": "order"`, `"slug": "gift"`, 1)
	if _, err := c.Import(t.Context(), sara, []byte(`{"services": [`+gift+`]}`), "", seen(t, c, `{"services": [`+gift+`]}`)); err != nil {
		t.Fatal(err)
	}
	if err := c.Retire(t.Context(), sara, "gift"); err != nil {
		t.Fatal(err)
	}
	file := []byte(`{"services": [` + string(edited("Purchase")) + "," + strings.Replace(gift, `"max_rows": 3`, `"max_rows": 5`, 1) + `]}`)
	changes, err := c.Compare(t.Context(), file)
	if err != nil || len(changes) != 2 {
		t.Fatalf("%+v, %v", changes, err)
	}
	want := []catalog.Change{{Path: "/title/en", Kind: catalog.Changed, Before: "Order", After: "Purchase"}}
	if diff := cmp.Diff(want, changes[0].Changes); diff != "" || changes[0].New || changes[0].Retired || !changes[1].Retired {
		t.Errorf("%s %+v", diff, changes)
	}
	services, err := c.Import(t.Context(), sara, file, "spring", changes)
	if err != nil || len(services) != 2 {
		t.Fatalf("%+v, %v", services, err)
	}
	versions, err := c.Versions(t.Context(), "order")
	if err != nil || versions[0].Origin != catalog.FromImport || versions[0].Note != "spring" || versions[0].PublishedBy != sara.ID {
		t.Errorf("%+v, %v", versions, err)
	}
	if offered, err := c.Showcase(t.Context()); err != nil || len(offered) != 1 {
		t.Errorf("%+v, %v", offered, err)
	}
	entries, err := audit.About(t.Context(), pool, "service:order", 9)
	if err != nil || len(entries) != 1 || entries[0].Verb != "catalog.import" {
		t.Errorf("%+v, %v", entries, err)
	}
}

// A file with one fault changes nothing, and each fault is told with its path.
func TestAWrongFileIsRefusedWhole(t *testing.T) {
	t.Parallel()
	c, sara, _ := desk(t)
	for file, path := range map[string]string{
		``:                           "",
		`[]`:                         "",
		`{"services": {}}`:           "/services",
		`{"services": []}`:           "/services",
		`{"services": [3]}`:          "/services/0",
		`{"services": [{}], "x": 1}`: "/x",
		`{"services": [` + string(edited("New")) + `, {"slug": "x", "colour": 1}]}`:                                             "/services/1/colour",
		`{"services": [` + string(edited("New")) + `, ` + order + `]}`:                                                          "/services/1/slug",
		`{"services": [` + string(edited("New")) + `, ` + strings.Replace(order, `"name": "extras"`, `"name": "x y"`, 1) + `]}`: "/services/1/groups/0/fields/2/name",
	} {
		for _, read := range []func() error{
			func() error { _, err := c.Compare(t.Context(), []byte(file)); return err },
			func() error { _, err := c.Import(t.Context(), sara, []byte(file), "", nil); return err },
		} {
			err := read()
			if _, told := wrong(t, err)[path]; !told {
				t.Errorf("%.60s: want a fault at %q, got %v", file, path, err)
			}
			assertTold(t, err)
		}
	}
	if _, err := c.Import(t.Context(), sara, []byte(`{"services": [`+order+`]}`), strings.Repeat("x", 501), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("a long note: %v", err)
	}
	if versions, err := c.Versions(t.Context(), "order"); err != nil || len(versions) != 1 {
		t.Errorf("%+v, %v", versions, err)
	}
}

// What is published is what was seen: an import into a catalogue that has
// moved on since changes nothing.
func TestAnImportPublishesOnlyWhatWasSeen(t *testing.T) {
	t.Parallel()
	c, sara, _ := desk(t)
	file := `{"services": [` + string(edited("Purchase")) + "," + strings.Replace(order, `"slug": "order"`, `"slug": "gift"`, 1) + `]}`
	before := seen(t, c, file)
	published(t, c, sara, "Meanwhile")
	_, err := c.Import(t.Context(), sara, []byte(file), "", before)
	isConflict(t, err, "catalog.error.import_moved")
	if _, err := c.Service(t.Context(), "gift"); !fault.Is(err, fault.NotFound) {
		t.Errorf("half of it was imported: %v", err)
	}
	before = seen(t, c, file)
	imports := winners(t, "catalog.error.import_moved", func() error {
		_, err := c.Import(t.Context(), sara, []byte(file), "", before)
		return err
	})
	if imports != 1 {
		t.Errorf("%d have imported what one has seen", imports)
	}
}

// seen are the changes that a file is shown to make.
func seen(t *testing.T, c *catalog.Catalog, file string) []catalog.ServiceChange {
	t.Helper()
	changes, err := c.Compare(t.Context(), []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return changes
}
