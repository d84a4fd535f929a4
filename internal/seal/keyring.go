package seal

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/aead"

	"pishkhan/internal/clock"
	"pishkhan/internal/fault"
)

// ErrDestroyed is the fault of a value whose keys have been destroyed: it
// cannot be read any more, by anybody.
var ErrDestroyed = fault.New(fault.NotFound, "seal.error.destroyed")

// ErrAltered says that a sealed value or file was changed, moved, rolled
// back, cut short, or sealed under another KEK.
var ErrAltered = errors.New("seal: altered, moved or sealed under another key")

// Keyring seals values, each with the keys of its owner and purpose, such as
// "order:41" and "credential". The keys are rows of sealed_keysets, wrapped
// by the KEK. They are read anew each time: another process may have
// destroyed them a moment ago.
type Keyring struct {
	kek   KEK
	clock clock.Clock
}

// NewKeyring returns the keyring whose keys are wrapped by kek.
func NewKeyring(kek KEK, c clock.Clock) *Keyring {
	return &Keyring{kek: kek, clock: c}
}

// Seal seals plaintext with the keys of owner and purpose, made at first use,
// and binds it to ad. It waits for a Destroy in progress. The fault is
// ErrDestroyed when the keys were destroyed: an owner and purpose are never
// used again.
func (k *Keyring) Seal(ctx context.Context, tx pgx.Tx, owner, purpose string, ad AssociatedData, plaintext []byte) ([]byte, error) {
	place, err := ad.bytes()
	if err != nil {
		return nil, err
	}
	handle, err := k.findOrCreate(ctx, tx, owner, purpose, aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s: %w", purpose, owner, err)
	}
	cipher, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s: %w", purpose, owner, err)
	}
	sealed, err := cipher.Encrypt(plaintext, place)
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s: %w", purpose, owner, err)
	}
	return sealed, nil
}

// Open returns what Seal sealed with the same owner, purpose and ad. The
// fault is ErrDestroyed when the keys were destroyed; the error is ErrAltered
// when the value does not belong here.
func (k *Keyring) Open(ctx context.Context, tx pgx.Tx, owner, purpose string, ad AssociatedData, sealed []byte) ([]byte, error) {
	place, err := ad.bytes()
	if err != nil {
		return nil, err
	}
	handle, err := k.find(ctx, tx, owner, purpose)
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: %w", purpose, owner, err)
	}
	cipher, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: %w", purpose, owner, err)
	}
	plaintext, err := cipher.Decrypt(sealed, place)
	if err != nil {
		return nil, fmt.Errorf("open %s of %s: %w", purpose, owner, ErrAltered)
	}
	return plaintext, nil
}

// Destroy destroys the keys of owner and purpose, and with them everything
// that they sealed, for good. It may be repeated, and it holds for an owner
// that has no keys yet. Postgres keeps the old row until it vacuums, and a
// backup keeps it until the backup expires.
func (k *Keyring) Destroy(ctx context.Context, tx pgx.Tx, owner, purpose string) error {
	_, err := tx.Exec(ctx, `
		insert into sealed_keysets (owner, purpose, wrapped, kek_id, created_at, destroyed_at)
		values ($1, $2, null, $3, $4, $4)
		on conflict (owner, purpose) do update
		set wrapped = null, destroyed_at = excluded.destroyed_at
		where sealed_keysets.destroyed_at is null`,
		owner, purpose, k.kek.ID(), k.clock.Now())
	if err != nil {
		return fmt.Errorf("destroy %s of %s: %w", purpose, owner, err)
	}
	return nil
}
