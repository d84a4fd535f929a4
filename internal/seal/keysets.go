package seal

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/keyset"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

var errNoKeyset = errors.New("seal: nothing was ever sealed for this owner and purpose")

// findOrCreate returns the keyset of owner and purpose, locked against
// Destroy until tx ends: a value is never acknowledged under keys that were
// already gone.
func (k *Keyring) findOrCreate(ctx context.Context, tx pgx.Tx, owner, purpose string, template *tinkpb.KeyTemplate) (*keyset.Handle, error) {
	handle, err := k.find(ctx, tx, owner, purpose, "for share")
	if !errors.Is(err, errNoKeyset) {
		return handle, err
	}
	if err := k.create(ctx, tx, owner, purpose, template); err != nil {
		return nil, err
	}
	return k.find(ctx, tx, owner, purpose, "for share")
}

func (k *Keyring) find(ctx context.Context, tx pgx.Tx, owner, purpose string, lock ...string) (*keyset.Handle, error) {
	query := `select wrapped, kek_id, destroyed_at is not null from sealed_keysets where owner = $1 and purpose = $2`
	for _, clause := range lock {
		query += " " + clause
	}
	var wrapped []byte
	var kekID string
	var destroyed bool
	err := tx.QueryRow(ctx, query, owner, purpose).Scan(&wrapped, &kekID, &destroyed)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, errNoKeyset
	case err != nil:
		return nil, err
	case destroyed:
		return nil, ErrDestroyed
	}
	handle, err := k.kek.unwrap(wrapped, owner, purpose)
	if err != nil {
		return nil, fmt.Errorf("wrapped by %s, unwrapped by %s: %w", kekID, k.kek.ID(), err)
	}
	return handle, nil
}

// create inserts a new keyset, unless somebody else is first: then it waits
// for their commit and does nothing.
func (k *Keyring) create(ctx context.Context, tx pgx.Tx, owner, purpose string, template *tinkpb.KeyTemplate) error {
	if owner == "" || purpose == "" {
		return errors.New("seal: keys without owner or purpose")
	}
	handle, err := keyset.NewHandle(template)
	if err != nil {
		return err
	}
	wrapped, err := k.kek.wrap(handle, owner, purpose)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into sealed_keysets (owner, purpose, wrapped, kek_id, created_at)
		values ($1, $2, $3, $4, $5)
		on conflict (owner, purpose) do nothing`,
		owner, purpose, wrapped, k.kek.ID(), k.clock.Now())
	return err
}

// wrap binds the keyset to its owner and purpose: rows cannot be swapped.
func (k KEK) wrap(handle *keyset.Handle, owner, purpose string) ([]byte, error) {
	var wrapped bytes.Buffer
	err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&wrapped), k.aead, encode(domainKeyset, owner, purpose))
	if err != nil {
		return nil, fmt.Errorf("wrap keys: %w", err)
	}
	return wrapped.Bytes(), nil
}

func (k KEK) unwrap(wrapped []byte, owner, purpose string) (*keyset.Handle, error) {
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(wrapped)), k.aead, encode(domainKeyset, owner, purpose))
	if err != nil {
		return nil, fmt.Errorf("unwrap keys: %w", ErrAltered)
	}
	return handle, nil
}
