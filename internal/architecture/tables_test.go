package architecture

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// writers are the packages that may write at all.
const writers = "rooms audit seal"

// TestOneRoomWritesEachTable: who reads a table's code finds all its writers
// in one folder.
func TestOneRoomWritesEachTable(t *testing.T) {
	for _, wrong := range wrongWriters(t, product) {
		t.Error(wrong)
	}
}

func TestWrongWritersAreSeen(t *testing.T) {
	tree := fstest.MapFS{
		"migrations/1_desk.sql": {Data: []byte(`
			CREATE TABLE claims (id int); -- CREATE TABLE notes (id int)
			create table if not exists keysets (id int);
			CREATE TABLE orphans (id int);
			CREATE TABLE orders (id int);`)},
		"internal/queue/queue.sql": {Data: []byte(`
			-- name: Claim :one
			WITH free AS (SELECT id FROM orders FOR UPDATE OF orders SKIP LOCKED)
			INSERT INTO claims (id) SELECT id FROM free ON CONFLICT (id) DO UPDATE SET id = 1;
			-- name: Note :exec
			UPDATE orders AS o
			SET note = 'then delete from claims' WHERE o.id = $1;`)},
		"internal/orders/orders.sql":   {Data: []byte("DELETE FROM ONLY orders WHERE id = $1;")},
		"internal/board/board.sql":     {Data: []byte("insert into lists (id) values (1);")},
		"internal/seal/keys.go":        {Data: []byte("package seal; const q = `insert into keysets (id) values ($1)`")},
		"internal/seal/keys_test.go":   {Data: []byte("package seal; const q = `delete from orders`")},
		"internal/web/desk/release.go": {Data: []byte(`package desk; const q = "update claims set id = $1"`)},
	}
	got := wrongWriters(t, tree)
	want := []string{
		"claims is written by queue and web",
		"lists is written by board, and no migration makes it",
		"orders is written by orders and queue",
		"nobody writes orphans",
		"board may not write (lists)",
		"web may not write (claims)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("saw %q, want %q", got, want)
	}
}

// wrongWriters says which tables have not exactly one writer, and who writes
// that may not.
func wrongWriters(t *testing.T, tree fs.FS) []string {
	t.Helper()
	written := writes(t, tree)
	made := tables(t, tree)
	may := expand(writers)

	var wrong, forbidden []string
	all := maps.Clone(made)
	for table := range written {
		all[table] = true
	}
	for _, table := range slices.Sorted(maps.Keys(all)) {
		rooms := slices.Sorted(maps.Keys(written[table]))
		switch {
		case len(rooms) == 0:
			wrong = append(wrong, "nobody writes "+table)
		case !made[table]:
			wrong = append(wrong, fmt.Sprintf("%s is written by %s, and no migration makes it", table, strings.Join(rooms, " and ")))
		case len(rooms) > 1:
			wrong = append(wrong, fmt.Sprintf("%s is written by %s", table, strings.Join(rooms, " and ")))
		}
		for _, room := range rooms {
			if !slices.Contains(may, room) {
				forbidden = append(forbidden, fmt.Sprintf("%s may not write (%s)", room, table))
			}
		}
	}
	slices.Sort(forbidden)
	return append(wrong, forbidden...)
}

// set is a set of names.
type set map[string]bool

// writes is who writes each table: rooms by the SQL beside their code, and
// anybody by SQL within Go code.
func writes(t *testing.T, tree fs.FS) map[string]set {
	t.Helper()
	found := map[string]set{}
	note := func(dir, sql string) {
		for _, table := range targets(sql) {
			if found[table] == nil {
				found[table] = set{}
			}
			found[table][room(dir)] = true
		}
	}
	for _, name := range glob(t, tree, "internal/*/*.sql") {
		if path.Dir(name) != "internal/crowd" { // it makes up what a million orders would have left, in databases to throw away
			note(path.Dir(name), read(t, tree, name))
		}
	}
	for _, file := range sources(t, tree) {
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, _ := strconv.Unquote(literal.Value)
				note(file.pkg, text)
			}
			return true
		})
	}
	return found
}

// tables are the tables that the migrations make.
func tables(t *testing.T, tree fs.FS) set {
	t.Helper()
	made := set{}
	for _, name := range glob(t, tree, "migrations/*.sql") {
		for _, match := range creation.FindAllStringSubmatch(bare(read(t, tree, name)), -1) {
			made[strings.ToLower(match[1])] = true
		}
	}
	return made
}

var (
	creation = regexp.MustCompile(`(?i)\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([a-z_]\w*)`)
	comment  = regexp.MustCompile(`--[^\n]*|(?s:/\*.*?\*/)`)
	quoted   = regexp.MustCompile(`'[^']*'`)
	changes  = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(?:insert|merge)\s+into\s+([a-z_]\w*)`),
		regexp.MustCompile(`(?i)\bdelete\s+from\s+(?:only\s+)?([a-z_]\w*)`),
		regexp.MustCompile(`(?i)\bupdate\s+(?:only\s+)?([a-z_]\w*)(?:\s+as)?(?:\s+[a-z_]\w*)?\s+set\b`),
		regexp.MustCompile(`(?i)\btruncate\s+(?:table\s+)?([a-z_]\w*)(?:[\s;,]|$)`), // not the style "truncate max-w-40"
	}
)

// targets are the tables that the statements change.
func targets(sql string) []string {
	var names []string
	for _, change := range changes {
		for _, match := range change.FindAllStringSubmatch(bare(sql), -1) {
			names = append(names, strings.ToLower(match[1]))
		}
	}
	return names
}

// bare is SQL without comments and quoted text.
func bare(sql string) string { return quoted.ReplaceAllString(comment.ReplaceAllString(sql, ""), "''") }

// room is the room that a folder belongs to: an adapter to its port's.
func room(dir string) string {
	first, _, _ := strings.Cut(word(dir), "/")
	return first
}

func glob(t *testing.T, tree fs.FS, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(tree, pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return names
}

func read(t *testing.T, tree fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
