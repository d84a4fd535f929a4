package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Behind returns tx for what is written without waiting for an answer: its
// statements are sent with the next one on tx, in order, or with the COMMIT.
// Whatever is asked of tx afterwards sees them; when one is refused, that
// statement or the COMMIT fails with its error, and nothing of the transaction
// remains. It is for rows whose refusal no person could be told in words of
// its own, such as those of a history. A transaction that InTx did not begin
// sends at once.
func Behind(tx pgx.Tx) Writer {
	if o, ok := tx.(*outer); ok {
		return Writer{tx, o}
	}
	return Writer{tx, nil}
}

// Writer is what Behind returns. Its queries are those of the transaction.
type Writer struct {
	pgx.Tx
	outer *outer
}

// Exec keeps a statement to be sent with the next. It returns no tag.
func (w Writer) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if w.outer == nil {
		return w.Tx.Exec(ctx, sql, args...)
	}
	if err := w.outer.ready(); err != nil {
		return pgconn.CommandTag{}, err
	}
	w.outer.unsent = append(w.outer.unsent, statement{sql, args})
	return pgconn.CommandTag{}, nil
}
