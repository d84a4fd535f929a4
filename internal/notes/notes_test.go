package notes_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/notes"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A note is its author's to remove, and for a moment to bring back; its words
// are not in the history.
func TestNotes(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	n, ctx := w.House.Notes, t.Context()
	o := w.Paid(t)
	for _, text := range []string{"", " \n ", strings.Repeat("آ", 2001)} {
		if err := n.Add(ctx, w.Operator, o.Code, text); !fault.Is(err, fault.Invalid) || fault.Of(err).Fields[0].Name != "order_note" {
			t.Errorf("a note %.9q: %v", text, err)
		}
	}
	testworld.Must(t, n.Add(ctx, w.Operator, o.Code, " call after five "))
	list, err := n.Of(ctx, w.Operator2.ID, o.ID)
	testworld.Must(t, err)
	if len(list) != 1 || list[0].Body != "call after five" || list[0].MemberName != w.Operator.Name || !list[0].At.Equal(w.Clock.Now()) {
		t.Fatalf("notes %+v", list)
	}
	id := list[0].ID
	if err := n.Remove(ctx, w.Operator2, o.Code, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("a colleague removed it: %v", err)
	}
	if err := n.Remove(ctx, w.Operator, w.Paid(t).Code, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("removed from another order: %v", err)
	}
	testworld.Must(t, n.Remove(ctx, w.Operator, o.Code, id))
	if list, _ = n.Of(ctx, w.Operator2.ID, o.ID); len(list) != 0 {
		t.Errorf("a colleague still sees %+v", list)
	}
	if list, _ = n.Of(ctx, w.Operator.ID, o.ID); len(list) != 1 || !list[0].Removed {
		t.Errorf("its author sees %+v", list)
	}
	testworld.Must(t, n.Restore(ctx, w.Operator, o.Code, id))
	testworld.Must(t, n.Remove(ctx, w.Operator, o.Code, id))
	w.Clock.Advance(notes.UndoFor + time.Second)
	if err := n.Restore(ctx, w.Operator, o.Code, id); !fault.Is(err, fault.Conflict) {
		t.Errorf("restored too late: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE order_id = $1 AND verb LIKE 'note_%'", int64(o.ID)); n != 4 {
		t.Errorf("%d lines in the history", n)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE reason || detail::text LIKE '%after five%'"); n != 0 {
		t.Error("the words of a removed note stay in the history")
	}
}

// A draft is its writer's alone, and goes when its words are sent.
func TestDrafts(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	n, ctx := w.House.Notes, t.Context()
	o := w.Claimed(t)
	testworld.Must(t, n.Keep(ctx, w.Operator, o.Code, map[string]string{"order_note": "half a", "question": "which", "password": "hunter2"}))
	testworld.Must(t, n.Keep(ctx, w.Operator, o.Code, map[string]string{"order_note": "half a note"}))
	drafts, err := n.Drafts(ctx, w.Operator.ID, o.ID)
	testworld.Must(t, err)
	if len(drafts) != 2 || drafts["order_note"] != "half a note" || drafts["question"] != "which" {
		t.Errorf("drafts %v", drafts)
	}
	if theirs, err := n.Drafts(ctx, w.Operator2.ID, o.ID); err != nil || len(theirs) != 0 {
		t.Errorf("a colleague's %v, %v", theirs, err)
	}
	testworld.Must(t, n.Add(ctx, w.Operator, o.Code, "a whole note"))
	testworld.Must(t, n.Keep(ctx, w.Operator, o.Code, map[string]string{"question": "  "}))
	if drafts, _ = n.Drafts(ctx, w.Operator.ID, o.ID); len(drafts) != 0 {
		t.Errorf("left %v", drafts)
	}
	if err := n.Keep(ctx, w.Operator, "AAAAAAA", map[string]string{"question": "x"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("on no order: %v", err)
	}
}
