package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// outer is the transaction that InTx runs. What need not be answered at once
// waits for the next statement, and crosses to the server together with it:
// a claim is then three crossings, and not seven.
type outer struct {
	session *pgxpool.Conn
	unsent  []statement
	after   []func() // what is to happen behind the commit
	begun   bool     // BEGIN was sent
	ended   bool
}

const begin = "begin"

type statement struct {
	sql  string
	args []any
}

// name is what the statement is called in its file, or its first line.
func (s statement) name() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(s.sql, "-- name: "), "\n")
	name, _, _ := strings.Cut(first, " :")
	return name
}

// errInner is told to whoever would begin, commit or roll back a transaction
// that InTx began.
var errInner = errors.New("InTx alone begins and ends this transaction")

var _ pgx.Tx = (*outer)(nil)

func (*outer) Begin(context.Context) (pgx.Tx, error) { return nil, errInner }
func (*outer) Commit(context.Context) error          { return errInner }
func (*outer) Rollback(context.Context) error        { return errInner }
func (*outer) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (t *outer) Conn() *pgx.Conn                     { return t.session.Conn() }

// ready says why nothing more can be sent: the transaction has ended, or its
// first statements were refused before it began.
func (t *outer) ready() error {
	if t.ended || t.begun && t.Conn().PgConn().TxStatus() == 'I' {
		return pgx.ErrTxClosed
	}
	return nil
}

// send sends what was not sent until now, and behind it what is asked. The
// results that are returned are of that alone; they have to be closed.
func (t *outer) send(ctx context.Context, asked ...*pgx.QueuedQuery) (pgx.BatchResults, error) {
	if err := t.ready(); err != nil {
		return pgx.FailedBatchResults(&pgx.Batch{}, err), err
	}
	batch := &pgx.Batch{}
	for _, s := range t.unsent {
		batch.Queue(s.sql, s.args...)
	}
	batch.QueuedQueries = append(batch.QueuedQueries, asked...)
	unsent := t.unsent
	t.unsent, t.begun = nil, true
	results := t.Conn().SendBatch(ctx, batch)
	for _, s := range unsent {
		if _, err := results.Exec(); err != nil {
			if s.sql != begin {
				err = fmt.Errorf("%s: %w", s.name(), err)
			}
			return results, err
		}
	}
	return results, nil
}

// flush sends what was not sent until now.
func (t *outer) flush(ctx context.Context) error {
	if len(t.unsent) == 0 {
		return t.ready()
	}
	results, err := t.send(ctx)
	if closed := results.Close(); err == nil {
		err = closed
	}
	return err
}

func (t *outer) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if len(args) == 0 { // perhaps several statements, which no other may go with
		if err := t.flush(ctx); err != nil {
			return pgconn.CommandTag{}, err
		}
	}
	return t.exec(ctx, sql, args...)
}

func (t *outer) exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if len(t.unsent) == 0 {
		if err := t.ready(); err != nil {
			return pgconn.CommandTag{}, err
		}
		return t.Conn().Exec(ctx, sql, args...)
	}
	results, err := t.send(ctx, &pgx.QueuedQuery{SQL: sql, Arguments: args})
	if err != nil {
		results.Close()
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	if closed := results.Close(); err == nil {
		err = closed
	}
	return tag, err
}

func (t *outer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if len(t.unsent) == 0 && t.ready() == nil {
		return t.Conn().Query(ctx, sql, args...)
	}
	results, unsent := t.send(ctx, &pgx.QueuedQuery{SQL: sql, Arguments: args})
	rows, err := results.Query() // of results that failed: rows that say so
	if unsent != nil {
		err = unsent
	}
	last := &lastRows{Rows: rows, results: results, wrong: err}
	if err != nil {
		last.Close()
	}
	return last, err
}

func (t *outer) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, _ := t.Query(ctx, sql, args...)
	return onlyRow{rows}
}

func (t *outer) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	results, _ := t.send(ctx, b.QueuedQueries...) // an error comes with the first result
	return results
}

func (t *outer) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	if err := t.flush(ctx); err != nil {
		return 0, err
	}
	return t.Conn().CopyFrom(ctx, table, columns, rows)
}

func (t *outer) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	return t.Conn().Prepare(ctx, name, sql)
}

// lastRows are the rows of the last of several statements that were sent
// together: their end is the end of all.
type lastRows struct {
	pgx.Rows
	results pgx.BatchResults
	wrong   error
}

func (r *lastRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *lastRows) Close() {
	r.Rows.Close()
	if err := r.results.Close(); r.wrong == nil {
		r.wrong = err
	}
}

func (r *lastRows) Err() error {
	if r.wrong != nil {
		return r.wrong
	}
	return r.Rows.Err()
}

// onlyRow is what QueryRow returns of rows.
type onlyRow struct{ rows pgx.Rows }

func (r onlyRow) Scan(dest ...any) error {
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	err := r.rows.Scan(dest...)
	r.rows.Close()
	if lost := r.rows.Err(); lost != nil {
		return lost
	}
	return err
}
