// Package devdb runs a private Postgres: that of `pishkhan up`, and those of
// the tests. Production has its own, named by DATABASE_URL.
//
// The cluster listens on a Unix socket only, in a folder that nobody but its
// user and root may enter (0700). That needs no password and no free port,
// cannot be reached from a network, and lets clusters run side by side.
//
// Postgres runs under a watchdog, a few lines of shell that hold one end of a
// pipe whose other end is ours. When we close it, or die in whatever way, the
// watchdog stops Postgres: a normal stop and a kill -9 take the same path.
package devdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Database is the database that every cluster has for the product.
const Database = "pishkhan"

// port only names the socket's file; nothing listens on it.
const port = "5432"

// Options say where and how a cluster runs.
type Options struct {
	// Dir is the data folder; the cluster lives in its "postgres" folder and
	// keeps its data. Without Dir the cluster is temporary: its folder is made
	// now, and removed when it stops or when this process dies.
	Dir string
	// Fast gives up safety against a crash of the machine, for tests.
	Fast bool
	// Log receives a line for each step that takes time; nil for none.
	Log io.Writer
}

// Server is a running cluster. Stop it in the end.
type Server struct {
	home      home
	socket    string // the folder of the Unix socket
	temporary bool
	owner     *os.File // locked while we own the cluster
	leash     *os.File // closing it makes the watchdog stop Postgres
	ended     chan struct{}
	stop      func() error
}

// Start starts the cluster of a data folder, makes it first when there is
// none, and waits until it answers. It returns ErrRunning when another process
// runs it already, and waits for one that is still stopping.
//
// As root it runs Postgres as an unprivileged user, who must be able to reach
// the folder. Without a Postgres 15 or newer on the machine it downloads one,
// and says what to install when that fails.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	s := &Server{temporary: o.Dir == ""}
	user, err := s.settle(o)
	if err != nil {
		return nil, err
	}
	if err := s.start(ctx, o, user); err != nil {
		return nil, errors.Join(fmt.Errorf("start Postgres in %s: %w", s.home, err), s.abandon())
	}
	return s, nil
}

// settle chooses the cluster's user and prepares its folder.
func (s *Server) settle(o Options) (account, error) {
	if s.temporary {
		user, err := chooseAccount("")
		if err != nil {
			return user, err
		}
		s.home, err = temporaryHome(user)
		return user, err
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return account{}, fmt.Errorf("data folder %s: %w", o.Dir, err)
	}
	user, err := chooseAccount(dir)
	if err != nil {
		return user, err
	}
	s.home, err = prepareHome(dir, user)
	return user, err
}

func (s *Server) start(ctx context.Context, o Options, user account) error {
	var err error
	if s.owner, err = s.home.claim(); err != nil {
		return err
	}
	lock, err := s.home.awaitServerLock(ctx, o.Log)
	if err != nil {
		return err
	}
	defer lock.Close() // the watchdog and Postgres hold it from here on
	bin, err := findServer(ctx, s.home.version(), user, o.Log)
	if err != nil {
		return err
	}
	if s.socket, err = socketFolder(s.home, user); err != nil {
		return err
	}
	if s.home.version() == 0 {
		fmt.Fprintf(o.Log, "making a Postgres %d cluster in %s\n", bin.major, s.home)
	}
	fmt.Fprintf(o.Log, "starting Postgres %d from %s\n", bin.major, bin.dir)
	if err := s.launch(bin, user, lock, o.Fast); err != nil {
		return err
	}
	return s.ready(ctx)
}

// launch starts the watchdog, and with it Postgres.
func (s *Server) launch(bin binaries, user account, lock *os.File, fast bool) error {
	log, err := s.home.openLog(user)
	if err != nil {
		return err
	}
	defer log.Close()
	held, leash, err := os.Pipe()
	if err != nil {
		return err
	}
	defer held.Close()

	cmd := exec.Command("/bin/sh", s.watchdog(bin, fast)...)
	cmd.Dir = string(s.home)
	cmd.Env = cleanEnvironment()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = held, log, log
	cmd.ExtraFiles = []*os.File{lock}
	// A session of its own: Ctrl-C in the terminal is for us, who then stop
	// Postgres in order.
	cmd.SysProcAttr = user.attributes()
	cmd.SysProcAttr.Setsid = true
	if err := cmd.Start(); err != nil {
		leash.Close()
		return err
	}
	s.leash, s.ended = leash, make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in the log; that it ended is what counts
		close(s.ended)
	}()
	s.stop = sync.OnceValue(s.letGo)
	return nil
}

// readyTimeout leaves room for making the cluster on a slow machine, and for
// Postgres to recover after a crash.
const readyTimeout = 3 * time.Minute

// ready waits until Postgres answers, and makes the product's database.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			defer conn.Close(ctx)
			return createDatabase(ctx, conn)
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it ended at once:\n%s", s.home.logTail())
		case <-ctx.Done():
			return fmt.Errorf("it does not answer (%w): %w\n%s", ctx.Err(), err, s.home.logTail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func createDatabase(ctx context.Context, conn *pgx.Conn) error {
	var there bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", Database).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+Database)
	return err
}

// URL returns the address of one of the cluster's databases.
func (s *Server) URL(database string) string { return socketURL(s.socket, database) }

// Stop ends the cluster in order and waits for it; a temporary one is
// removed. Sessions still open are ended. Calling it again does nothing.
func (s *Server) Stop() error { return s.stop() }

func (s *Server) letGo() error {
	s.leash.Close()
	<-s.ended
	defer s.owner.Close()
	if s.temporary {
		// The watchdog has done so already, unless somebody killed it.
		return os.RemoveAll(string(s.home))
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	lock, err := s.home.awaitServerLock(ctx, io.Discard)
	if err != nil {
		return fmt.Errorf("stop Postgres in %s: %w", s.home, err)
	}
	return lock.Close()
}

// abandon undoes a start that failed half-way.
func (s *Server) abandon() error {
	if s.stop != nil {
		return s.stop()
	}
	if s.owner != nil {
		s.owner.Close()
	}
	if s.temporary {
		return os.RemoveAll(string(s.home))
	}
	return nil
}

func socketURL(socket, database string) string {
	return (&url.URL{
		Scheme: "postgres", Path: "/" + database,
		RawQuery: url.Values{"host": {socket}, "port": {port}, "user": {superuser}}.Encode(),
	}).String()
}
