package attachments_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/attachments"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A file comes back as it was, lies sealed on the disk, and its name is harmless.
func TestKeep(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	content := sample.PDF("PLANTED-IN-A-PASSPORT")
	kept, err := w.House.Attachments.Keep(t.Context(), w.Visitor(t).ID, "192.0.2.1", "../../گذرنامه\r\n.pdf", content)
	testworld.Must(t, err)
	found, got, err := w.House.Attachments.Read(t.Context(), kept.ID)
	if err != nil || !bytes.Equal(got, content) || found != kept {
		t.Errorf("kept %+v, read %+v with %d bytes, %v", kept, found, len(got), err)
	}
	if kept.Name != "گذرنامه.pdf" || kept.MIME != "application/pdf" || kept.Size != int64(len(content)) || !kept.AddedAt.Equal(w.Clock.Now()) {
		t.Errorf("%+v", kept)
	}
	testworld.Must(t, filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte("PLANTED")) {
			t.Errorf("%s is in the clear", path)
		}
		return err
	}))
	if _, _, err := w.House.Attachments.Read(t.Context(), kept.ID+1); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such file: %v", err)
	}
}

// What receipts refuses is refused in words about a customer's file, which
// can stand beside any input.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t).ID
	for want, file := range map[string]struct {
		name    string
		content []byte
	}{
		"attachments.error.empty":    {"passport.pdf", nil},
		"attachments.error.kind":     {"passport.exe", []byte("MZ")},
		"attachments.error.mismatch": {"passport.png", sample.PDF("no picture")},
		"attachments.error.damaged":  {"passport.png", []byte("\x89PNG\r\n\x1a\nand no more")},
		"attachments.error.size":     {"passport.pdf", make([]byte, attachments.MaxBytes+1)},
		"attachments.error.pixels":   {"passport.png", flood()},
	} {
		_, err := w.House.Attachments.Keep(t.Context(), visitor, "192.0.2.1", file.name, file.content)
		f := fault.Of(err)
		if f == nil || f.Kind != fault.Invalid || f.Key != want || len(f.Fields) != 0 {
			t.Errorf("%s: %v", want, err)
			continue
		}
		for _, lang := range []i18n.Lang{i18n.FA, i18n.EN} {
			if words := lang.T(f.Key, f.Args...); words == "" || strings.Contains(words, "{") || strings.Contains(words, "attachments.") {
				t.Errorf("%s reads %q", want, words)
			}
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM attachments"); n != 0 {
		t.Errorf("%d refused files were kept", n)
	}
}

// flood is a small picture that asks for 10^10 pixels.
func flood() []byte {
	header := []byte("IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00")
	picture := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(picture, crc32.ChecksumIEEE(header))
}

// Nobody hands in another's file as their own.
func TestOwn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	mine, theirs := w.Visitor(t).ID, w.Visitor(t).ID
	keep := func(visitor int64) int64 {
		kept, err := w.House.Attachments.Keep(t.Context(), visitor, "192.0.2.1", "a.pdf", sample.PDF("a"))
		testworld.Must(t, err)
		return kept.ID
	}
	a, b, c := keep(mine), keep(mine), keep(theirs)
	kept, err := w.House.Attachments.KeepForClient(t.Context(), mine, "a.pdf", sample.PDF("a"))
	testworld.Must(t, err)
	ofClient := kept.ID // of a client with the visitor's number

	room, pool := w.House.Attachments, w.House.Pool
	for _, ids := range [][]int64{nil, {a}, {b, a}, {a, a, b}} {
		if err := room.Own(t.Context(), pool, mine, ids); err != nil {
			t.Errorf("%v are not one's own: %v", ids, err)
		}
	}
	for _, ids := range [][]int64{{c}, {a, c}, {a, 999_999}, {ofClient}} {
		if err := room.Own(t.Context(), pool, mine, ids); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v: %v", ids, err)
		}
	}
	testworld.Must(t, room.OwnByClient(t.Context(), pool, mine, []int64{ofClient}))
	for _, ids := range [][]int64{{a}, {ofClient, a}} {
		if err := room.OwnByClient(t.Context(), pool, mine, ids); !fault.Is(err, fault.NotFound) {
			t.Errorf("of a client, %v: %v", ids, err)
		}
	}
	list, err := room.Of(t.Context(), pool, []int64{c, a, 999_999})
	if err != nil || len(list) != 2 || list[0].ID != a || list[1].ID != c {
		t.Errorf("%+v, %v", list, err)
	}
}

// Sixty files a day and no more, however many are sent at once; tomorrow is
// another day, and another browser's quota is its own.
func TestQuota(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t).ID
	keep := func(visitor int64, content []byte) error {
		_, err := w.House.Attachments.Keep(t.Context(), visitor, "192.0.2.1", "a.pdf", content)
		return err
	}
	var kept, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 75 {
		wg.Go(func() {
			switch err := keep(visitor, sample.PDF(fmt.Sprint(i))); {
			case err == nil:
				kept.Add(1)
			case fault.Is(err, fault.TooMany):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if kept.Load() != 60 || refused.Load() != 15 {
		t.Errorf("%d kept, %d refused", kept.Load(), refused.Load())
	}
	testworld.Must(t, keep(w.Visitor(t).ID, sample.PDF("another's")))
	w.Clock.Advance(24 * time.Hour)
	testworld.Must(t, keep(visitor, sample.PDF("tomorrow")))
}

// Ten files of 20 MB are a day's worth.
func TestQuotaOfBytes(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t).ID
	large := slices.Concat([]byte("%PDF-1.7\n"), make([]byte, attachments.MaxBytes-100), []byte("\nstartxref\n0\n%%EOF\n"))
	for i := range 10 {
		_, err := w.House.Attachments.Keep(t.Context(), visitor, "192.0.2.1", "a.pdf", large)
		if err != nil {
			t.Fatalf("file %d: %v", i+1, err)
		}
	}
	if _, err := w.House.Attachments.Keep(t.Context(), visitor, "192.0.2.1", "a.pdf", sample.PDF("small")); err != nil {
		t.Errorf("what is left is not enough for a small one: %v", err)
	}
	if _, err := w.House.Attachments.Keep(t.Context(), visitor, "192.0.2.1", "a.pdf", large); !fault.Is(err, fault.TooMany) {
		t.Errorf("eleven large ones: %v", err)
	}
}

// New browsers are no new quota: two hundred files a day from one IPv4
// address or IPv6 /64, however many browsers; clients of the API are told
// apart by their keys.
func TestQuotaOfAnAddress(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	fill := func(ip string) {
		_, err := w.House.Pool.Exec(t.Context(), `INSERT INTO attachments (visitor_id, ip, name, mime, size_bytes, blob_key, added_at)
			SELECT $1, $2, 'a.pdf', 'application/pdf', 100, 'k' || n, $3 FROM generate_series(1, 199) n`, w.Visitor(t).ID, ip, w.Clock.Now())
		testworld.Must(t, err)
	}
	fill("192.0.2.7")
	fill("2001:db8:1:2::/64")
	keep := func(ip string) error {
		_, err := w.House.Attachments.Keep(t.Context(), w.Visitor(t).ID, ip, "a.pdf", sample.PDF("a"))
		return err
	}
	var kept atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := keep("192.0.2.7"); err == nil {
				kept.Add(1)
			} else if !fault.Is(err, fault.TooMany) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if kept.Load() != 1 {
		t.Errorf("%d browsers at once got the last place", kept.Load())
	}
	testworld.Must(t, keep("2001:db8:1:2:aaaa::1"))
	if err := keep("2001:db8:1:2:bbbb::2"); !fault.Is(err, fault.TooMany) {
		t.Errorf("another of the same /64: %v", err)
	}
	if err := keep("::ffff:192.0.2.7"); !fault.Is(err, fault.TooMany) {
		t.Errorf("the same address written otherwise: %v", err)
	}
	testworld.Must(t, keep("2001:db8:1:3::1"))
	testworld.Must(t, keep("192.0.2.8"))
	_, err := w.House.Attachments.KeepForClient(t.Context(), 1, "a.pdf", sample.PDF("a"))
	testworld.Must(t, err)
	w.Clock.Advance(24 * time.Hour)
	testworld.Must(t, keep("192.0.2.7"))
}
