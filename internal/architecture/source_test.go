package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

const module = "pishkhan/"

// source is one Go file of the product; tests and what tools generate for
// sqlc are left out.
type source struct {
	name    string // internal/queue/claim.go
	pkg     string // internal/queue
	imports []string
	syntax  *ast.File
}

// product is the repository.
var product = os.DirFS("../..")

func sources(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var found []source
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && foreign(name):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		code, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, code, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found = append(found, source{name, path.Dir(name), imports(syntax), syntax})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// foreign tells the folders that hold no code of the product's own.
func foreign(dir string) bool {
	base := path.Base(dir)
	return base == "node_modules" || base == "testdata" || base == "sqlq" ||
		dir != "." && strings.HasPrefix(base, ".") || dir == "internal/tools" || dir == "internal/architecture"
}

func imports(file *ast.File) []string {
	var paths []string
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}
