package architecture

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// homes says which packages alone may use a library: a path names a package
// and those below it, and jobs.go that file of any room.
var homes = map[string]string{
	"github.com/gofiber/fiber":                   "web cmd",
	"github.com/casbin/casbin":                   "access",
	"github.com/tink-crypto/tink-go":             "seal",
	"github.com/pressly/goose":                   "db",
	"github.com/riverqueue/river":                "jobs.go notify checkout bulk club deadlines pricing webhooks house jobs",
	"github.com/riverqueue/river/rivermigrate":   "db",
	"github.com/riverqueue/river/riverdriver":    "db notify checkout bulk club deadlines pricing webhooks house jobs",
	"github.com/wneessen/go-mail":                "notify/email",
	"github.com/yaa110/go-persian-calendar":      "jalali sla",
	"github.com/fergusstrange/embedded-postgres": "devdb",
	"github.com/caarlos0/env":                    "config",
	"github.com/alecthomas/kong":                 "cmd",
	"github.com/danielgtaylor/huma":              "web/api",
	"github.com/xuri/excelize":                   "bulk spreadsheet", // bulk reads what customers fill in; spreadsheet writes what staff take away
	"github.com/arran4/golang-ical":              "sla",
	"github.com/theory/jsonpath":                 "pricing",
	"github.com/a-h/templ":                       "views web jobs",

	// Pages take no database. Handlers call verbs, which open the transaction;
	// the desk alone opens one, to show an identity case on the record.
	"github.com/jackc/pgx": "ground rooms board live devdb house jobs sample crowd testworld cmd",

	// For tests alone.
	"github.com/chromedp":            "",
	"github.com/PuerkitoBio/goquery": "",
	"github.com/emersion":            "",
	"github.com/google/go-cmp":       "",
	"pgregory.net/rapid":             "",
	"github.com/santhosh-tekuri":     "",
	"testing":                        "db/dbtest i18n/i18ntest testworld",
}

func TestLibrariesStayAtHome(t *testing.T) {
	for _, wrong := range strayLibraries(sources(t, product)) {
		t.Error(wrong)
	}
}

func TestStrayLibrariesAreSeen(t *testing.T) {
	tree := fstest.MapFS{
		"internal/carts/jobs.go":     {Data: []byte(`package carts; import "github.com/riverqueue/river"`)},
		"internal/db/migrate.go":     {Data: []byte(`package db; import "github.com/riverqueue/river/rivermigrate"`)},
		"internal/queue/claim.go":    {Data: []byte(`package queue; import "github.com/riverqueue/river"`)},
		"internal/staff/password.go": {Data: []byte(`package staff; import "github.com/tink-crypto/tink-go/v2/aead"`)},
		"internal/web/desk/queue.go": {Data: []byte(`package desk; import "github.com/gofiber/fiber/v2"`)},
		"internal/webhook/in.go":     {Data: []byte(`package webhook; import "github.com/gofiber/fiber/v2"`)},
		"views/desk/queue.go":        {Data: []byte(`package desk; import ("testing/fstest"; "github.com/jackc/pgx/v5/pgxpool")`)},
	}
	got := strayLibraries(sources(t, tree))
	want := []string{
		"internal/queue/claim.go: github.com/riverqueue/river is for jobs.go notify checkout bulk club deadlines pricing webhooks house jobs",
		"internal/staff/password.go: github.com/tink-crypto/tink-go/v2/aead is for seal",
		"internal/webhook/in.go: github.com/gofiber/fiber/v2 is for web cmd",
		"views/desk/queue.go: testing/fstest is for db/dbtest i18n/i18ntest testworld",
		"views/desk/queue.go: github.com/jackc/pgx/v5/pgxpool is for " + homes["github.com/jackc/pgx"],
	}
	if !slices.Equal(got, want) {
		t.Errorf("saw %q, want %q", got, want)
	}
}

func strayLibraries(files []source) []string {
	var wrong []string
	for _, file := range files {
		for _, imported := range file.imports {
			library := closest(imported)
			if library == "" {
				continue
			}
			atHome := slices.ContainsFunc(expand(homes[library]), func(home string) bool {
				return within(word(file.pkg), home) || home == path.Base(file.name)
			})
			if !atHome {
				wrong = append(wrong, fmt.Sprintf("%s: %s is for %s", file.name, imported, homes[library]))
			}
		}
	}
	return wrong
}

// closest is the longest path in homes that holds the import.
func closest(imported string) string {
	best := ""
	for library := range homes {
		if within(imported, library) && len(library) > len(best) {
			best = library
		}
	}
	return best
}

// within tells whether a path is dir or lies below it.
func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// TestOnlyTheClockReadsTheTime: everybody else is given a clock.Clock, which
// a test can hold still.
func TestOnlyTheClockReadsTheTime(t *testing.T) {
	for _, wrong := range timeReaders(sources(t, product)) {
		t.Error(wrong)
	}
}

func TestTimeReadersAreSeen(t *testing.T) {
	tree := fstest.MapFS{
		"internal/clock/clock.go": {Data: []byte(`package clock; import "time"; var now = time.Now`)},
		"internal/queue/claim.go": {Data: []byte(`package queue; import t "time"; func late(due t.Time) bool { return t.Since(due) > t.Hour }`)},
		"internal/sla/due.go":     {Data: []byte(`package sla; import "time"; const day = 24 * time.Hour`)},
	}
	got := timeReaders(sources(t, tree))
	if want := []string{"internal/queue/claim.go: time.Since"}; !slices.Equal(got, want) {
		t.Errorf("saw %q, want %q", got, want)
	}
}

func timeReaders(files []source) []string {
	var wrong []string
	for _, file := range files {
		if file.pkg == "internal/clock" {
			continue
		}
		local := localName(file.syntax, "time")
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				x, ok := s.X.(*ast.Ident)
				if ok && x.Name == local && slices.Contains([]string{"Now", "Since", "Until"}, s.Sel.Name) {
					wrong = append(wrong, fmt.Sprintf("%s: time.%s", file.name, s.Sel.Name))
				}
			}
			return true
		})
	}
	return wrong
}

// localName is what the file calls a package of the standard library, or
// nothing when it does not import it.
func localName(file *ast.File, imported string) string {
	for _, spec := range file.Imports {
		if spec.Path.Value != `"`+imported+`"` {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(imported)
	}
	return ""
}
