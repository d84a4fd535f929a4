package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/fault"
)

// ErrCommitUnknown is in the chain of the fault that InTx returns when the
// connection broke during COMMIT: the work may or may not have been done.
// Read it again by its key before doing anything twice.
var ErrCommitUnknown = errors.New("outcome of commit unknown")

// endTimeout bounds COMMIT and ROLLBACK, which do not stop when the caller
// goes away: a half-heard COMMIT would be unknown for no reason.
const endTimeout = 10 * time.Second

// Pool is where sessions come from.
type Pool interface {
	Acquire(ctx context.Context) (*pgxpool.Conn, error)
}

// InTx runs fn in a transaction, and commits it when fn returns nil. It rolls
// back when fn fails or panics, or when ctx is over. BEGIN travels with the
// first statement, and what is written Behind with the COMMIT.
//
// Errors of fn come back as they are, except that an outage, a deadlock and a
// lost lock become faults (see Fault). A COMMIT whose outcome is not known is
// an Unavailable fault that wraps ErrCommitUnknown.
//
// Inside fn use tx alone: a query on the pool would wait for a second
// session, which a busy pool never gives.
func InTx(ctx context.Context, pool Pool, fn func(ctx context.Context, tx pgx.Tx) error) error {
	session, err := pool.Acquire(ctx)
	if err != nil {
		return outage(fmt.Errorf("begin: %w", err))
	}
	tx := &outer{session: session, unsent: []statement{{sql: begin}}}
	defer tx.end(ctx) // also when fn panics or calls runtime.Goexit
	if err := fn(ctx, tx); err != nil {
		return outage(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.commit(ctx); err != nil {
		return err
	}
	tx.end(ctx)
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

// commit ends the transaction, together with what was not sent until now.
func (t *outer) commit(ctx context.Context) error {
	if t.session.Conn().IsClosed() { // before COMMIT was sent
		return unavailable.Because(errors.New("commit: the connection was lost before"))
	}
	if !t.begun && len(t.unsent) == 1 {
		return nil // nothing was asked for
	}
	if t.ready() != nil {
		return fmt.Errorf("commit: %w", pgx.ErrTxCommitRollback)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	tag, err := t.exec(ctx, "commit")
	switch {
	case err == nil && tag.String() == "ROLLBACK":
		return fmt.Errorf("commit: %w", pgx.ErrTxCommitRollback)
	case err == nil:
		return nil
	case refusedCommit(err):
		return outage(fmt.Errorf("commit: %w", err))
	}
	return unavailable.Because(fmt.Errorf("%w: %w", ErrCommitUnknown, err))
}

// end gives the session back, without what was not committed.
func (t *outer) end(ctx context.Context) {
	if t.ended {
		return
	}
	t.ended = true
	defer t.session.Release() // which closes one that is still within a transaction
	conn := t.session.Conn()
	if conn.IsClosed() || conn.PgConn().IsBusy() || conn.PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	// When this fails the connection is gone, and the server rolls back.
	_, _ = conn.Exec(ctx, "rollback")
}

// refusedCommit reports whether the server said that it did not commit. A
// session that it ends (FATAL) may have committed first. pgconn.SafeToRetry
// is no help: when the answer to a COMMIT is lost, pgx 5.12 says "conn
// closed", which it calls safe.
func refusedCommit(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.SeverityUnlocalized == "ERROR" && !strings.HasPrefix(refused.Code, "08")
	}
	return false
}

var unavailable = fault.New(fault.Unavailable, "fault.unavailable")
