package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// OpenKEKFile reads the KEK from the file at path, and creates the file first
// if there is none. A file that anybody else may read is refused. For
// development only: in production the key never leaves a key service.
func OpenKEKFile(path string) (KEK, error) {
	handle, err := readKEKFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = CreateKEKFile(path); err == nil || errors.Is(err, fs.ErrExist) {
			handle, err = readKEKFile(path)
		}
	}
	if err != nil {
		return KEK{}, err
	}
	return kekOf(handle)
}

// CreateKEKFile writes a new KEK to a new file at path, readable by its owner
// alone. If there is a file already, it is left as it is and the error is
// fs.ErrExist: to overwrite a KEK is to lose all that it wraps.
func CreateKEKFile(path string) error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("make key file: %w", err)
	}
	// A link, unlike a rename, fails if the name is taken: of two processes
	// that start at once, one key wins and both use it.
	return writeKEKFile(path, handle, os.Link)
}

// RotateKEKFile adds a new key to the file at path and makes it the one that
// wraps from now on; the older keys still open. Running processes know the
// new key once they have read the file again.
func RotateKEKFile(path string) error {
	handle, err := readKEKFile(path)
	if err != nil {
		return err
	}
	keys := keyset.NewManagerFromHandle(handle)
	id, err := keys.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("rotate key file: %w", err)
	}
	if err := keys.SetPrimary(id); err != nil {
		return fmt.Errorf("rotate key file: %w", err)
	}
	if handle, err = keys.Handle(); err != nil {
		return fmt.Errorf("rotate key file: %w", err)
	}
	return writeKEKFile(path, handle, os.Rename)
}

func kekOf(handle *keyset.Handle) (KEK, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return KEK{}, fmt.Errorf("open key file: %w", err)
	}
	return KEK{aead: primitive, id: fmt.Sprintf("file:%08x", handle.KeysetInfo().GetPrimaryKeyId())}, nil
}

func readKEKFile(path string) (*keyset.Handle, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open key file: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open key file: %w", err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("open key file: %s has mode %s: it must be a file with mode 0600", path, info.Mode())
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(f))
	if err != nil {
		// Tink's error could quote what it could not parse.
		return nil, fmt.Errorf("open key file: %s does not hold a key", path)
	}
	return handle, nil
}

// writeKEKFile writes the keys to a temporary file, and then calls put to
// give it its name.
func writeKEKFile(path string, handle *keyset.Handle, put func(from, to string) error) error {
	var content bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&content)); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".kek-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(content.Bytes())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = put(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	return nil
}
