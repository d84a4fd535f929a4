package blob

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"pishkhan/internal/fault"
)

// Put keeps what r yields, at most max bytes (and never more than MaxBytes),
// and returns where it is found again. When it returns, the content is on
// disk; when it fails, no part of it is. Content that is kept already is not
// written twice.
//
// It returns a TooLarge fault (blob.error.size, megabytes) for longer content.
func (s *Store) Put(ctx context.Context, r io.Reader, max int64) (Ref, error) {
	content, err := read(r, min(max, MaxBytes))
	if err != nil {
		return Ref{}, err
	}
	if err := ctx.Err(); err != nil {
		return Ref{}, fmt.Errorf("put blob: %w", err)
	}
	sum, err := s.address.Sum(content)
	if err != nil {
		return Ref{}, fmt.Errorf("put blob: %w", err)
	}
	ref := Ref{Key: hex.EncodeToString(sum), Size: int64(len(content))}
	if err := s.keep(ctx, ref.Key, content); err != nil {
		return Ref{}, fmt.Errorf("put blob %s: %w", ref.Key, err)
	}
	return ref, nil
}

func read(r io.Reader, limit int64) ([]byte, error) {
	var content bytes.Buffer
	n, err := io.Copy(&content, io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("put blob: read: %w", err)
	}
	if n > limit {
		return nil, fault.New(fault.TooLarge, "blob.error.size", "megabytes", (limit+1<<20-1)>>20)
	}
	return content.Bytes(), nil
}

// keep writes the content unless it is there and sound: a damaged file is
// healed by putting its content again.
func (s *Store) keep(ctx context.Context, key string, content []byte) error {
	if _, err := s.Get(ctx, key); err == nil {
		return s.sync(s.path(key)) // whoever wrote it may not have come so far yet
	}
	sealed, err := s.kek.SealFile(key, content)
	if err != nil {
		return err
	}
	return s.write(s.path(key), sealed, os.Rename)
}
