package devdb

import (
	_ "embed"
	"os"
	"path/filepath"
	"strings"
)

//go:embed watchdog.sh
var watchdogScript string

// superuser is the role that owns everything. Entering the socket's folder is
// the proof of identity, so it has no password.
const superuser = "postgres"

// watchdog returns the arguments of the shell that runs the watchdog.
func (s *Server) watchdog(bin binaries, fast bool) []string {
	signal, remove := "INT", "" // a fast shutdown: sessions are ended, data is written
	if s.temporary {
		signal, remove = "QUIT", string(s.home) // an immediate one: nothing is kept
	}
	var socket string
	if s.socket != string(s.home) {
		socket = s.socket
	}
	var nosync string
	if fast {
		nosync = "--no-sync"
	}
	args := []string{"-c", watchdogScript, "pishkhan-watchdog", bin.dir, s.home.data(), signal, remove, socket, nosync}
	for _, setting := range s.settings(fast) {
		args = append(args, "-c", setting)
	}
	return args
}

func (s *Server) settings(fast bool) []string {
	settings := []string{
		"listen_addresses=",
		"port=" + port,
		"unix_socket_directories=" + quoteFolder(s.socket),
		"unix_socket_permissions=0700",
		"max_connections=200",
		"timezone=UTC",
		"log_timezone=UTC",
		"jit=off",                   // it pays only for queries that this product does not have
		"log_error_verbosity=terse", // the details of an error hold customers' data
	}
	if fast {
		return append(settings,
			"fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0",
			"shared_buffers=32MB", "autovacuum=off")
	}
	return settings
}

// quoteFolder quotes a folder for a setting that is a list of folders.
func quoteFolder(folder string) string {
	return `"` + strings.ReplaceAll(folder, `"`, `""`) + `"`
}

// cleanEnvironment keeps out what would steer Postgres elsewhere (PGDATA,
// PGPORT, a locale that the machine does not have …).
func cleanEnvironment() []string {
	return []string{"PATH=" + os.Getenv("PATH") + string(filepath.ListSeparator) + "/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
}
