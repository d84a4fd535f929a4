package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Get returns the content that Put kept under key, all of it verified. The
// error is ErrNotFound or ErrDamaged when it cannot.
func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("get blob: %w", err)
	}
	if !valid(key) {
		return nil, ErrNotFound
	}
	sealed, err := os.ReadFile(s.path(key))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("get blob %s: %w", key, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("get blob %s: %w", key, err)
	}
	content, err := s.kek.OpenFile(key, sealed)
	if err != nil {
		return nil, fmt.Errorf("get blob %s: %w: %w", key, ErrDamaged, err)
	}
	return content, nil
}

// Remove removes the content under key; there need not be any. The file is
// shared by all who put the same content, so the caller knows that no row
// refers to it any more. That is certain for content that was sealed with
// the owner's keys before it was put: no other has the same bytes.
func (s *Store) Remove(ctx context.Context, key string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("remove blob: %w", err)
	}
	if !valid(key) {
		return ErrNotFound
	}
	err := os.Remove(s.path(key))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove blob %s: %w", key, err)
	}
	if err := s.sync(s.path(key)); err != nil {
		return fmt.Errorf("remove blob %s: %w", key, err)
	}
	return nil
}

// valid reports whether key has the one form that keys have. Nothing else
// ever becomes part of a path.
func valid(key string) bool {
	if len(key) != 64 {
		return false
	}
	for _, c := range []byte(key) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
