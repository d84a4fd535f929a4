package queue_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pishkhan/internal/attachments"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// asked returns an order whose customer, at the visitor's browser, is asked
// a question.
func asked(t *testing.T, w *testworld.World, visitor customers.Visitor) orders.Order {
	t.Helper()
	placed := w.PlacedBy(t, visitor, w.Someone())
	w.Pay(t, placed)
	w.Approve(t, placed.Orders[0])
	o := placed.Orders[0]
	_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	testworld.Must(t, err)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "which page?"))
	return w.Order(t, o)
}

func handIn(t *testing.T, w *testworld.World, visitor customers.Visitor, n int) (ids []int64) {
	t.Helper()
	for i := range n {
		kept, err := w.House.Attachments.Keep(t.Context(), visitor.ID, "192.0.2.1", fmt.Sprintf("page %d.pdf", i+1), sample.PDF(fmt.Sprint(i)))
		testworld.Must(t, err)
		ids = append(ids, kept.ID)
	}
	return ids
}

// An answer with files sets the clock going, and the files lie with the order
// from the same moment on; or neither.
func TestAnswerWithFiles(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor, stranger := w.Visitor(t), w.Visitor(t)
	o, q := asked(t, w, visitor), w.House.Queue
	from := sample.Browser(visitor)
	mine, theirs := handIn(t, w, visitor, attachments.MaxEnclosed+1), handIn(t, w, stranger, 1)

	refused := func(name string, want func(error) bool, err error) {
		t.Helper()
		files, lost := w.House.Folder.Of(t.Context(), w.House.Pool, o.ID)
		testworld.Must(t, lost)
		if !want(err) || len(files) != 0 || w.Order(t, o).State != orders.WaitingCustomer {
			t.Errorf("%s: %v; %d files, %s", name, err, len(files), w.Order(t, o).State)
		}
	}
	notFound := func(err error) bool { return fault.Is(err, fault.NotFound) }
	refused("a stranger's file", notFound, q.Answer(t.Context(), from, o.ID, "this one", mine[0], theirs[0]))
	refused("no file", notFound, q.Answer(t.Context(), from, o.ID, "this one", 999_999))
	refused("too many", func(err error) bool { return names(err, "files") }, q.Answer(t.Context(), from, o.ID, "these", mine...))
	refused("no words", func(err error) bool { return names(err, "answer") }, q.Answer(t.Context(), from, o.ID, " ", mine[0]))
	refused("staff have no browser of the shop", notFound, q.Answer(t.Context(), w.Operator, o.ID, "told", mine[0]))

	testworld.Must(t, q.Answer(t.Context(), from, o.ID, "this one", mine[0], mine[1]))
	c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	files, err := w.House.Folder.Of(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if !c.Running() || w.Order(t, o).State != orders.InProgress || len(files) != 2 || !files[0].OfCustomer() {
		t.Errorf("%+v, %+v", c.Clock, files)
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	if sent := attachments.EnclosedIn(history[len(history)-1]); len(sent) != 2 || sent[0].ID != mine[0] || sent[1].Name != "page 2.pdf" {
		t.Errorf("the history has %+v", sent)
	}
	if err := q.Answer(t.Context(), from, o.ID, "again", mine[2]); !fault.Is(err, fault.Conflict) {
		t.Errorf("an answer that nobody awaits: %v", err)
	}
	other := asked(t, w, visitor)
	if err := q.Answer(t.Context(), from, other.ID, "the same", mine[0]); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file of another order: %v", err)
	}
}

// Of several answers with files at once one is heard, with its own.
func TestAnswersWithFilesAtOnce(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	o, ids := asked(t, w, visitor), handIn(t, w, visitor, 6)
	var heard atomic.Int32
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			switch err := w.House.Queue.Answer(t.Context(), sample.Browser(visitor), o.ID, "this one", id); {
			case err == nil:
				heard.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	files, err := w.House.Folder.Of(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if heard.Load() != 1 || len(files) != 1 {
		t.Errorf("%d answers were heard, %d files came", heard.Load(), len(files))
	}
}
