package db_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
)

func insert(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "INSERT INTO notes VALUES ('x')")
	return err
}

func TestInTx(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text)")
	wrong := errors.New("wrong")
	if err := db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(insert(ctx, tx), wrong)
	}); !errors.Is(err, wrong) || fault.Of(err) != nil {
		t.Errorf("InTx = %v, want the error of the function", err)
	}
	func() {
		defer func() {
			if recover() != "boom" {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
			if err := insert(ctx, tx); err != nil {
				t.Error(err)
			}
			panic("boom")
		})
	}()
	ctx, cancel := context.WithCancel(t.Context())
	if err := db.InTx(ctx, pool, func(ctx context.Context, tx pgx.Tx) error {
		defer cancel()
		return insert(ctx, tx)
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("InTx called off = %v", err)
	}
	if n := count(t, pool, "notes"); n != 0 {
		t.Errorf("%d rows of what was rolled back", n)
	}
	// Each of them gave its session back: a third would wait for ever.
	if got := pool.Stat().AcquiredConns(); got != 0 {
		t.Errorf("%d sessions kept", got)
	}
	if err := db.InTx(t.Context(), pool, insert); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, "notes"); n != 1 {
		t.Errorf("%d rows, want the one committed", n)
	}
}

func TestInTxRefusedCommit(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text UNIQUE DEFERRABLE INITIALLY DEFERRED)")
	exec(t, pool, "INSERT INTO notes VALUES ('x')")
	err := db.InTx(t.Context(), pool, insert)
	if errors.Is(err, db.ErrCommitUnknown) {
		t.Errorf("a refused commit is called unknown: %v", err)
	}
	if !fault.Is(db.Fault(err, nil), fault.Conflict) {
		t.Errorf("a deferred constraint became %v", err)
	}
	// An error that the function swallows still spoils the transaction.
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		_, _ = tx.Exec(ctx, "SELECT nonsense")
		return nil
	})
	if !errors.Is(err, pgx.ErrTxCommitRollback) {
		t.Errorf("a spoilt transaction: %v", err)
	}
}

func TestInTxManyAtTwoSessions(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text)")
	done := make(chan error)
	const many = 40
	for range many {
		go func() { done <- db.InTx(t.Context(), pool, insert) }()
	}
	for range many {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := count(t, pool, "notes"); n != many {
		t.Errorf("%d rows, want %d", n, many)
	}
}

func TestInTxDeadlock(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE seats (id int PRIMARY KEY, n int)")
	exec(t, pool, "INSERT INTO seats VALUES (1, 0), (2, 0)")
	first, second := make(chan struct{}), make(chan struct{})
	take := func(mine, theirs int, have, other chan struct{}) error {
		return db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "UPDATE seats SET n = n + 1 WHERE id = $1", mine); err != nil {
				return err
			}
			close(have)
			<-other
			_, err := tx.Exec(ctx, "UPDATE seats SET n = n + 1 WHERE id = $1", theirs)
			return err
		})
	}
	errs := make(chan error)
	go func() { errs <- take(1, 2, first, second) }()
	go func() { errs <- take(2, 1, second, first) }()
	one, two := <-errs, <-errs
	if one == nil {
		one, two = two, one
	}
	if two != nil || !fault.Is(one, fault.Unavailable) {
		t.Errorf("of two in a deadlock: %v and %v, want one Unavailable", one, two)
	}
}

// TestInTxUnknownCommit cuts the connection just when COMMIT is on its way:
// once before the server sees it, once after.
func TestInTxUnknownCommit(t *testing.T) {
	for name, arrives := range map[string]bool{"before the server": false, "after the server": true} {
		t.Run(name, func(t *testing.T) {
			direct := dbtest.EmptyURL(t)
			cut := newCutter(t, direct, arrives)
			pool, err := db.Open(t.Context(), cut.url)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			exec(t, pool, "CREATE TABLE notes (text text)")
			err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
				defer cut.armed.Store(true)
				return insert(ctx, tx)
			})
			if !errors.Is(err, db.ErrCommitUnknown) || !fault.Is(err, fault.Unavailable) {
				t.Errorf("InTx = %v, want an unknown outcome", err)
			}
		})
	}
}

func TestInTxNoDatabase(t *testing.T) {
	cut := newCutter(t, dbtest.EmptyURL(t), false)
	pool, err := db.Open(t.Context(), cut.url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	cut.close()
	err = db.InTx(t.Context(), pool, insert)
	if !fault.Is(err, fault.Unavailable) || errors.Is(err, db.ErrCommitUnknown) {
		t.Errorf("InTx without a database = %v, want Unavailable", err)
	}
}

// past is a deadline that ends a read at once.
var past = time.Unix(1, 0)

// cutter stands between pool and server, and cuts the connection at the first
// COMMIT after it is armed.
type cutter struct {
	url      string
	armed    atomic.Bool
	listener net.Listener
	target   string
	arrives  bool // the server still gets the COMMIT
	open     chan net.Conn
}

func newCutter(t *testing.T, address string, arrives bool) *cutter {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	host := query.Get("host")
	if !filepath.IsAbs(host) {
		t.Skip("needs a server on a Unix socket")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{listener: listener, target: filepath.Join(host, ".s.PGSQL."+query.Get("port")), arrives: arrives, open: make(chan net.Conn, 100)}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	query.Set("host", "127.0.0.1")
	query.Set("port", port)
	query.Set("sslmode", "disable")
	u.RawQuery = query.Encode()
	c.url = u.String()
	t.Cleanup(c.close)
	go c.serve()
	return c
}

func (c *cutter) serve() {
	for {
		client, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", c.target)
		if err != nil {
			client.Close()
			continue
		}
		c.open <- client
		c.open <- server
		go c.copy(client, server, true)
		go c.copy(server, client, false)
	}
}

func (c *cutter) copy(from, to net.Conn, fromClient bool) {
	defer from.Close()
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		commit := fromClient && c.armed.Load() && strings.Contains(string(buffer[:n]), "commit")
		if commit && !c.arrives {
			return
		}
		if commit {
			_ = to.(*net.UnixConn).SetReadDeadline(past) // the answer is lost
		}
		if _, err := to.Write(buffer[:n]); err != nil || commit {
			return
		}
	}
}

func (c *cutter) close() {
	c.listener.Close()
	for {
		select {
		case conn := <-c.open:
			conn.Close()
		default:
			return
		}
	}
}
