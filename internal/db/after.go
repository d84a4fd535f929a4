package db

import "github.com/jackc/pgx/v5"

// AfterCommit lets fn run once tx, which InTx began, is committed, and never
// when it is not: for hints to others, which may be lost. fn is not to wait
// for anything. A transaction that something else began has no such hints.
func AfterCommit(tx pgx.Tx, fn func()) {
	if o, ok := tx.(*outer); ok {
		o.after = append(o.after, fn)
	}
}
