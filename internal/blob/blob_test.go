package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"pishkhan/internal/blob"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
)

const planted = "passport of Sara Ahmadi"

type world struct {
	dir   string
	kek   seal.KEK
	store *blob.Store
}

func setup(t *testing.T) world {
	t.Helper()
	kek, err := seal.OpenKEKFile(filepath.Join(t.TempDir(), "kek.json"))
	if err != nil {
		t.Fatal(err)
	}
	w := world{dir: filepath.Join(t.TempDir(), "blobs"), kek: kek}
	w.store = w.open(t)
	return w
}

func (w world) open(t *testing.T) *blob.Store {
	t.Helper()
	store, err := blob.Open(w.dir, w.kek)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func (w world) put(t *testing.T, content string) blob.Ref {
	t.Helper()
	ref, err := w.store.Put(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// files are the paths of all contents; what is half-done is counted in.
func (w world) files(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "address.key" {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestContentComesBack(t *testing.T) {
	w := setup(t)
	rapid.Check(t, func(rt *rapid.T) {
		content := rapid.SliceOfN(rapid.Byte(), 0, 5000).Draw(rt, "content")
		ref, err := w.store.Put(context.Background(), iotest.HalfReader(bytes.NewReader(content)), 5000)
		if err != nil {
			rt.Fatal(err)
		}
		if ref.Size != int64(len(content)) {
			rt.Fatalf("size %d of %d bytes", ref.Size, len(content))
		}
		got, err := w.store.Get(context.Background(), ref.Key)
		if err != nil || !bytes.Equal(got, content) {
			rt.Fatalf("got %x, %v", got, err)
		}
	})
}

func TestFolderTellsNothing(t *testing.T) {
	w := setup(t)
	ref := w.put(t, planted)
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else if content, err := os.ReadFile(path); err != nil || bytes.Contains(content, []byte(planted)) {
			t.Errorf("%s shows its content (%v)", path, err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if other := setup(t).put(t, planted); other.Key == ref.Key {
		t.Error("another store names the same content alike: the name tells the content")
	}
}

func TestSameContentIsOneFile(t *testing.T) {
	w := setup(t)
	first := w.put(t, planted)
	var puts sync.WaitGroup
	for range 8 {
		puts.Go(func() {
			again, err := w.open(t).Put(t.Context(), strings.NewReader(planted), 100)
			if err != nil || again != first {
				t.Errorf("%v, %v; first %v", again, err, first)
			}
		})
	}
	puts.Wait()
	if files := w.files(t); len(files) != 1 {
		t.Errorf("files: %v", files)
	}
	if other := w.put(t, planted+"."); other.Key == first.Key {
		t.Error("other content has the same key")
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	w := setup(t)
	if _, err := w.store.Put(t.Context(), strings.NewReader("1234"), 4); err != nil {
		t.Errorf("content of just the limit: %v", err)
	}
	before := len(w.files(t))
	_, err := w.store.Put(t.Context(), strings.NewReader("12345"), 4)
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("one byte more: %v", err)
	}
	zeros := iotest.DataErrReader(io.LimitReader(endless{}, blob.MaxBytes+2))
	_, err = w.store.Put(t.Context(), zeros, 1<<40)
	if f := fault.Of(err); f == nil || f.Kind != fault.TooLarge || f.Args[1] != int64(25) {
		t.Errorf("more than the store takes: %v", err)
	}
	if len(w.files(t)) != before {
		t.Error("refused content was kept")
	}
}

func TestBrokenUploadLeavesNothing(t *testing.T) {
	w := setup(t)
	broken := io.MultiReader(strings.NewReader(planted), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := w.store.Put(t.Context(), broken, 1<<20); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.store.Put(ctx, strings.NewReader(planted), 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if files := w.files(t); len(files) != 0 {
		t.Errorf("left: %v", files)
	}
}

func TestDamagedFileDoesNotOpen(t *testing.T) {
	w := setup(t)
	ref, other := w.put(t, planted), w.put(t, "other")
	path := filepath.Join(w.dir, ref.Key[:2], ref.Key[2:])
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damage := map[string][]byte{
		"empty":      {},
		"cut":        sound[:len(sound)-1],
		"longer":     append(bytes.Clone(sound), 0),
		"bit turned": append(bytes.Clone(sound[:len(sound)-1]), sound[len(sound)-1]^1),
	}
	if damage["other's"], err = os.ReadFile(filepath.Join(w.dir, other.Key[:2], other.Key[2:])); err != nil {
		t.Fatal(err)
	}
	for name, content := range damage {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := w.store.Get(t.Context(), ref.Key); !errors.Is(err, blob.ErrDamaged) || got != nil {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	if again := w.put(t, planted); again != ref {
		t.Errorf("put again: %v", again)
	}
	if got, err := w.store.Get(t.Context(), ref.Key); err != nil || string(got) != planted {
		t.Errorf("not healed by putting it again: %q, %v", got, err)
	}
}

func TestKeysAreNoPaths(t *testing.T) {
	w := setup(t)
	ref := w.put(t, planted)
	outside := filepath.Join(filepath.Dir(w.dir), "outside")
	if err := os.WriteFile(outside, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"", "a", "../outside", strings.ToUpper(ref.Key), ref.Key + "0", ref.Key[:63], ref.Key[:63] + "/",
		"../" + ref.Key[:61], ref.Key[:2] + "/" + ref.Key[2:63], ref.Key[:61] + "%2e", ref.Key[:63] + "\x00",
		"../../../../../../../../../../../../../../../../../../etc/passwd",
	} {
		if _, err := w.store.Get(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("get %q: %v", key, err)
		}
		if err := w.store.Remove(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("remove %q: %v", key, err)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

func TestRemovedIsGone(t *testing.T) {
	w := setup(t)
	ref := w.put(t, planted)
	for range 2 {
		if err := w.store.Remove(t.Context(), ref.Key); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.store.Get(t.Context(), ref.Key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	if files := w.files(t); len(files) != 0 {
		t.Errorf("left: %v", files)
	}
}

func TestOpenSweepsAndKeeps(t *testing.T) {
	w := setup(t)
	ref := w.put(t, planted)
	orphan := filepath.Join(w.dir, "incoming", "123")
	if err := os.WriteFile(orphan, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.store = w.open(t)
	if _, err := os.Stat(orphan); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the orphan is still there: %v", err)
	}
	if got, err := w.store.Get(t.Context(), ref.Key); err != nil || string(got) != planted {
		t.Errorf("got %q, %v", got, err)
	}
	if again := w.put(t, planted); again != ref {
		t.Errorf("a reopened store names the same content %v, before %v", again, ref)
	}
}

func TestOpenLeavesLivingWritersAlone(t *testing.T) {
	w := setup(t)
	incoming := filepath.Join(w.dir, "incoming")
	half := filepath.Join(incoming, "123")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	writer, err := os.Open(incoming)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(writer.Fd()), syscall.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	w.open(t)
	if _, err := os.Stat(half); err != nil {
		t.Errorf("another process's file was removed: %v", err)
	}
	writer.Close()
	w.open(t)
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the dead writer's file is still there: %v", err)
	}
}

func TestOpenUnderAnotherKEKFails(t *testing.T) {
	w, other := setup(t), setup(t)
	if _, err := blob.Open(w.dir, other.kek); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("error %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }
