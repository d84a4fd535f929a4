package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/i18n"
)

// A catalogue is written to a file, edited there and brought back; without
// somebody to ask it takes --yes.
func TestCatalogCommands(t *testing.T) {
	url := dbtest.NewURL(t)
	t.Setenv("DATABASE_URL", url)
	pool, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	services := catalog.New(pool, clock.System{})
	if err := services.Load(t.Context(), defs); err != nil {
		t.Fatal(err)
	}
	if err := services.Retire(t.Context(), audit.Machine, defs[0].Slug); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "catalog.json")
	if err := (&catalogExport{Out: path}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(file), `"slug": `); got != len(defs)-1 {
		t.Errorf("%d services in the file", got)
	}
	edited := strings.Replace(string(file), `"budget_minutes": `, `"budget_minutes": 1`, 1)
	if err := os.WriteFile(path, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&catalogImport{File: path}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("nobody was asked: %v", err)
	}
	if err := (&catalogImport{File: path, Yes: true}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := (&catalogList{}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := services.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	imported := 0
	for _, s := range list {
		if s.Origin == catalog.FromImport {
			imported++
		}
	}
	if imported != 1 {
		t.Errorf("%d services have a new version", imported)
	}
	wrong := filepath.Join(t.TempDir(), "wrong.json")
	if err := os.WriteFile(wrong, []byte(`{"services": [{}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	err = (&catalogImport{File: wrong, Yes: true}).Run(t.Context())
	if err == nil || !strings.Contains(explain(err), "/services/0/slug") {
		t.Errorf("a wrong file: %v", err)
	}
}

func TestChangesAreShown(t *testing.T) {
	var out strings.Builder
	showChanges(&out, []catalog.ServiceChange{
		{Slug: "a", Title: i18n.Text{EN: "A"}, New: true}, {Slug: "b", Title: i18n.Text{EN: "B"}, Retired: true, Changes: []catalog.Change{
			{Path: "/limits/1", Kind: catalog.Added, After: "EUR"}, {Path: "/limits/0", Kind: catalog.Removed, Before: "USD"},
			{Path: "/title/en", Kind: catalog.Changed, Before: "A", After: "B"}, {Path: "/groups/0", Kind: catalog.Moved, Before: "1", After: "2"},
		}},
	})
	want := `a (A, new)
b (B, retired, and stays so)
  + /limits/1: EUR
  - /limits/0: USD
  ~ /title/en: A → B
  ↕ /groups/0: 1 → 2
`
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}
