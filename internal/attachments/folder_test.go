package attachments_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pishkhan/internal/attachments"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

var both = attachments.Sight{Desk: true, Customer: true}

func wrongAt(err error, field string) string {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != field {
		return fmt.Sprint("no fault of ", field, ": ", err)
	}
	return f.Fields[0].Key
}

// files returns what lies with an order.
func files(t *testing.T, w *testworld.World, o orders.Order) []attachments.OrderFile {
	t.Helper()
	list, err := w.House.Folder.Of(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	return list
}

// A file that a member attaches lies with its order alone, in whatever state
// that is; who opens it is on record, and what becomes of it in the history.
func TestAttach(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	folder, content := w.House.Folder, sample.PDF("a mail")
	cancelled := w.Placed(t).Orders[0]
	testworld.Must(t, w.House.Checkout.Cancel(t.Context(), w.Supervisor, cancelled, ""))
	for _, o := range []orders.Order{w.Claimed(t), w.Done(t), w.Order(t, cancelled)} {
		for range 2 { // sent twice, it stays one
			testworld.Must(t, folder.Attach(t.Context(), w.Finance, o.Code, "../mail\r\n.pdf", content))
		}
		list := files(t, w, o)
		if len(list) != 1 || list[0].Name != "mail.pdf" || list[0].MemberName != w.Finance.Name || list[0].OfCustomer() || list[0].Size != int64(len(content)) {
			t.Fatalf("%s: %+v", o.State, list)
		}
		id := list[0].ID
		_, got, err := folder.View(t.Context(), w.Operator, both, o.Code, id)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'attachment.view' AND subject = $1 AND (detail->>'attachment')::bigint = $2", o.Subject(), id); n != 1 {
			t.Errorf("%d lines on the record", n)
		}
		history, err := w.House.Orders.History(t.Context(), o.ID)
		testworld.Must(t, err)
		if last := history[len(history)-1]; last.Verb != orders.FileAttached || last.Detail["name"] != "mail.pdf" || last.To != "" {
			t.Errorf("the history ends with %+v", last)
		}
		if w.Order(t, o).State != o.State {
			t.Error("its state is another")
		}
	}
	if err := folder.Attach(t.Context(), w.Operator, "ZZZZZZZ", "a.pdf", content); !fault.Is(err, fault.NotFound) {
		t.Errorf("on no order: %v", err)
	}
}

// Another order's file, one that is not for the viewer's eyes, and none are
// the same; looking in vain opens nothing.
func TestViewRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, other := w.Claimed(t), w.Claimed(t)
	testworld.Must(t, w.House.Folder.Attach(t.Context(), w.Operator, o.Code, "a.pdf", sample.PDF("a")))
	id := files(t, w, o)[0].ID
	for name, try := range map[string]struct {
		sight attachments.Sight
		code  string
		id    int64
	}{
		"another order's": {both, other.Code, id},
		"none":            {both, o.Code, id + 1},
		"no order's":      {both, "ZZZZZZZ", id},
		"not for them":    {attachments.Sight{Customer: true}, o.Code, id},
	} {
		if _, content, err := w.House.Folder.View(t.Context(), w.Operator2, try.sight, try.code, try.id); !fault.Is(err, fault.NotFound) || content != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'attachment.view'"); n != 0 {
		t.Errorf("%d openings on the record", n)
	}
}

// What a file is, its content says; nothing of what is refused stays.
func TestAttachRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	svg := `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	for want, tries := range map[string][]struct {
		name    string
		content []byte
	}{
		"attachments.error.mismatch": {{"page.png", []byte("<!doctype html><script>alert(1)</script>")}, {"drawing.png", []byte(svg)}, {"mail.pdf", []byte(svg)},
			{"both.pdf", append([]byte("%PDF-1.7\n<html><script>alert(1)</script>"), sample.PDF("x")...)}},
		"attachments.error.kind":  {{"drawing.svg", []byte(svg)}, {"page.html", []byte("<html>")}, {"a.pdf.exe", []byte("MZ")}},
		"attachments.error.empty": {{"a.pdf", nil}},
		"attachments.error.size":  {{"a.pdf", make([]byte, attachments.MaxBytes+1)}},
	} {
		for _, try := range tries {
			err := w.House.Folder.Attach(t.Context(), w.Operator, o.Code, try.name, try.content)
			if got := wrongAt(err, "attachment"); got != want {
				t.Errorf("%s: %s, want %s", try.name, got, want)
			}
		}
	}
	if n := w.Count(t, "SELECT (SELECT count(*) FROM attachments) + (SELECT count(*) FROM order_files)"); n != 0 {
		t.Errorf("%d rows were left", n)
	}
	largest := slices.Concat([]byte("%PDF-1.7\n"), make([]byte, attachments.MaxBytes-28), []byte("\nstartxref\n0\n%%EOF\n"))
	if len(largest) != attachments.MaxBytes {
		t.Fatalf("%d bytes", len(largest))
	}
	testworld.Must(t, w.House.Folder.Attach(t.Context(), w.Operator, o.Code, "largest.pdf", largest))
}

// Twenty files lie with an order and no more, however many people attach at
// once; one that is taken away makes room.
func TestRoomOnAnOrder(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, folder := w.Claimed(t), w.House.Folder
	for i := range attachments.MaxOnOrder - 1 {
		testworld.Must(t, folder.Attach(t.Context(), w.Operator, o.Code, "a.pdf", sample.PDF(fmt.Sprint(i))))
	}
	var kept, full atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			err := folder.Attach(t.Context(), w.Supervisor, o.Code, "b.pdf", sample.PDF(fmt.Sprint("last ", i)))
			switch {
			case err == nil:
				kept.Add(1)
			case wrongAt(err, "attachment") == "attachments.error.order_full":
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if kept.Load() != 1 || full.Load() != 7 {
		t.Errorf("%d got the last place, %d were refused", kept.Load(), full.Load())
	}
	if n := w.Count(t, "SELECT count(*) FROM attachments"); n != attachments.MaxOnOrder {
		t.Errorf("%d files are kept", n)
	}
	first := files(t, w, o)[0].ID
	testworld.Must(t, folder.Remove(t.Context(), w.Operator, o.Code, first, attachments.Removal{}))
	testworld.Must(t, folder.Attach(t.Context(), w.Operator, o.Code, "c.pdf", sample.PDF("in its place")))
	if _, err := w.House.Pool.Exec(t.Context(), "UPDATE order_files SET removed_at = NULL, removed_by = NULL WHERE attachment_id = $1", first); err == nil {
		t.Error("the table takes two in one place")
	}
	testworld.Must(t, folder.Attach(t.Context(), w.Operator, w.Claimed(t).Code, "d.pdf", sample.PDF("another order's")))
}

// Who put a file there takes it away, or a supervisor, who says why; the row
// and both lines of the history stay.
func TestRemove(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, folder := w.Claimed(t), w.House.Folder
	for _, name := range []string{"a.pdf", "b.pdf"} {
		testworld.Must(t, folder.Attach(t.Context(), w.Operator, o.Code, name, sample.PDF(name)))
	}
	a, b := files(t, w, o)[0].ID, files(t, w, o)[1].ID
	if err := folder.Remove(t.Context(), w.Operator2, o.Code, a, attachments.Removal{Why: "tidy"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a colleague's: %v", err)
	}
	if err := folder.Remove(t.Context(), w.Operator, w.Claimed(t).Code, a, attachments.Removal{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("by another order's address: %v", err)
	}
	if got := wrongAt(folder.Remove(t.Context(), w.Supervisor, o.Code, a, attachments.Removal{Why: " ", Any: true}), "why"); got != "attachments.error.why" {
		t.Errorf("without a word: %s", got)
	}
	if got := wrongAt(folder.Remove(t.Context(), w.Operator, o.Code, a, attachments.Removal{Why: strings.Repeat("آ", 1001)}), "why"); got != "fulfil.error.long" {
		t.Errorf("with too many words: %s", got)
	}
	if len(files(t, w, o)) != 2 {
		t.Fatal("a refused removal removed")
	}
	testworld.Must(t, folder.Remove(t.Context(), w.Operator, o.Code, a, attachments.Removal{}))
	testworld.Must(t, folder.Remove(t.Context(), w.Supervisor, o.Code, b, attachments.Removal{Why: "another order's", Any: true}))
	if len(files(t, w, o)) != 0 {
		t.Error("they are still there")
	}
	if _, _, err := folder.View(t.Context(), w.Operator, both, o.Code, a); !fault.Is(err, fault.NotFound) {
		t.Errorf("it still opens: %v", err)
	}
	if err := folder.Remove(t.Context(), w.Operator, o.Code, a, attachments.Removal{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_files WHERE removed_at IS NOT NULL"); n != 2 {
		t.Errorf("%d rows stay", n)
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	if last := history[len(history)-1]; last.Verb != orders.FileRemoved || last.Reason != "another order's" || last.Detail["name"] != "b.pdf" {
		t.Errorf("the history ends with %+v", last)
	}
}
