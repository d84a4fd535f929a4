package i18n

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// keyInCode finds the keys that are written out in code: T(…, "key"),
// Key("key"), the key of a fault, and that of a wrong field.
var keyInCode = []*regexp.Regexp{
	regexp.MustCompile(`\bT\((?:[\w.()]+, *)?"([a-z]\w*(?:\.[\w-]+)+)" *[,)]`),
	regexp.MustCompile(`\bi18n\.Key\("([^"]+)"\)`),
	regexp.MustCompile(`\bfault\.New\(fault\.\w+,\s*"([^"]+)" *[,)]`),
	regexp.MustCompile(`\.Add\("[^"]*", *"([a-z]\w*(?:\.[\w-]+)+)" *[,)]`),
}

// TestEveryKeyInCodeHasWords reads the sources of the product. Keys that
// are put together at run time are left to the tests of who does so.
func TestEveryKeyInCodeHasWords(t *testing.T) {
	for name, code := range sources(t) {
		for _, key := range keysIn(code) {
			if !FA.Has(key) || !EN.Has(key) {
				t.Errorf("%s: no words for %s", name, key)
			}
		}
	}
}

func TestKeysAreFoundInCode(t *testing.T) {
	code := `
		i18n.T(ctx, "desk.title") i18n.T(c.UserContext(), "desk.n", "n", 3) l.T("desk.alone")
		fault.New(fault.Conflict, "queue.error.taken", "by", name) fields.Add("amount", "money.error.zero")
		i18n.Key("order.state.paid")
		i18n.T(ctx, "order.state."+state) set.Add("a.name", 3) i18n.T(ctx, key)`
	want := []string{
		"desk.alone", "desk.n", "desk.title", "money.error.zero", "order.state.paid", "queue.error.taken",
	}
	if got := keysIn(code); !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func keysIn(code string) []string {
	var keys []string
	for _, expression := range keyInCode {
		for _, match := range expression.FindAllStringSubmatch(code, -1) {
			keys = append(keys, match[1])
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// sources are the texts of the product's own Go and templ files, by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	product := os.DirFS("../..")
	for _, folder := range []string{"cmd", "internal", "views"} {
		err := fs.WalkDir(product, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !isSource(name) {
				return err
			}
			code, err := fs.ReadFile(product, name)
			texts[name] = string(code)
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return texts
}

func isSource(name string) bool {
	return strings.HasSuffix(name, ".templ") ||
		strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go")
}
