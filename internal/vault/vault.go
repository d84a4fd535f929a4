// Package vault keeps what customers entrust to us: the login and password
// of their account at a destination site. It is sealed before it is stored,
// and every reveal is on the record before the plaintext leaves.
package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
	"pishkhan/internal/vault/internal/sqlq"
)

// Vault is the room's door.
type Vault struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	keyring *seal.Keyring
}

// New returns the vault kept in pool and sealed by keyring.
func New(pool *pgxpool.Pool, c clock.Clock, keyring *seal.Keyring) *Vault {
	return &Vault{pool: pool, clock: c, keyring: keyring}
}

// Deposit seals the secret answers of an order form and returns the
// credential's id. Each is a field's name and what was typed.
func (v *Vault) Deposit(ctx context.Context, tx pgx.Tx, now time.Time, secrets map[string]string) (int64, error) {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return 0, fmt.Errorf("deposit credential: %w", err)
	}
	q := sqlq.New(tx)
	id, err := q.InsertCredential(ctx, now)
	if err != nil {
		return 0, fmt.Errorf("deposit credential: %w", err)
	}
	sealed, err := v.keyring.Seal(ctx, tx, owner(id), purpose, data(id), plain)
	if err != nil {
		return 0, fmt.Errorf("deposit credential: %w", err)
	}
	if err := q.SealCredential(ctx, id, sealed); err != nil {
		return 0, fmt.Errorf("deposit credential: %w", err)
	}
	return id, nil
}

// Destroy forgets a credential for good: its ciphertext and its key.
func (v *Vault) Destroy(ctx context.Context, tx pgx.Tx, now time.Time, id int64) error {
	if err := sqlq.New(tx).DestroyCredential(ctx, id, &now); err != nil {
		return fmt.Errorf("destroy credential %d: %w", id, err)
	}
	if err := v.keyring.Destroy(ctx, tx, owner(id), purpose); err != nil {
		return fmt.Errorf("destroy credential %d: %w", id, err)
	}
	return nil
}

// open returns the secrets of a credential, or NotFound once it is destroyed.
func (v *Vault) open(ctx context.Context, tx pgx.Tx, id int64) (map[string]seal.Secret, error) {
	row, err := sqlq.New(tx).CredentialByID(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.DestroyedAt != nil {
		return nil, fault.New(fault.NotFound, "vault.error.destroyed")
	}
	if err != nil {
		return nil, fmt.Errorf("credential %d: %w", id, err)
	}
	plain, err := v.keyring.Open(ctx, tx, owner(id), purpose, data(id), row.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open credential %d: %w", id, err)
	}
	var texts map[string]string
	if err := json.Unmarshal(plain, &texts); err != nil {
		return nil, fmt.Errorf("open credential %d: unreadable", id)
	}
	secrets := make(map[string]seal.Secret, len(texts))
	for name, text := range texts {
		secrets[name] = seal.NewSecret(text)
	}
	return secrets, nil
}

const purpose = "credential"

func owner(id int64) string { return fmt.Sprintf("credential:%d", id) }

func data(id int64) seal.AssociatedData {
	return seal.AssociatedData{Table: "credentials", Row: id, Column: "sealed", Version: 1}
}
