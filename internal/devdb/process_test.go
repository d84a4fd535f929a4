package devdb_test

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// folderOf returns the socket's folder that an address names.
func folderOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

// postmaster returns the process number of the Postgres in the cluster's
// folder under dir ("postgres" unless another name is given).
func postmaster(t *testing.T, dir string, name ...string) int {
	t.Helper()
	home := append(name, "postgres")[0]
	text, err := os.ReadFile(filepath.Join(dir, home, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// watchdogs returns the shells that watch the cluster in a folder.
func watchdogs(t *testing.T, home string) []int {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,args=").Output()
	if err != nil {
		t.Skip("no ps:", err)
	}
	var pids []int
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(line, "pishkhan-watchdog") || !strings.Contains(line, home+"/data") {
			continue
		}
		pid, err := strconv.Atoi(strings.Fields(line)[0])
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if len(pids) == 0 {
		t.Fatal("no watchdog found")
	}
	return pids
}

// alive reports whether a process runs; one that only waits to be collected
// by its parent does not.
func alive(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err != nil || !strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}
