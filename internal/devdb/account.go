package devdb

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user that Postgres runs as: ourselves or, because Postgres
// refuses root, an unprivileged one.
type account struct {
	name     string
	uid, gid int
	other    bool // not ourselves
}

// chooseAccount returns the user of the cluster in the data folder dir: the
// one that its files belong to, else postgres, else nobody.
func chooseAccount(dir string) (account, error) {
	if os.Geteuid() != 0 {
		return account{name: strconv.Itoa(os.Geteuid()), uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	if dir != "" {
		if info, err := os.Stat(string(homeOf(dir))); err == nil {
			if stat := info.Sys().(*syscall.Stat_t); stat.Uid != 0 {
				return account{name: strconv.Itoa(int(stat.Uid)), uid: int(stat.Uid), gid: int(stat.Gid), other: true}, nil
			}
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(found.Uid)
		gid, err2 := strconv.Atoi(found.Gid)
		a := account{name: name, uid: uid, gid: gid, other: true}
		if err1 == nil && err2 == nil && uid > 0 && a.may("-d", "/") {
			return a, nil
		}
	}
	return account{}, errors.New("Postgres does not run as root, and root cannot become the user postgres or nobody here: run this as an ordinary user")
}

// attributes make a child process run as the account.
func (a account) attributes() *syscall.SysProcAttr {
	if !a.other {
		return &syscall.SysProcAttr{}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
}

// give hands a file or folder of ours to the account.
func (a account) give(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// create opens a file of the account's for writing at its end, and makes it
// when need be.
func (a account) create(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	if err := a.give(path); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// may asks the system, as the account, whether a test(1) of path holds.
func (a account) may(test, path string) bool {
	cmd := exec.Command("/bin/sh", "-c", `test "$1" "$2"`, "sh", test, path)
	cmd.Dir = "/"
	cmd.SysProcAttr = a.attributes()
	return cmd.Run() == nil
}

// mustReach returns an error that names the first folder on the way to path
// that the account may not enter, nil when it may enter them all.
func (a account) mustReach(path string) error {
	if !a.other || a.may("-x", path) {
		return nil
	}
	for blocked := path; ; blocked = filepath.Dir(blocked) {
		parent := filepath.Dir(blocked)
		if parent == blocked || a.may("-x", parent) {
			return fmt.Errorf("Postgres does not run as root; the user %s, which it runs as, may not enter %s: choose another data folder, or allow it (chmod o+x %s)", a.name, blocked, blocked)
		}
	}
}
