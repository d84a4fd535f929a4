package seal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Rewrap wraps the next keysets after id `after` anew with the KEK's present
// key, at most limit of them, after a rotation of the KEK. It returns the
// last id and the number done; no more are left when done is zero. Readers
// are not disturbed, and what the keysets sealed is not touched.
func (k *Keyring) Rewrap(ctx context.Context, tx pgx.Tx, after int64, limit int) (last int64, done int, err error) {
	type row struct {
		ID             int64
		Owner, Purpose string
		Wrapped        []byte
	}
	found, err := tx.Query(ctx, `
		select id, owner, purpose, wrapped from sealed_keysets
		where id > $1 and wrapped is not null
		order by id limit $2 for update`, after, limit)
	if err != nil {
		return after, 0, fmt.Errorf("rewrap keysets after %d: %w", after, err)
	}
	rows, err := pgx.CollectRows(found, pgx.RowToStructByPos[row])
	if err != nil {
		return after, 0, fmt.Errorf("rewrap keysets after %d: %w", after, err)
	}
	last = after
	for _, r := range rows {
		handle, err := k.kek.unwrap(r.Wrapped, r.Owner, r.Purpose)
		if err != nil {
			return after, 0, fmt.Errorf("rewrap keyset %d: %w", r.ID, err)
		}
		wrapped, err := k.kek.wrap(handle, r.Owner, r.Purpose)
		if err != nil {
			return after, 0, fmt.Errorf("rewrap keyset %d: %w", r.ID, err)
		}
		_, err = tx.Exec(ctx, `update sealed_keysets set wrapped = $2, kek_id = $3 where id = $1`, r.ID, wrapped, k.kek.ID())
		if err != nil {
			return after, 0, fmt.Errorf("rewrap keyset %d: %w", r.ID, err)
		}
		last = r.ID
	}
	return last, len(rows), nil
}
