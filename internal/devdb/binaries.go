package devdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the oldest major version of Postgres that will do.
const oldest = 15

// binaries are the programs of one Postgres installation.
type binaries struct {
	dir   string
	major int
}

// findServer returns the programs to run a cluster with: of exactly the major
// version of its data, or any that will do when major is 0. It downloads them
// when the machine has none.
func findServer(ctx context.Context, major int, user account, log io.Writer) (binaries, error) {
	installed := installations(ctx)
	if bin, ok := choose(installed, major); ok {
		return bin, nil
	}
	if err := ctx.Err(); err != nil { // which would have made us overlook some
		return binaries{}, err
	}
	bin, err := download(ctx, major, user, log)
	if err != nil {
		return binaries{}, errors.Join(missing(installed, major), err)
	}
	return bin, nil
}

func choose(installed []binaries, major int) (binaries, bool) {
	at := slices.IndexFunc(installed, func(b binaries) bool {
		return b.major >= oldest && (major == 0 || b.major == major)
	})
	if at < 0 {
		return binaries{}, false
	}
	return installed[at], true
}

// missing says what to install.
func missing(installed []binaries, major int) error {
	var b strings.Builder
	if major == 0 {
		fmt.Fprintf(&b, "no Postgres server %d or newer on this machine", oldest)
	} else {
		fmt.Fprintf(&b, "the data is of Postgres %d, which is not on this machine", major)
	}
	for _, bin := range installed {
		fmt.Fprintf(&b, "; %s has version %d", bin.dir, bin.major)
	}
	version := ""
	if major != 0 {
		version = strconv.Itoa(major)
	}
	fmt.Fprintf(&b, ". Install it (Debian, Ubuntu: `apt install postgresql%s`; Fedora: `dnf install postgresql%s-server`; macOS: `brew install postgresql@%d`), or set DATABASE_URL",
		strings.TrimSuffix("-"+version, "-"), version, max(major, 17))
	return errors.New(b.String())
}

// places are where packages put the server besides PATH.
var places = []string{
	"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
	"/usr/pgsql-*/bin",                  // postgresql.org's packages for Fedora and its kin
	"/usr/lib/postgresql*/bin",          // SUSE
	"/usr/libexec/postgresql*",          // Alpine
	"/opt/homebrew/opt/postgresql*/bin", // macOS, ARM
	"/usr/local/opt/postgresql*/bin",    // macOS, Intel
	"/home/linuxbrew/*/opt/postgresql*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// installations lists the servers of this machine: those on PATH first, as
// the user put them there, then the newest.
func installations(ctx context.Context) []binaries {
	var preferred, others []binaries
	seen := map[string]bool{}
	look := func(dir string) (binaries, bool) {
		dir, err := filepath.EvalSymlinks(dir)
		if err != nil || seen[dir] {
			return binaries{}, false
		}
		seen[dir] = true
		bin, err := inspect(ctx, dir)
		return bin, err == nil
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		// A link such as /usr/local/bin/postgres leads to the folder that
		// holds the rest of the installation.
		program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
		if err != nil || !filepath.IsAbs(program) {
			continue
		}
		if bin, ok := look(filepath.Dir(program)); ok {
			preferred = append(preferred, bin)
		}
	}
	for _, place := range places {
		found, _ := filepath.Glob(place) // fails on a bad pattern only
		for _, dir := range found {
			if bin, ok := look(dir); ok {
				others = append(others, bin)
			}
		}
	}
	slices.SortStableFunc(others, func(a, b binaries) int { return b.major - a.major })
	return append(preferred, others...)
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect returns the installation whose programs are in dir.
func inspect(ctx context.Context, dir string) (binaries, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return binaries{}, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return binaries{}, err
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return binaries{}, fmt.Errorf("%s/postgres --version says %q", dir, out)
	}
	major, err := strconv.Atoi(string(match[1]))
	return binaries{dir: dir, major: major}, err
}
