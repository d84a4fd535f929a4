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
