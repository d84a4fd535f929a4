package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

func note(ctx context.Context, tx pgx.Tx, text string) error {
	_, err := db.Behind(tx).Exec(ctx, "-- name: InsertNote :exec\nINSERT INTO notes VALUES ($1)", text)
	return err
}

// What is written behind is there for every later statement, whichever way
// it is sent, in order, and is committed with the rest.
func TestBehind(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text)")
	total := func(ctx context.Context, tx pgx.Tx) (n int) {
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM notes").Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	err := db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		for i, send := range []func() error{
			func() error { return insert(ctx, tx) },
			func() error {
				rows, err := tx.Query(ctx, "SELECT text FROM notes ORDER BY text")
				if err != nil {
					return err
				}
				list, err := pgx.CollectRows(rows, pgx.RowTo[string])
				if len(list) != 3 {
					t.Errorf("rows %v", list)
				}
				return err
			},
			func() error {
				_, err := tx.CopyFrom(ctx, pgx.Identifier{"notes"}, []string{"text"}, pgx.CopyFromRows([][]any{{"copied"}}))
				return err
			},
			func() error {
				batch := &pgx.Batch{}
				batch.Queue("INSERT INTO notes VALUES ('batch')")
				return tx.SendBatch(ctx, batch).Close()
			},
			func() error {
				_, err := tx.Prepare(ctx, "", "SELECT 1")
				return err
			},
		} {
			if err := errors.Join(note(ctx, tx, "behind"), send()); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		if n := total(ctx, tx); n != 8 {
			t.Errorf("%d rows within", n)
		}
		var none string
		if err := note(ctx, tx, "behind"); err != nil {
			t.Error(err)
		}
		if err := tx.QueryRow(ctx, "SELECT text FROM notes WHERE text = 'none'").Scan(&none); !errors.Is(err, pgx.ErrNoRows) {
			t.Errorf("no row: %v", err)
		}
		return note(ctx, tx, "last")
	})
	if n := count(t, pool, "notes"); err != nil || n != 10 {
		t.Errorf("%d rows, %v", n, err)
	}
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM notes WHERE text = 'last'; INSERT INTO notes VALUES ('two'), ('three')")
		return err
	})
	if n := count(t, pool, "notes"); err != nil || n != 11 {
		t.Errorf("several statements at once: %d rows, %v", n, err)
	}
	failed := errors.New("failed")
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		return errors.Join(note(ctx, tx, "never"), failed)
	})
	if n := count(t, pool, "notes"); !errors.Is(err, failed) || n != 11 {
		t.Errorf("after a failure: %d rows, %v", n, err)
	}
}

// A refusal of what is written behind is told by name, and nothing remains:
// whether it comes with the next statement, with the COMMIT, or is swallowed.
func TestBehindRefused(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text CHECK (text <> 'bad'))")
	var swallowed error
	for name, fn := range map[string]func(context.Context, pgx.Tx) error{
		"with the commit": func(ctx context.Context, tx pgx.Tx) error { return errors.Join(insert(ctx, tx), note(ctx, tx, "bad")) },
		"with the next":   func(ctx context.Context, tx pgx.Tx) error { return errors.Join(note(ctx, tx, "bad"), insert(ctx, tx)) },
		"swallowed": func(ctx context.Context, tx pgx.Tx) error {
			swallowed = errors.Join(note(ctx, tx, "bad"), tx.QueryRow(ctx, "SELECT 1").Scan(new(int)))
			return note(ctx, tx, "good")
		},
	} {
		err := db.InTx(t.Context(), pool, fn)
		if errors.Is(err, db.ErrCommitUnknown) || err == nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != "swallowed" && (!fault.Is(db.Fault(err, nil), fault.Invalid) || !strings.Contains(err.Error(), "InsertNote")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if swallowed == nil {
		t.Error("a query behind a refused statement succeeded")
	}
	if n := count(t, pool, "notes"); n != 0 || pool.Stat().AcquiredConns() != 0 {
		t.Errorf("%d rows, %d sessions kept", n, pool.Stat().AcquiredConns())
	}
}

// A first statement that cannot be prepared keeps the transaction from
// beginning: nothing that follows is done outside of one. A transaction that
// has ended takes nothing more.
func TestNothingOutside(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text)")
	var kept pgx.Tx
	err := db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		kept = tx
		if _, err := tx.Exec(ctx, "SELECT nonsense, $1::int", 1); err == nil {
			t.Error("nonsense was done")
		}
		for name, err := range map[string]error{
			"exec": insert(ctx, tx), "row": tx.QueryRow(ctx, "SELECT 1").Scan(new(int)), "behind": note(ctx, tx, "x"),
			"batch": tx.SendBatch(ctx, &pgx.Batch{}).Close(),
		} {
			if err == nil {
				t.Errorf("%s: was done", name)
			}
		}
		return nil
	})
	if !errors.Is(err, pgx.ErrTxCommitRollback) {
		t.Errorf("InTx = %v", err)
	}
	if err := insert(t.Context(), kept); !errors.Is(err, pgx.ErrTxClosed) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := kept.Query(t.Context(), "SELECT 1"); !errors.Is(err, pgx.ErrTxClosed) {
		t.Errorf("after the end: %v", err)
	}
	if n := count(t, pool, "notes"); n != 0 {
		t.Errorf("%d rows", n)
	}
}
