package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"pishkhan/internal/fault"
)

// ErrCommitUnknown is in the chain of the fault that InTx returns when the
// connection broke during COMMIT: the work may or may not have been done.
// Read it again by its key before doing anything twice.
var ErrCommitUnknown = errors.New("outcome of commit unknown")

// endTimeout bounds COMMIT and ROLLBACK, which do not stop when the caller
// goes away: a half-heard COMMIT would be unknown for no reason.
const endTimeout = 10 * time.Second

// Beginner starts transactions: a pool, or one session.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// InTx runs fn in a transaction, and commits it when fn returns nil. It rolls
// back when fn fails or panics, or when ctx is over.
//
// Errors of fn come back as they are, except that an outage, a deadlock and a
// lost lock become faults (see Fault). A COMMIT whose outcome is not known is
// an Unavailable fault that wraps ErrCommitUnknown.
//
// Inside fn use tx alone: a query on the pool would wait for a second
// session, which a busy pool never gives.
func InTx(ctx context.Context, pool Beginner, fn func(ctx context.Context, tx pgx.Tx) error) error {
	begun, err := pool.Begin(ctx)
	if err != nil {
		return outage(fmt.Errorf("begin: %w", err))
	}
	tx := &outer{Tx: begun}
	done := false
	defer func() { // also when fn panics or calls runtime.Goexit
		if !done {
			rollback(ctx, tx)
		}
	}()
	if err := fn(ctx, tx); err != nil {
		return outage(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	done = true
	if err := commit(ctx, tx); err != nil {
		return err
	}
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

func commit(ctx context.Context, tx pgx.Tx) error {
	if tx.Conn().IsClosed() { // before COMMIT was sent
		return unavailable.Because(errors.New("commit: the connection was lost before"))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	err := tx.Commit(ctx)
	switch {
	case err == nil:
		return nil
	case refusedCommit(err):
		return outage(fmt.Errorf("commit: %w", err))
	}
	return unavailable.Because(fmt.Errorf("%w: %w", ErrCommitUnknown, err))
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
	return errors.Is(err, pgx.ErrTxCommitRollback)
}

func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	// When this fails the connection is gone, and the server rolls back.
	_ = tx.Rollback(ctx)
}

var unavailable = fault.New(fault.Unavailable, "fault.unavailable")
