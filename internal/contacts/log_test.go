package contacts_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/contacts"
	"pishkhan/internal/fault"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// What is missing or wrong in a report is said by its field, and nothing is written.
func TestRefusedReports(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	at := func(d time.Duration) contacts.Next {
		return contacts.Next{When: contacts.AtTime, At: w.Clock.Now().Add(d)}
	}
	for name, c := range map[string]struct {
		report contacts.Report
		field  string
	}{
		"no outcome":       {contacts.Report{Note: "?"}, "outcome"},
		"an invented one":  {contacts.Report{Outcome: "bribed"}, "outcome"},
		"no words":         {reached(" \n "), "note"},
		"too many":         {reached(strings.Repeat("آ", 2001)), "note"},
		"nobody, no next":  {contacts.Report{Outcome: contacts.NoAnswer}, "next"},
		"busy, no next":    {contacts.Report{Outcome: contacts.Busy, Next: contacts.Next{When: contacts.Never}}, "next"},
		"later, no next":   {contacts.Report{Outcome: contacts.CallLater}, "next"},
		"an invented time": {contacts.Report{Outcome: contacts.Busy, Next: contacts.Next{When: "someday"}}, "next"},
		"now":              {contacts.Report{Outcome: contacts.Busy, Next: at(0)}, "next_at"},
		"yesterday":        {contacts.Report{Outcome: contacts.Busy, Next: at(-24 * time.Hour)}, "next_at"},
		"in years":         {contacts.Report{Outcome: contacts.Busy, Next: at(400 * 24 * time.Hour)}, "next_at"},
	} {
		err := w.House.Contacts.Log(t.Context(), w.Operator, o.Code, c.report)
		if f := fault.Of(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.House.Contacts.Log(t.Context(), w.Operator, "AAAAAAA", reached("whom?")); !fault.Is(err, fault.NotFound) {
		t.Errorf("about no order: %v", err)
	}
	if err := w.House.Contacts.LogTask(t.Context(), w.Operator, 999_999, reached("whom?")); !fault.Is(err, fault.Conflict) {
		t.Errorf("no such call: %v", err)
	}
	if n := w.Count(t, "SELECT count(*) FROM contact_calls") + w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'contacted'"); n != 0 {
		t.Errorf("%d lines were written", n)
	}
}

// Each call stays on record with who made it and when, in the order's history
// as well; nobody changes it.
func TestCallsStay(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	later := w.Clock.Now().Add(50 * time.Hour).Truncate(time.Second)
	room := w.House.Contacts
	testworld.Must(t, room.Log(t.Context(), w.Operator, o.Code, contacts.Report{
		Outcome: contacts.CallLater, Note: " in a meeting ", Next: contacts.Next{When: contacts.AtTime, At: later},
	}))
	tasks, err := room.Of(t.Context(), o.ID)
	testworld.Must(t, err)
	tasks = live(tasks)
	if len(tasks) != 1 || tasks[0].Why != contacts.Agreed || !tasks[0].Agreed || !tasks[0].DueAt.Equal(later) || tasks[0].ClosedAt != nil {
		t.Fatalf("to call: %+v", tasks)
	}
	w.Clock.Advance(51 * time.Hour)
	testworld.Must(t, room.Log(t.Context(), w.Operator2, o.Code, reached("will wait")))
	if tasks, err = room.Of(t.Context(), o.ID); err != nil || len(live(tasks)) != 0 || tasks[len(tasks)-1].Outcome != "will wait" {
		t.Errorf("to call: %+v, %v", tasks, err)
	}
	calls, err := room.Calls(t.Context(), o.ID)
	testworld.Must(t, err)
	if len(calls) != 2 || calls[0].Note != "in a meeting" || calls[0].MemberName != w.Operator.Name || calls[0].NextAt == nil || !calls[0].NextAt.Equal(later) ||
		calls[1].Outcome != contacts.Reached || !calls[1].At.Equal(w.Clock.Now()) || calls[1].NextAt != nil {
		t.Errorf("called: %+v", calls)
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	last := history[len(history)-1]
	if last.Verb != orders.Contacted || last.Reason != "will wait" || last.Actor.ID != w.Operator2.ID || last.Detail["outcome"] != "reached" {
		t.Errorf("%+v", last)
	}
	for _, change := range []string{"UPDATE contact_calls SET note = ''", "DELETE FROM contact_calls", "TRUNCATE contact_calls"} {
		if _, err := w.House.Pool.Exec(t.Context(), change); err == nil {
			t.Errorf("%s went through", change)
		}
	}
}

// A call about one occasion leaves the others open; one logged on the order's
// screen is about all.
func TestLogIsAboutAllThatIsOpen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	open(t, w, o, contacts.Question, "which seat?")
	open(t, w, o, contacts.PaymentQuarantined, "")
	room := w.House.Contacts
	tasks := func() []contacts.Task {
		tasks, err := room.Of(t.Context(), o.ID)
		testworld.Must(t, err)
		return live(tasks)
	}
	busy := contacts.Report{Outcome: contacts.Busy, Next: contacts.Next{When: contacts.Soon}}
	testworld.Must(t, room.LogTask(t.Context(), w.Operator, tasks()[0].ID, busy))
	if got := tasks(); len(got) != 2 || !got[0].Agreed || got[1].Agreed || !got[1].DueAt.Equal(got[1].OpenedAt) {
		t.Errorf("%+v", got)
	}
	testworld.Must(t, room.Log(t.Context(), w.Operator, o.Code, busy))
	if got := tasks(); len(got) != 2 || !got[0].DueAt.Equal(got[1].DueAt) || !got[1].Agreed {
		t.Errorf("%+v", got)
	}
	testworld.Must(t, room.Log(t.Context(), w.Operator, o.Code, reached("12A")))
	if got := tasks(); len(got) != 0 {
		t.Errorf("still to call: %+v", got)
	}
}

// "In half an hour" and "tomorrow morning" are those of the working calendar.
func TestNextInWorkingTime(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	day := func(d, h, m int) time.Time { return time.Date(2026, 2, d, h, m, 0, 0, jalali.Tehran) }
	for _, c := range []struct {
		name      string
		now, want time.Time
		when      contacts.When
	}{ // 2026-02-18 is a Wednesday; work begins at 8:30, and rests on Fridays
		{"soon", day(17, 10, 0), day(17, 10, 30), contacts.Soon},
		{"morning", day(17, 10, 0), day(18, 8, 30), contacts.Morning},
		{"morning, before a Friday", day(19, 12, 0), day(21, 8, 30), contacts.Morning},
		{"morning, asked at night", day(17, 2, 0), day(18, 8, 30), contacts.Morning},
	} {
		w.Clock.Set(c.now)
		o := w.Placed(t).Orders[0]
		testworld.Must(t, w.House.Contacts.Log(t.Context(), w.Operator, o.Code, contacts.Report{
			Outcome: contacts.NoAnswer, Next: contacts.Next{When: c.when},
		}))
		tasks, err := w.House.Contacts.Of(t.Context(), o.ID)
		testworld.Must(t, err)
		if tasks = live(tasks); !tasks[0].DueAt.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.name, tasks[0].DueAt.In(jalali.Tehran), c.want)
		}
	}
}

// Of many who close a call one does, and only that one is on record.
func TestOneClosesACall(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Unproven(t)
	tasks, err := w.House.Contacts.Of(t.Context(), o.ID)
	testworld.Must(t, err)
	var closed atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			switch err := w.House.Contacts.LogTask(t.Context(), w.Operator, tasks[0].ID, reached("will send the papers today")); {
			case err == nil:
				closed.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if closed.Load() != 1 {
		t.Errorf("closed %d times", closed.Load())
	}
	if n := w.Count(t, "SELECT count(*) FROM contact_calls"); n != 1 {
		t.Errorf("%d calls are on record", n)
	}
}
