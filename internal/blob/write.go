package blob

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// write makes a file that is either complete, on disk and under its name, or
// not there at all. put gives it the name: os.Rename replaces a file of that
// name, os.Link fails.
func (s *Store) write(path string, sealed []byte, put func(from, to string) error) error {
	release, err := lock(s.incoming(), syscall.LOCK_SH)
	if err != nil {
		return err
	}
	defer release()
	return s.writeLocked(path, sealed, put)
}

// writeLocked is write for who holds the lock on the incoming folder.
func (s *Store) writeLocked(path string, sealed []byte, put func(from, to string) error) error {
	f, err := os.CreateTemp(s.incoming(), "*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // of no effect once it is renamed
	_, err = f.Write(sealed)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := put(f.Name(), path); err != nil {
		return err
	}
	return s.sync(path)
}

// sync puts the name of the file at path on disk: its folder, and the name of
// that folder.
func (s *Store) sync(path string) error {
	return errors.Join(syncFolder(filepath.Dir(path)), syncFolder(s.dir))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sweep removes what dead writers left. A writer shares the lock on the
// incoming folder while it writes, and loses it when it dies; if one is at work now,
// the sweep is left to the next start.
func (s *Store) sweep() error {
	release, err := lock(s.incoming(), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil
	}
	if err != nil {
		return err
	}
	defer release()
	left, err := os.ReadDir(s.incoming())
	if err != nil {
		return err
	}
	for _, entry := range left {
		if err := os.Remove(filepath.Join(s.incoming(), entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// lock takes an advisory lock on a folder, which ends with release or with
// the process.
func lock(dir string, how int) (release func(), err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(d.Fd()), how)
		if err == nil {
			return func() { _ = d.Close() }, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			_ = d.Close()
			return nil, err
		}
	}
}
