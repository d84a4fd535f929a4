package blob_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"pishkhan/internal/blob"
	"pishkhan/internal/seal"
)

// A full disk is stood in for by a process that may not write files beyond 64
// KiB: the write fails half-way in the same manner.
func TestFullDiskLeavesNoHalfFile(t *testing.T) {
	if dir := os.Getenv("BLOB_TEST_FULL"); dir != "" {
		fillUp(t, dir, os.Getenv("BLOB_TEST_KEK"))
		return
	}
	w := setup(t)
	kekPath := t.TempDir() + "/kek.json"
	kek, err := seal.OpenKEKFile(kekPath)
	if err != nil {
		t.Fatal(err)
	}
	w.dir, w.kek = w.dir+"2", kek
	w.store = w.open(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFullDiskLeavesNoHalfFile$", "-test.v")
	cmd.Env = append(os.Environ(), "BLOB_TEST_FULL="+w.dir, "BLOB_TEST_KEK="+kekPath)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "the disk is full") {
		t.Fatalf("%v\n%s", err, out)
	}
	if files := w.files(t); len(files) != 1 {
		t.Errorf("files: %v", files)
	}
	w.put(t, strings.Repeat("x", 100<<10))
}

func fillUp(t *testing.T, dir, kekPath string) {
	kek, err := seal.OpenKEKFile(kekPath)
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open(dir, kek)
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	small, err := store.Put(t.Context(), strings.NewReader(planted), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Put(t.Context(), bytes.NewReader(make([]byte, 100<<10)), 1<<20)
	if !errors.Is(err, syscall.EFBIG) {
		t.Fatalf("a full disk gave %v", err)
	}
	t.Log("the disk is full")
	if got, err := store.Get(t.Context(), small.Key); err != nil || string(got) != planted {
		t.Errorf("what was there before: %q, %v", got, err)
	}
}
