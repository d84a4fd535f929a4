package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
)

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
	release, err := lock(s.incoming(), syscall.LOCK_SH) // a Rewrap at work would bring it back
	if err != nil {
		return fmt.Errorf("remove blob %s: %w", key, err)
	}
	defer release()
	err = os.Remove(s.path(key))
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
