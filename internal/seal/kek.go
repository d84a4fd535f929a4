package seal

import (
	"fmt"
	"io"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// KEK is the key-encryption key: it wraps the keys that seal values and
// files, and never seals anything else. It lives outside the database. The
// zero KEK does not work.
type KEK struct {
	aead tink.AEAD
	id   string
}

// ID names the key, without telling anything about it. It is stored beside
// what the key has wrapped.
func (k KEK) ID() string { return k.id }

// Format writes the key's name for every verb.
func (k KEK) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "kek "+k.id) }

// SealFile seals content under a key of its own, which travels with it,
// wrapped by the KEK. name is bound to it: the result opens under no other.
// The whole content is in memory: streaming encryption gives out plaintext
// before it can notice a truncated file.
func (k KEK) SealFile(name string, content []byte) ([]byte, error) {
	sealed, err := k.envelope().Encrypt(content, encode(domainFile, name))
	if err != nil {
		return nil, fmt.Errorf("seal file: %w", err)
	}
	return sealed, nil
}

// OpenFile returns what SealFile sealed under name, or ErrAltered.
func (k KEK) OpenFile(name string, sealed []byte) ([]byte, error) {
	content, err := k.envelope().Decrypt(sealed, encode(domainFile, name))
	if err != nil {
		return nil, fmt.Errorf("open file: %w", ErrAltered)
	}
	return content, nil
}

// envelope makes a fresh AES-256-GCM key for each file, so that no key ever
// comes near the number of messages that random nonces allow.
func (k KEK) envelope() tink.AEAD {
	return aead.NewKMSEnvelopeAEAD2(aead.AES256GCMKeyTemplate(), k.aead)
}
