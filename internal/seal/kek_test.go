package seal_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pishkhan/internal/seal"
)

func newKEK(t *testing.T) seal.KEK {
	t.Helper()
	kek, err := seal.OpenKEKFile(filepath.Join(t.TempDir(), "kek.json"))
	if err != nil {
		t.Fatal(err)
	}
	return kek
}

func TestKEKFileIsMadeOnceAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "kek.json")
	ids := make([]string, 8)
	var starts sync.WaitGroup
	for i := range ids {
		starts.Go(func() {
			kek, err := seal.OpenKEKFile(path)
			if err != nil {
				t.Error(err)
			}
			ids[i] = kek.ID()
		})
	}
	starts.Wait()
	for _, id := range ids {
		if id != ids[0] || !strings.HasPrefix(id, "file:") {
			t.Errorf("processes that started at once hold different keys: %v", ids)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("temporary files left: %v", left)
	}
	if err := seal.CreateKEKFile(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a KEK was overwritten: %v", err)
	}
}

func TestKEKFileOfOthersIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kek.json")
	if err := seal.CreateKEKFile(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o604, 0o620, 0o601} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.OpenKEKFile(path); err == nil {
			t.Errorf("mode %o was accepted", mode)
		}
	}
	if _, err := seal.OpenKEKFile(t.TempDir()); err == nil {
		t.Error("a folder was accepted")
	}
	damaged := filepath.Join(t.TempDir(), "kek.json")
	if err := os.WriteFile(damaged, []byte(`{"key": "`+planted+`"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := seal.OpenKEKFile(damaged)
	if err == nil {
		t.Fatal("a damaged key file was accepted")
	}
	tells(t, err.Error())
}

func TestKEKDoesNotPrint(t *testing.T) {
	kek := newKEK(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if out := fmt.Sprintf(verb, kek); out != "kek "+kek.ID() {
			t.Errorf("%s prints %s", verb, out)
		}
	}
}

func TestSealedFileOpensUnderItsNameAlone(t *testing.T) {
	kek := newKEK(t)
	content := bytes.Repeat([]byte("passport "), 1000)
	sealed, err := kek.SealFile("a", content)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("passport")) {
		t.Error("the content shows")
	}
	if got, err := kek.OpenFile("a", sealed); err != nil || !bytes.Equal(got, content) {
		t.Errorf("it does not open: %v", err)
	}
	if _, err := kek.OpenFile("b", sealed); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("it opens under another name: %v", err)
	}
	if _, err := newKEK(t).OpenFile("a", sealed); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("it opens under another KEK: %v", err)
	}
	for _, n := range []int{0, 1, 4, 50, len(sealed) - 1} {
		if _, err := kek.OpenFile("a", sealed[:n]); !errors.Is(err, seal.ErrAltered) {
			t.Errorf("it opens when cut to %d: %v", n, err)
		}
	}
	for i := 0; i < len(sealed); i += 97 {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		if _, err := kek.OpenFile("a", altered); !errors.Is(err, seal.ErrAltered) {
			t.Errorf("it opens with byte %d altered: %v", i, err)
		}
	}
}

func TestRotatedKEKFileOpensOldFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kek.json")
	old, err := seal.OpenKEKFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, err := old.SealFile("a", []byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.RotateKEKFile(path); err != nil {
		t.Fatal(err)
	}
	rotated, err := seal.OpenKEKFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if rotated.ID() == old.ID() {
		t.Error("the key is the same")
	}
	if got, err := rotated.OpenFile("a", before); err != nil || string(got) != "before" {
		t.Errorf("an old file does not open: %q, %v", got, err)
	}
	after, err := rotated.SealFile("a", []byte("after"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.OpenFile("a", after); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("the old key opens what the new one sealed: %v", err)
	}
}

func TestMACKey(t *testing.T) {
	kek := newKEK(t)
	wrapped, err := kek.NewMACKey("addresses")
	if err != nil {
		t.Fatal(err)
	}
	open := func() string {
		key, err := kek.OpenMACKey("addresses", wrapped)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := key.Sum([]byte("content"))
		if err != nil {
			t.Fatal(err)
		}
		return hex.EncodeToString(sum)
	}
	if first := open(); first != open() || len(first) != 64 {
		t.Errorf("not a steady 32-byte tag: %s", first)
	}
	if _, err := kek.OpenMACKey("others", wrapped); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("it opens for another purpose: %v", err)
	}
	if _, err := newKEK(t).OpenMACKey("addresses", wrapped); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("it opens under another KEK: %v", err)
	}
}
