package receipts_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	samples "pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func put(t *testing.T, w *testworld.World, o orders.Order, name string, content []byte) int64 {
	t.Helper()
	stored, err := w.House.Receipts.Store(t.Context(), name, content)
	testworld.Must(t, err)
	var id int64
	testworld.Must(t, db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		id, err = w.House.Receipts.Add(ctx, tx, w.Clock.Now(), int64(o.ID), w.Operator.ID, w.Clock.Now(), stored)
		return err
	}))
	return id
}

// A receipt comes back byte for byte, lies sealed on the disk, and is its order's alone.
func TestStore(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, other := w.Placed(t).Orders[0], w.Placed(t).Orders[0]
	content := samples.PDF("PLANTED-IN-A-RECEIPT")
	id := put(t, w, o, "../../رسید\r\n.pdf", content)
	paper, got, err := w.House.Receipts.Read(t.Context(), int64(o.ID), id)
	if err != nil || string(got) != string(content) || paper.MIME != "application/pdf" || paper.Size != int64(len(content)) || strings.ContainsAny(paper.Name, "/\r\n") {
		t.Errorf("%+v, %d bytes, %v", paper, len(got), err)
	}
	if _, _, err := w.House.Receipts.Read(t.Context(), int64(other.ID), id); !fault.Is(err, fault.NotFound) {
		t.Errorf("another order's: %v", err)
	}
	files := 0
	testworld.Must(t, filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		raw, err := os.ReadFile(path)
		if strings.Contains(string(raw), "PLANTED") || strings.HasPrefix(string(raw), "%PDF") {
			t.Errorf("%s is in the clear", path)
		}
		return err
	}))
	if files < 2 { // the key, the people, the receipt
		t.Errorf("%d files: looked in the wrong place", files)
	}
}

// A removed receipt is off the order, but not off the record.
func TestRemove(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Placed(t).Orders[0]
	first, second := put(t, w, o, "one.pdf", samples.PDF("one")), put(t, w, o, "two.pdf", samples.PDF("two"))
	remove := func(order orders.Order, id int64) error {
		return db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
			return w.House.Receipts.Remove(ctx, tx, w.Clock.Now(), int64(order.ID), id)
		})
	}
	if err := remove(w.Placed(t).Orders[0], first); !fault.Is(err, fault.NotFound) {
		t.Errorf("through another order: %v", err)
	}
	testworld.Must(t, remove(o, first))
	if err := remove(o, first); !fault.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
	papers, err := w.House.Receipts.Of(t.Context(), w.House.Pool, int64(o.ID))
	if err != nil || len(papers) != 1 || papers[0].ID != second {
		t.Errorf("%+v, %v", papers, err)
	}
	if _, _, err := w.House.Receipts.Read(t.Context(), int64(o.ID), first); !fault.Is(err, fault.NotFound) {
		t.Errorf("still read: %v", err)
	}
	if _, content, err := w.House.Receipts.ReadByID(t.Context(), first); err != nil || len(content) == 0 {
		t.Errorf("off the record: %v", err)
	}
	if _, _, err := w.House.Receipts.ReadByID(t.Context(), 999_999); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such receipt: %v", err)
	}
}

// A file without its bytes is an error, not an empty receipt.
func TestLostFile(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Placed(t).Orders[0]
	id := put(t, w, o, "one.pdf", samples.PDF("one"))
	testworld.Must(t, os.RemoveAll(filepath.Join(w.Dir, "files")))
	if _, content, err := w.House.Receipts.Read(t.Context(), int64(o.ID), id); err == nil || content != nil {
		t.Errorf("%d bytes, %v", len(content), err)
	}
}
