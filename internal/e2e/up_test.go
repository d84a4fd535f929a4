package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/devdb"
)

// program is the binary under test.
var program string

func TestMain(m *testing.M) { os.Exit(testAll(m)) }

func testAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pishkhan-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "pishkhan")
	if out, err := exec.Command("go", "build", "-o", program, "pishkhan/cmd/pishkhan").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// installation is a running `pishkhan up`.
type installation struct {
	t         *testing.T
	dir       string
	env       []string
	base      string
	passwords map[string]string // by e-mail address
	process   *exec.Cmd
	lines     chan string
	log       strings.Builder
}

// up starts an installation in a folder of its own, and takes it down at the
// test's end.
func up(t *testing.T, env ...string) *installation {
	t.Helper()
	dir, err := os.MkdirTemp("", "pishkhan-e2e-data-")
	if err != nil {
		t.Fatal(err)
	}
	i := &installation{t: t, dir: dir, env: env}
	t.Cleanup(func() {
		i.stop()
		if err := devdb.Remove(dir); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the program said:\n%s", i.log.String())
		}
	})
	i.start()
	return i
}

var (
	address  = regexp.MustCompile(`^\s*shop\s+(http://\S+)/$`)
	password = regexp.MustCompile(`^\s*(\S+@demo\.test)\s+(\S+)\s+\S+$`)
)

// start runs the program and reads its addresses and sign-ins.
func (i *installation) start() {
	i.t.Helper()
	i.process = exec.Command(program, "up", "--data", i.dir, "--addr", "127.0.0.1:0")
	i.process.Env = append(os.Environ(), append([]string{"DATABASE_URL=", "PISHKHAN_BASE_URL="}, i.env...)...)
	out, err := i.process.StdoutPipe()
	if err != nil {
		i.t.Fatal(err)
	}
	i.process.Stderr = i.process.Stdout
	if err := i.process.Start(); err != nil {
		i.t.Fatal(err)
	}
	i.lines = make(chan string, 1000)
	go func() {
		defer close(i.lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			i.lines <- scanner.Text()
		}
	}()
	i.passwords = map[string]string{}
	limit := time.After(2 * time.Minute)
	for {
		select {
		case line, open := <-i.lines:
			if !open {
				i.t.Fatalf("the program ended:\n%s", i.log.String())
			}
			i.log.WriteString(line + "\n")
			if found := address.FindStringSubmatch(line); found != nil {
				i.base = found[1]
			}
			if found := password.FindStringSubmatch(line); found != nil {
				i.passwords[found[1]] = found[2]
			}
			if strings.HasPrefix(line, "Ctrl-C") {
				return
			}
		case <-limit:
			i.t.Fatalf("the program does not come up:\n%s", i.log.String())
		}
	}
}

// stop ends the program in order.
func (i *installation) stop() { i.end(syscall.SIGTERM) }

// kill ends the program as a power cut does.
func (i *installation) kill() { i.end(syscall.SIGKILL) }

func (i *installation) end(signal syscall.Signal) {
	if i.process == nil {
		return
	}
	if err := i.process.Process.Signal(signal); err != nil {
		i.t.Errorf("end the program: %v", err)
	}
	for line := range i.lines {
		i.log.WriteString(line + "\n")
	}
	err := i.process.Wait()
	if signal == syscall.SIGTERM && err != nil {
		i.t.Errorf("the program did not end in order: %v", err)
	}
	i.process = nil
}

// rows returns the first column of a query's answer.
func (i *installation) rows(sql string, args ...any) []string {
	i.t.Helper()
	url, err := devdb.URL(i.dir)
	if err != nil {
		i.t.Fatal(err)
	}
	conn, err := pgx.Connect(i.t.Context(), url)
	if err != nil {
		i.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	found, err := conn.Query(i.t.Context(), sql, args...)
	if err != nil {
		i.t.Fatal(err)
	}
	texts, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		i.t.Fatalf("%s: %v", sql, err)
	}
	return texts
}
