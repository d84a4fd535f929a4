package devdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrRunning is returned when another process runs the cluster already.
var ErrRunning = errors.New("already running for this data folder")

// ErrStopped is returned by URL when no cluster runs in the data folder.
var ErrStopped = errors.New("no Postgres runs for this data folder: start it with `pishkhan up`, or set DATABASE_URL")

// home is the folder of one cluster, which belongs to the cluster's user.
type home string

func (h home) path(name string) string { return filepath.Join(string(h), name) }
func (h home) data() string            { return h.path("data") }
func (h home) ownerLock() string       { return h.path("owner.lock") }
func (h home) serverLock() string      { return h.path("server.lock") }
func (h home) log() string             { return h.path("postgres.log") }

// homeOf returns the folder of the cluster of a data folder: "postgres" in it,
// or what that links to.
func homeOf(dir string) home {
	path := filepath.Join(dir, "postgres")
	if target, err := os.Readlink(path); err == nil && filepath.IsAbs(target) {
		return home(target)
	}
	return home(path)
}

// URL returns the address of the product's database in the cluster that
// another process runs for the data folder dir, or ErrStopped.
func URL(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("data folder %s: %w", dir, err)
	}
	h := homeOf(dir)
	lock, err := tryLock(h.serverLock())
	if err == nil {
		lock.Close()
	}
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s: %w", dir, ErrStopped)
	}
	if !errors.Is(err, ErrRunning) {
		return "", err
	}
	running, err := h.postmaster()
	if err != nil {
		return "", fmt.Errorf("%s: %w", dir, ErrStopped) // it is only now starting
	}
	return socketURL(running.socket, Database), nil
}

// version returns the major version of the cluster's data, 0 when there is none.
func (h home) version() int {
	text, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	major, _ := strconv.Atoi(strings.TrimSpace(string(text))) // 0 for what is no version
	return major
}

func (h home) createLocks(user account) error {
	for _, path := range []string{h.ownerLock(), h.serverLock()} {
		file, err := user.create(path)
		if err != nil {
			return err
		}
		file.Close()
	}
	return nil
}

// tryLock locks a file for as long as it, or a copy that a child inherits, is
// open. It returns ErrRunning when another process has the lock.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrRunning
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return file, nil
}

// claim makes us the cluster's owner. It asks for half a second, since an
// owner that was just killed may take a moment to be gone.
func (h home) claim() (*os.File, error) {
	for tries := 0; ; tries++ {
		lock, err := tryLock(h.ownerLock())
		if tries == 10 || !errors.Is(err, ErrRunning) {
			return lock, err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// patience is how long a watchdog gets before we stop its Postgres ourselves.
const patience = 2 * time.Second

// awaitServerLock takes the lock that every process of a cluster holds. When
// its owner was killed, the watchdog is stopping Postgres just now; when the
// watchdog was killed as well, Postgres is told to stop here.
func (h home) awaitServerLock(ctx context.Context, log io.Writer) (*os.File, error) {
	for began, told := time.Duration(0), false; ; began += 50 * time.Millisecond {
		lock, err := tryLock(h.serverLock())
		if err == nil {
			// Nobody of the old cluster lives: its note would only mislead the next.
			if err := os.Remove(h.pidFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
				lock.Close()
				return nil, err
			}
			return lock, nil
		}
		if !errors.Is(err, ErrRunning) {
			return nil, err
		}
		if began == 0 {
			fmt.Fprintln(log, "waiting for the former Postgres to stop")
		}
		if began >= patience && !told {
			told = h.interrupt()
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the former Postgres does not stop: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// interrupt tells a Postgres without a watchdog to stop. Its socket answers,
// so the number in its note is still its own.
func (h home) interrupt() bool {
	running, err := h.postmaster()
	if err != nil {
		return false
	}
	conn, err := net.Dial("unix", filepath.Join(running.socket, ".s.PGSQL."+port))
	if err != nil {
		return false
	}
	conn.Close()
	return syscall.Kill(running.pid, syscall.SIGINT) == nil
}

func (h home) pidFile() string { return filepath.Join(h.data(), "postmaster.pid") }

// postmaster is what a running Postgres notes about itself.
type postmaster struct {
	pid    int
	socket string
}

// postmaster reads the note, whose lines are listed in Postgres's
// src/include/utils/pidfile.h.
func (h home) postmaster() (postmaster, error) {
	text, err := os.ReadFile(h.pidFile())
	if err != nil {
		return postmaster{}, err
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 6 || lines[4] == "" {
		return postmaster{}, errors.New("Postgres is only now starting")
	}
	pid, err := strconv.Atoi(lines[0])
	if err != nil || pid <= 1 {
		return postmaster{}, fmt.Errorf("%s names no process", h.pidFile())
	}
	return postmaster{pid: pid, socket: lines[4]}, nil
}

// openLog begins a new log, and keeps the one before.
func (h home) openLog(user account) (*os.File, error) {
	if err := os.Rename(h.log(), h.log()+".1"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return user.create(h.log())
}

// logTail returns the last lines of the log.
func (h home) logTail() string {
	text, err := os.ReadFile(h.log())
	if err != nil {
		return ""
	}
	return string(text[max(0, len(text)-2000):])
}
