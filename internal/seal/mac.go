package seal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// MAC returns the tag by which a sealed value is found again: HMAC-SHA256
// (32 bytes) under a key of the column's own. Equal values have equal tags,
// and without the key nobody can try out values, which a plain hash of ten
// digits would allow. The caller brings value into its one normal form first
// (Latin digits, no spaces).
func (k *Keyring) MAC(ctx context.Context, tx pgx.Tx, column, value string) ([]byte, error) {
	handle, err := k.findOrCreate(ctx, tx, "system", "search:"+column, hmacTemplate())
	if err != nil {
		return nil, fmt.Errorf("tag a value of %s: %w", column, err)
	}
	key, err := macKeyOf(handle)
	if err != nil {
		return nil, fmt.Errorf("tag a value of %s: %w", column, err)
	}
	return key.Sum([]byte(value))
}

// MACKey is an HMAC-SHA256 key outside the database.
type MACKey struct{ primitive tink.MAC }

// NewMACKey makes a MAC key for the named purpose and returns it wrapped by
// the KEK, which is how it is stored.
func (k KEK) NewMACKey(purpose string) (wrapped []byte, err error) {
	handle, err := keyset.NewHandle(hmacTemplate())
	if err != nil {
		return nil, fmt.Errorf("make MAC key: %w", err)
	}
	return k.wrap(handle, domainMAC, purpose)
}

// OpenMACKey unwraps a key that NewMACKey made for the same purpose, or
// returns ErrAltered.
func (k KEK) OpenMACKey(purpose string, wrapped []byte) (MACKey, error) {
	handle, err := k.unwrap(wrapped, domainMAC, purpose)
	if err != nil {
		return MACKey{}, err
	}
	return macKeyOf(handle)
}

// RewrapMACKey wraps a key that NewMACKey made anew with the KEK's present
// key, or returns ErrAltered.
func (k KEK) RewrapMACKey(purpose string, wrapped []byte) ([]byte, error) {
	handle, err := k.unwrap(wrapped, domainMAC, purpose)
	if err != nil {
		return nil, err
	}
	return k.wrap(handle, domainMAC, purpose)
}

// Sum returns the tag of data, 32 bytes.
func (m MACKey) Sum(data []byte) ([]byte, error) { return m.primitive.ComputeMAC(data) }

func macKeyOf(handle *keyset.Handle) (MACKey, error) {
	primitive, err := mac.New(handle)
	if err != nil {
		return MACKey{}, fmt.Errorf("open MAC key: %w", err)
	}
	return MACKey{primitive}, nil
}

// hmacTemplate gives bare tags: Tink's own prefix names the key, and a tag
// that is searched for has one key for life.
func hmacTemplate() *tinkpb.KeyTemplate {
	template := mac.HMACSHA256Tag256KeyTemplate()
	template.OutputPrefixType = tinkpb.OutputPrefixType_RAW
	return template
}
