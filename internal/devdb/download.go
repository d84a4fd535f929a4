package devdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	embedded "github.com/fergusstrange/embedded-postgres"
)

// repository is where the embedded-postgres module downloads from. Tests put
// another in its place.
var repository = ""

var releases = map[int]embedded.PostgresVersion{
	15: embedded.V15, 16: embedded.V16, 17: embedded.V17, 18: embedded.V18,
}

// download fetches Postgres's programs with the embedded-postgres module, or
// returns those fetched before. major 0 means the newest.
func download(ctx context.Context, major int, user account, log io.Writer) (binaries, error) {
	if major == 0 {
		major = 18
	}
	release, ok := releases[major]
	if !ok {
		return binaries{}, fmt.Errorf("Postgres %d cannot be downloaded", major)
	}
	cache := cacheDir()
	installed := filepath.Join(cache, "postgres-"+string(release))
	if bin, err := inspect(ctx, filepath.Join(installed, "bin")); err == nil {
		return bin, nil
	}
	fmt.Fprintf(log, "downloading Postgres %s to %s\n", release, installed)
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return binaries{}, err
	}
	work, err := os.MkdirTemp(cache, "download-")
	if err != nil {
		return binaries{}, err
	}
	defer os.RemoveAll(work)
	unpacked := filepath.Join(work, "postgres")
	failure := unpack(ctx, release, work, unpacked)
	if _, err := inspect(ctx, filepath.Join(unpacked, "bin")); err != nil {
		return binaries{}, fmt.Errorf("download Postgres: %w", errors.Join(failure, err))
	}
	// Moved into place whole, so that two downloads do not mix.
	if err := os.Rename(unpacked, installed); err != nil && !errors.Is(err, os.ErrExist) {
		return binaries{}, fmt.Errorf("download Postgres: %w", err)
	}
	if err := user.mustReach(filepath.Join(installed, "bin")); err != nil {
		return binaries{}, err
	}
	return inspect(ctx, filepath.Join(installed, "bin"))
}

// unpack has the module download a release into a folder. The module can
// only start a server, not just fetch it, so it is given a data folder that
// passes for one and holds no configuration: it fetches, tries, fails. The
// failure it returns says why nothing was fetched, when nothing was.
func unpack(ctx context.Context, release embedded.PostgresVersion, work, into string) error {
	data := filepath.Join(work, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(release[:2]), 0o600); err != nil {
		return err
	}
	config := embedded.DefaultConfig().Version(release).Port(0).Logger(io.Discard).
		CachePath(filepath.Join(work, "archive")).RuntimePath(filepath.Join(work, "runtime")).
		DataPath(data).BinariesPath(into)
	if repository != "" {
		config = config.BinaryRepositoryURL(repository)
	}
	done := make(chan error, 1)
	go func() { done <- embedded.NewDatabase(config).Start() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done(): // the module does not stop; the process will
		return ctx.Err()
	}
}

// cacheDir returns where downloads are kept: this user's cache or, as root, a
// folder that an unprivileged Postgres can reach. Tests put another in its place.
var cacheDir = func() string {
	if os.Geteuid() == 0 {
		return "/var/cache/pishkhan"
	}
	if cache, err := os.UserCacheDir(); err == nil {
		return filepath.Join(cache, "pishkhan")
	}
	return fmt.Sprintf("/var/tmp/pishkhan-cache-%d", os.Geteuid())
}
