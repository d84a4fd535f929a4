package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
)

// What waits for a commit runs once behind it, when the rows can be seen, and
// not at all when the transaction comes to nothing.
func TestAfterCommit(t *testing.T) {
	pool := pair(t)
	exec(t, pool, "CREATE TABLE notes (text text)")
	ran := 0
	err := db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		db.AfterCommit(tx, func() { ran += count(t, pool, "notes") })
		return insert(ctx, tx)
	})
	if err != nil || ran != 1 {
		t.Errorf("ran %d times, %v", ran, err)
	}
	wrong := errors.New("wrong")
	err = db.InTx(t.Context(), pool, func(ctx context.Context, tx pgx.Tx) error {
		db.AfterCommit(tx, func() { ran++ })
		return errors.Join(insert(ctx, tx), wrong)
	})
	if !errors.Is(err, wrong) || ran != 1 {
		t.Errorf("ran %d times after a rollback, %v", ran, err)
	}
}
