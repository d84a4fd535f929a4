// Package blob keeps the files of customers and staff in a folder: sealed
// under the KEK, and named by their content, so that the same content is one
// file. The folder and its backups tell nothing without the KEK.
package blob

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pishkhan/internal/seal"
)

// MaxBytes is the largest content that is kept: 25 MB. Content is sealed and
// opened whole, in memory, so that not one byte leaves before all of it is
// verified.
const MaxBytes = 25 << 20

var (
	// ErrNotFound says that no content has this key, or that it is no key.
	ErrNotFound = errors.New("blob: no such content")
	// ErrDamaged says that the file does not open: it was altered, cut short,
	// renamed, or sealed under another KEK.
	ErrDamaged = errors.New("blob: the file is damaged")
)

// Ref is where content is found again: what a row keeps of it.
type Ref struct {
	Key  string // 64 hexadecimal digits
	Size int64  // of the content, in bytes
}

// Store is a folder of sealed files. Several processes may use it at once.
type Store struct {
	dir     string
	kek     seal.KEK
	address seal.MACKey
}

// addressPurpose is what the key that names contents is bound to.
const addressPurpose = "blob addresses"

// Open returns the store in the folder dir, which is made if there is none,
// and removes what writers that died left half-done. It fails if the folder
// belongs to another KEK.
func Open(dir string, kek seal.KEK) (*Store, error) {
	s := &Store{dir: dir, kek: kek}
	if err := os.MkdirAll(s.incoming(), 0o700); err != nil {
		return nil, fmt.Errorf("open blob store: %w", err)
	}
	if err := s.openAddressKey(); err != nil {
		return nil, fmt.Errorf("open blob store: %w", err)
	}
	if err := s.sweep(); err != nil {
		return nil, fmt.Errorf("open blob store: %w", err)
	}
	return s, nil
}

// openAddressKey reads the key that names contents, or makes it. Names are
// keyed because a plain hash would tell whoever sees the folder, or the rows
// that refer to it, whether we hold a document that they have themselves.
func (s *Store) openAddressKey() error {
	path := s.addressPath()
	wrapped, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if wrapped, err = s.kek.NewMACKey(addressPurpose); err != nil {
			return err
		}
		// Of two processes that start at once, one key wins and both use it.
		if err = s.write(path, wrapped, os.Link); err == nil || errors.Is(err, os.ErrExist) {
			wrapped, err = os.ReadFile(path)
		}
	}
	if err != nil {
		return err
	}
	if s.address, err = s.kek.OpenMACKey(addressPurpose, wrapped); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func (s *Store) addressPath() string { return filepath.Join(s.dir, "address.key") }

// path spreads the files over 256 folders. key must be valid.
func (s *Store) path(key string) string { return filepath.Join(s.dir, key[:2], key[2:]) }

// incoming is the folder of files that are being written.
func (s *Store) incoming() string { return filepath.Join(s.dir, "incoming") }
