package vault

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Holds lists the names of the fields whose answers a credential holds, in
// order; the answers stay sealed. NotFound once it is destroyed.
func (v *Vault) Holds(ctx context.Context, tx pgx.Tx, id int64) ([]string, error) {
	secrets, err := v.open(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(secrets)), nil
}

// Amend seals a new credential of the answers of an old one that are kept,
// and of new ones, and destroys the old. Nothing of it leaves the vault.
// NotFound once the old one is destroyed.
func (v *Vault) Amend(ctx context.Context, tx pgx.Tx, now time.Time, id int64, keep []string, secrets map[string]string) (int64, error) {
	old, err := v.open(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	amended := maps.Clone(secrets)
	if amended == nil {
		amended = map[string]string{}
	}
	for _, name := range keep {
		if secret, held := old[name]; held {
			amended[name] = secret.Reveal()
		}
	}
	if err := v.Destroy(ctx, tx, now, id); err != nil {
		return 0, fmt.Errorf("amend credential %d: %w", id, err)
	}
	return v.Deposit(ctx, tx, now, amended)
}
