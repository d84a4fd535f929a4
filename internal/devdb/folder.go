package devdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// DefaultDir returns the data folder of whoever runs this: the user's data
// directory or, as root, one that an unprivileged Postgres can reach. Without
// a home it is a folder of this user's own that survives a restart.
func DefaultDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/pishkhan"
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "pishkhan")
	}
	home := os.Getenv("HOME")
	switch {
	case !filepath.IsAbs(home):
		return "/var/tmp/pishkhan-" + strconv.Itoa(os.Geteuid())
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "pishkhan")
	}
	return filepath.Join(home, ".local", "share", "pishkhan")
}

// prepareHome makes the folder of the cluster in the data folder dir.
func prepareHome(dir string, user account) (home, error) {
	if err := prepareDir(dir, user); err != nil {
		return "", fmt.Errorf("data folder %s: %w", dir, err)
	}
	if err := linkElsewhere(dir, user); err != nil {
		return "", fmt.Errorf("data folder %s: %w", dir, err)
	}
	h := homeOf(dir)
	switch err := os.Mkdir(string(h), 0o700); {
	case err == nil:
		if err := user.give(string(h)); err != nil {
			return "", fmt.Errorf("data folder %s: %w", dir, err)
		}
	case !errors.Is(err, os.ErrExist):
		return "", fmt.Errorf("data folder %s: %w", dir, err)
	}
	if owner, err := ownerOf(string(h)); err != nil || owner != user.uid {
		return "", fmt.Errorf("%s belongs to another user: choose another data folder", h)
	}
	if err := h.createLocks(user); err != nil {
		return "", fmt.Errorf("data folder %s: %w", dir, err)
	}
	return h, nil
}

// prepareDir makes the data folder, and lets the account through it.
func prepareDir(dir string, user account) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	owner, err := ownerOf(dir)
	if err != nil {
		return err
	}
	if owner != os.Geteuid() && owner != 0 && os.Geteuid() != 0 {
		return errors.New("it belongs to another user: choose another")
	}
	if user.other && !user.may("-x", dir) && ours(dir) {
		// Only the account's group, and only through: nothing becomes readable.
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if err := os.Chown(dir, -1, user.gid); err != nil {
			return err
		}
		if err := os.Chmod(dir, info.Mode().Perm()|0o010); err != nil {
			return err
		}
	}
	return nil
}

// linkElsewhere makes a data folder that the account cannot get to, because
// root keeps it below a closed folder, a link to a cluster that it can reach.
func linkElsewhere(dir string, user account) error {
	if !user.other || user.may("-x", dir) {
		return nil
	}
	link := filepath.Join(dir, "postgres")
	if _, err := os.Lstat(link); err == nil {
		return user.mustReach(string(homeOf(dir)))
	}
	if err := os.MkdirAll(elsewhere, 0o711); err != nil {
		return err
	}
	folder, err := privateFolder(elsewhere, user)
	if err != nil {
		return err
	}
	return errors.Join(user.mustReach(folder), os.Symlink(folder, link))
}

// elsewhere holds root's clusters whose data folders are out of reach.
const elsewhere = "/var/lib/pishkhan-clusters"

// Remove removes the cluster of a data folder, which must not run.
func Remove(dir string) error {
	if _, err := URL(dir); !errors.Is(err, ErrStopped) {
		return fmt.Errorf("remove the cluster of %s: %w", dir, ErrRunning)
	}
	return errors.Join(os.RemoveAll(string(homeOf(dir))), os.RemoveAll(filepath.Join(dir, "postgres")))
}

// ours reports whether a folder is a data folder, or empty: one whose
// permissions are ours to set.
func ours(dir string) bool {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err == nil
	}
	_, err = os.Stat(string(homeOf(dir)))
	return err == nil
}

func ownerOf(path string) (int, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	return int(info.Sys().(*syscall.Stat_t).Uid), nil
}

// temporaryHome makes a folder for a cluster that nothing is kept of.
func temporaryHome(user account) (home, error) {
	parent := os.TempDir()
	if user.other && !(user.may("-x", parent) && user.may("-w", parent)) {
		parent = "/tmp" // root's own TMPDIR may be closed to others
	}
	folder, err := privateFolder(parent, user)
	if err != nil {
		return "", fmt.Errorf("folder for a temporary Postgres: %w", err)
	}
	h := home(folder)
	return h, errors.Join(h.createLocks(user), user.mustReach(folder))
}

// maxSocketPath is a little below the least of the systems' limits, macOS's 104.
const maxSocketPath = 100

// socketFolder returns where the socket goes: in the cluster's folder, or in
// a short private one when that path is too long for a socket.
func socketFolder(h home, user account) (string, error) {
	if len(h.path(".s.PGSQL."+port+".lock")) <= maxSocketPath {
		return string(h), nil
	}
	folder, err := privateFolder("/tmp", user)
	if err != nil {
		return "", fmt.Errorf("folder for the socket of Postgres: %w", err)
	}
	return folder, nil
}

func privateFolder(parent string, user account) (string, error) {
	folder, err := os.MkdirTemp(parent, "pishkhan-")
	if err != nil {
		return "", err
	}
	return folder, user.give(folder)
}
