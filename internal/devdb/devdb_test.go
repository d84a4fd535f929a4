package devdb_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/devdb"
)

// TestMain runs either the tests or, started again by one of them, an owner
// that starts a cluster, says where, and waits to be killed.
func TestMain(m *testing.M) {
	if os.Getenv("DEVDB_OWNER") == "" {
		os.Exit(m.Run())
	}
	options := devdb.Options{Dir: os.Getenv("DEVDB_DIR"), Fast: os.Getenv("DEVDB_SAFE") == "", Log: os.Stderr}
	server, err := devdb.Start(context.Background(), options)
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(server.URL(devdb.Database))
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := server.Stop(); err != nil {
		os.Exit(1)
	}
}

// dataDir returns a data folder for one test. t.TempDir's parent is closed to
// the user that Postgres runs as under root.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pishkhan-devdb-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func start(t *testing.T, dir string) *devdb.Server {
	t.Helper()
	server, err := devdb.Start(t.Context(), devdb.Options{Dir: dir, Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// owner is another process that runs a cluster.
type owner struct {
	cmd  *exec.Cmd
	quit io.Closer // ends it in order
	url  string
}

func startOwner(t *testing.T, dir string, env ...string) owner {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), "DEVDB_OWNER=1", "DEVDB_DIR="+dir), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // as a terminal would group it
	quit, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.HasPrefix(line, "failed") {
		t.Fatalf("owner: %s %v", line, err)
	}
	return owner{cmd: cmd, quit: quit, url: strings.TrimSpace(line)}
}

// ask runs a query that returns one text.
func ask(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

// eventually waits for what another process is about to do.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestRestartKeepsData(t *testing.T) {
	dir := dataDir(t)
	first := start(t, dir)
	ask(t, first.URL(devdb.Database), "CREATE TABLE kept AS SELECT 'سلام'::text AS word")
	if got, err := devdb.URL(dir); err != nil || got != first.URL(devdb.Database) {
		t.Errorf("URL = %q, %v, want %q", got, err, first.URL(devdb.Database))
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := devdb.URL(dir); !errors.Is(err, devdb.ErrStopped) {
		t.Errorf("URL of a stopped cluster: %v, want ErrStopped", err)
	}
	second := start(t, dir)
	if got := ask(t, second.URL(devdb.Database), "SELECT word FROM kept"); got != "سلام" {
		t.Errorf("after a restart: %q", got)
	}
}

func TestClusterIsFitForUse(t *testing.T) {
	url := start(t, dataDir(t)).URL(devdb.Database)
	for sql, want := range map[string]string{
		"SHOW server_encoding":       "UTF8",
		"SHOW data_checksums":        "on",
		"SHOW timezone":              "UTC",
		"SHOW listen_addresses":      "",
		"SHOW max_connections":       "200",
		"SELECT ('ب' ~ '\\w')::text": "true", // Persian letters are letters
		"SELECT (count(*) > 0)::text FROM pg_stat_activity WHERE usename = 'postgres'": "true",
	} {
		if got := ask(t, url, sql); got != want {
			t.Errorf("%s = %q, want %q", sql, got, want)
		}
	}
}

func TestOneOwnerADataFolder(t *testing.T) {
	dir := dataDir(t)
	owner := startOwner(t, dir)
	if _, err := devdb.Start(t.Context(), devdb.Options{Dir: dir}); !errors.Is(err, devdb.ErrRunning) {
		t.Fatalf("second start: %v, want ErrRunning", err)
	}
	if got, err := devdb.URL(dir); err != nil || got != owner.url {
		t.Errorf("URL = %q, %v, want %q", got, err, owner.url)
	}
	ask(t, owner.url, "SELECT 'still there'")
}

func TestTwoSideBySide(t *testing.T) {
	one, two := start(t, dataDir(t)), start(t, dataDir(t))
	ask(t, one.URL(devdb.Database), "CREATE TABLE mine AS SELECT 1")
	if got := ask(t, two.URL(devdb.Database), "SELECT coalesce(to_regclass('mine')::text, 'none')"); got != "none" {
		t.Errorf("a table of the first cluster in the second: %q", got)
	}
}

func TestOwnerKilled(t *testing.T) {
	dir := dataDir(t)
	owner := startOwner(t, dir)
	ask(t, owner.url, "CREATE TABLE kept AS SELECT 'yes'::text AS word")
	kill(t, owner.cmd.Process.Pid)

	// At once: it waits for the watchdog, which is stopping the old one.
	again := start(t, dir)
	if got := ask(t, again.URL(devdb.Database), "SELECT word FROM kept"); got != "yes" {
		t.Errorf("after kill -9 of the owner: %q", got)
	}
}

func TestOwnerKilledWhileStarting(t *testing.T) {
	dir := dataDir(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DEVDB_OWNER=1", "DEVDB_DIR="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the cluster is being made", func() bool {
		_, err := os.Stat(filepath.Join(dir, "postgres", "data.new"))
		return err == nil
	})
	kill(t, cmd.Process.Pid)
	_ = cmd.Wait()
	ask(t, start(t, dir).URL(devdb.Database), "SELECT 'works'")
}

func TestOwnerAndWatchdogKilled(t *testing.T) {
	dir := dataDir(t)
	owner := startOwner(t, dir)
	for _, pid := range watchdogs(t, filepath.Join(dir, "postgres")) {
		kill(t, pid)
	}
	kill(t, owner.cmd.Process.Pid)
	ask(t, start(t, dir).URL(devdb.Database), "SELECT 'works'")
}

func TestPostgresKilled(t *testing.T) {
	dir := dataDir(t)
	owner := startOwner(t, dir, "DEVDB_SAFE=1") // what was committed must be there
	ask(t, owner.url, "CREATE TABLE kept AS SELECT 'yes'::text AS word")
	kill(t, postmaster(t, dir)) // leaves a stale postmaster.pid
	kill(t, owner.cmd.Process.Pid)
	if got := ask(t, start(t, dir).URL(devdb.Database), "SELECT word FROM kept"); got != "yes" {
		t.Errorf("after kill -9 of Postgres: %q", got)
	}
}

func TestStaleNoteOfALivingProcess(t *testing.T) {
	dir := dataDir(t)
	if err := start(t, dir).Stop(); err != nil {
		t.Fatal(err)
	}
	// The number of a dead Postgres may by now be anybody's.
	sleeper := exec.Command("sleep", "600")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	note := fmt.Sprintf("%d\n%s/postgres/data\n0\n5432\n%s/postgres\n\n", sleeper.Process.Pid, dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"), []byte(note), 0o644); err != nil {
		t.Fatal(err)
	}
	ask(t, start(t, dir).URL(devdb.Database), "SELECT 'works'")
	if err := sleeper.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the stranger was harmed: %v", err)
	}
}

func TestTemporaryLeavesNothing(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		server := start(t, "")
		folder := folderOf(t, server.URL("postgres"))
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", folder, err)
		}
	})
	t.Run("killed", func(t *testing.T) {
		owner := startOwner(t, "")
		folder := folderOf(t, owner.url)
		pid := postmaster(t, filepath.Dir(folder), filepath.Base(folder))
		kill(t, owner.cmd.Process.Pid)
		eventually(t, "the folder is gone", func() bool {
			_, err := os.Stat(folder)
			return errors.Is(err, os.ErrNotExist)
		})
		eventually(t, "Postgres is gone", func() bool { return !alive(pid) })
	})
}

func TestCtrlCIsForTheOwner(t *testing.T) {
	owner := startOwner(t, dataDir(t))
	pid := postmaster(t, filepath.Dir(folderOf(t, owner.url)))
	if group, err := syscall.Getpgid(pid); err != nil || group == owner.cmd.Process.Pid {
		t.Errorf("Postgres is in the group of its owner: %d, %v", group, err)
	}
	if err := owner.quit.Close(); err != nil {
		t.Fatal(err)
	}
	if err := owner.cmd.Wait(); err != nil {
		t.Errorf("the owner's stop: %v", err)
	}
	if alive(pid) {
		t.Error("Postgres outlived its owner's stop")
	}
}

func TestLongPathsAndEmptyHome(t *testing.T) {
	dir := filepath.Join(dataDir(t), strings.Repeat("long folder, \"quoted\" ", 6))
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // for the user that root runs Postgres as
		t.Fatal(err)
	}
	owner := startOwner(t, dir, "HOME=", "PGPORT=1", "PGDATA=/nowhere", "LC_ALL=xx_XX.UTF-8")
	folder := folderOf(t, owner.url)
	if strings.HasPrefix(folder, dir) {
		t.Errorf("socket in %s, too long for one", folder)
	}
	ask(t, owner.url, "SELECT 'works'")
	if got, err := devdb.URL(dir); err != nil || got != owner.url {
		t.Errorf("URL = %q, %v, want %q", got, err, owner.url)
	}
	kill(t, owner.cmd.Process.Pid)
	eventually(t, "the socket's folder is gone", func() bool {
		_, err := os.Stat(folder)
		return errors.Is(err, os.ErrNotExist)
	})
	start(t, dir) // waits until the old one is gone, before the folder goes
}

// Root may keep the data folder where nobody else gets to: the cluster is put
// elsewhere, found again from the data folder, and removed with it.
func TestDataFolderBelowAClosedOne(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root runs Postgres as somebody else")
	}
	closed := dataDir(t) // 0700
	if err := os.WriteFile(filepath.Join(closed, "something"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	t.Cleanup(func() {
		if err := devdb.Remove(dir); err != nil {
			t.Error(err)
		}
	})
	first, err := devdb.Start(t.Context(), devdb.Options{Dir: dir, Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	cluster, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	ask(t, first.URL(devdb.Database), "CREATE TABLE kept AS SELECT 'works' AS x")
	if url, err := devdb.URL(dir); err != nil || url != first.URL(devdb.Database) {
		t.Errorf("URL = %q, %v", url, err)
	}
	if err := devdb.Remove(dir); !errors.Is(err, devdb.ErrRunning) {
		t.Errorf("removing a running cluster: %v", err)
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second := start(t, dir)
	if got := ask(t, second.URL(devdb.Database), "SELECT x FROM kept"); got != "works" {
		t.Errorf("kept %q", got)
	}
	if err := second.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := devdb.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(cluster); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the cluster in %s is still there: %v", cluster, err)
	}
}

func TestCancelledStart(t *testing.T) {
	dir := dataDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := devdb.Start(ctx, devdb.Options{Dir: dir, Fast: true}); err == nil {
		t.Fatal("a start that was called off succeeded")
	}
	ask(t, start(t, dir).URL(devdb.Database), "SELECT 'works'")
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill %d: %v", pid, err)
	}
}
