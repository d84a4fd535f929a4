package blob_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pishkhan/internal/blob"
	"pishkhan/internal/seal"
)

func TestRewrapMovesAllToTheNewKEK(t *testing.T) {
	path, dir := filepath.Join(t.TempDir(), "kek.json"), filepath.Join(t.TempDir(), "blobs")
	open := func() world {
		t.Helper()
		kek, err := seal.OpenKEKFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w := world{dir: dir, kek: kek}
		w.store = w.open(t)
		return w
	}
	old := open()
	var refs []blob.Ref
	for i := range 5 {
		refs = append(refs, old.put(t, fmt.Sprint(planted, i)))
	}
	if err := seal.RotateKEKFile(path); err != nil {
		t.Fatal(err)
	}
	rotated := open()
	var done int
	if err := rotated.store.Rewrap(t.Context(), func(n int) { done = n }); err != nil || done != len(refs) {
		t.Fatalf("%d done, %v", done, err)
	}
	for i, ref := range refs {
		if got, err := rotated.store.Get(t.Context(), ref.Key); err != nil || string(got) != fmt.Sprint(planted, i) {
			t.Errorf("got %q, %v", got, err)
		}
		if _, err := old.store.Get(t.Context(), ref.Key); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("the old key still opens it: %v", err)
		}
		if again := open().put(t, fmt.Sprint(planted, i)); again != ref {
			t.Errorf("the same content has moved from %v to %v", ref, again)
		}
	}
	if _, err := blob.Open(dir, old.kek); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("the old key still opens the folder: %v", err)
	}
	if files := rotated.files(t); len(files) != len(refs) {
		t.Errorf("files: %v", files)
	}
	if err := os.WriteFile(filepath.Join(dir, refs[0].Key[:2], refs[0].Key[2:]), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := rotated.store.Rewrap(t.Context(), func(int) {}); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("a damaged file was passed over: %v", err)
	}
}
