package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Rewrap seals every file anew under the KEK's present key, after a rotation
// of the KEK, and calls progress after each with the number done so far. The
// store may be used meanwhile. It stops at a file that does not open
// (ErrDamaged); it may be started again.
func (s *Store) Rewrap(ctx context.Context, progress func(done int)) error {
	if err := s.rewrapAddressKey(); err != nil {
		return fmt.Errorf("rewrap blobs: %w", err)
	}
	names, err := fs.Glob(os.DirFS(s.dir), "[0-9a-f][0-9a-f]/*")
	if err != nil {
		return fmt.Errorf("rewrap blobs: %w", err)
	}
	for i, name := range names {
		if err := s.rewrap(ctx, strings.Replace(name, "/", "", 1)); err != nil {
			return fmt.Errorf("rewrap blobs: %w", err)
		}
		progress(i + 1)
	}
	return nil
}

// rewrap holds everybody else's writes and removals up for one file: a file
// that is removed while it is sealed anew must stay removed.
func (s *Store) rewrap(ctx context.Context, key string) error {
	release, err := lock(s.incoming(), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer release()
	content, err := s.Get(ctx, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sealed, err := s.kek.SealFile(key, content)
	if err != nil {
		return err
	}
	return s.writeLocked(s.path(key), sealed, os.Rename)
}

func (s *Store) rewrapAddressKey() error {
	wrapped, err := os.ReadFile(s.addressPath())
	if err != nil {
		return err
	}
	if wrapped, err = s.kek.RewrapMACKey(addressPurpose, wrapped); err != nil {
		return err
	}
	return s.write(s.addressPath(), wrapped, os.Rename)
}
