package fulfil_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// tomorrow is a working hour of the day after the world begins.
var tomorrow = testworld.Noon.Add(24 * time.Hour)

func agreed(until time.Time) fulfil.Extension {
	return fulfil.Extension{Until: until, Agreed: fulfil.ByPhone, Note: " the site is down "}
}

// An extension moves the deadline, keeps the first promise, and tells the
// customer by SMS and e-mail; a second one tells again.
func TestExtend(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	visitor, who := w.Visitor(t), w.Someone()
	placed := w.PlacedBy(t, visitor, who)
	w.Pay(t, placed)
	w.Approve(t, placed.Orders[0])
	o, err := w.House.Queue.Claim(ctx, w.Operator, placed.Orders[0].Code)
	testworld.Must(t, err)
	testworld.Must(t, f.Extend(ctx, w.Operator, o.Code, agreed(tomorrow)))

	after := w.Order(t, o)
	c, err := w.House.Orders.Clock(ctx, w.House.Pool, o.ID)
	testworld.Must(t, err)
	if after.State != orders.InProgress || !after.DueAt.Equal(tomorrow) || !c.DueAt.Equal(tomorrow) || !c.FirstDueAt.Equal(*o.DueAt) {
		t.Errorf("due %s, first %s, in the list %s", c.DueAt, c.FirstDueAt, after.DueAt)
	}
	history, err := w.House.Orders.History(ctx, o.ID)
	testworld.Must(t, err)
	last := history[len(history)-1]
	from, to, ok := last.Moved()
	if last.Verb != orders.Extend || last.Reason != "the site is down" || last.Detail["agreed"] != "phone" || !ok || !from.Equal(*o.DueAt) || !to.Equal(tomorrow) {
		t.Errorf("in the history: %+v", last)
	}
	entries, err := audit.About(ctx, w.House.Pool, o.Subject(), 1)
	if err != nil || len(entries) != 1 || entries[0].Verb != "order.extend" {
		t.Errorf("on record: %+v, %v", entries, err)
	}
	messages, err := w.House.Notices.Of(ctx, int64(o.ID))
	testworld.Must(t, err)
	if len(messages) != 2 || messages[0].Recipient != who.Identity.Mobile || messages[1].Recipient != who.Identity.Email {
		t.Fatalf("messages %+v", messages)
	}
	for _, m := range messages {
		if m.Kind != notify.OrderExtended || m.Lang != o.Lang || !m.Detail.Until.Equal(tomorrow) || !m.Detail.Before.Equal(*o.DueAt) || m.Detail.Code != o.Code || m.Detail.Name == "" {
			t.Errorf("%+v", m)
		}
	}

	w.Clock.Advance(time.Hour)
	testworld.Must(t, f.Extend(ctx, w.Operator, o.Code, agreed(tomorrow.Add(time.Hour))))
	if n := w.Count(t, "SELECT count(*) FROM messages WHERE kind = 'order_extended'"); n != 4 {
		t.Errorf("%d messages after the second time", n)
	}
}

// Only who holds the order extends it, but for those who may any.
func TestExtendWhose(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	free, held := w.Paid(t), w.Claimed(t)
	for _, o := range []orders.Order{free, held} {
		if err := f.Extend(ctx, w.Operator2, o.Code, agreed(tomorrow)); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s, not held: %v", o.State, err)
		}
		any := agreed(tomorrow)
		any.Any = true
		testworld.Must(t, f.Extend(ctx, w.Supervisor, o.Code, any))
		if after := w.Order(t, o); !after.DueAt.Equal(tomorrow) || after.State != o.State {
			t.Errorf("%+v", after)
		}
	}
}

func TestExtendRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f, ctx := w.House.Fulfil, t.Context()
	held := w.Claimed(t)
	waits := w.Claimed(t)
	testworld.Must(t, w.House.Queue.Hold(ctx, w.Operator, waits.Code, "which code?"))
	with := func(change func(*fulfil.Extension)) fulfil.Extension {
		x := agreed(tomorrow)
		x.Any = true
		change(&x)
		return x
	}
	for _, tt := range []struct {
		name   string
		code   string
		x      fulfil.Extension
		kind   fault.Kind
		fields string
	}{
		{"nothing said", held.Code, fulfil.Extension{}, fault.Invalid, "until agreed"},
		{"unheard-of way", held.Code, with(func(x *fulfil.Extension) { x.Agreed = "pigeon" }), fault.Invalid, "agreed"},
		{"too long a note", held.Code, with(func(x *fulfil.Extension) { x.Note = strings.Repeat("ن", 1001) }), fault.Invalid, "note"},
		{"the time promised now", held.Code, with(func(x *fulfil.Extension) { x.Until = *held.DueAt }), fault.Invalid, "until"},
		{"at night", held.Code, with(func(x *fulfil.Extension) { x.Until = tomorrow.Add(9 * time.Hour) }), fault.Invalid, "until"},
		{"while it waits", waits.Code, with(func(*fulfil.Extension) {}), fault.Conflict, ""},
		{"done", w.Done(t).Code, with(func(*fulfil.Extension) {}), fault.Conflict, ""},
		{"not paid", w.Placed(t).Orders[0].Code, with(func(*fulfil.Extension) {}), fault.Conflict, ""},
		{"no such order", "AAAAAAA", with(func(*fulfil.Extension) {}), fault.NotFound, ""},
	} {
		err := f.Extend(ctx, w.Operator, tt.code, tt.x)
		got := fault.Of(err)
		if got == nil || got.Kind != tt.kind {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var fields []string
		for _, field := range got.Fields {
			fields = append(fields, field.Name)
		}
		if strings.Join(fields, " ") != tt.fields {
			t.Errorf("%s: wrong are %q", tt.name, fields)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM order_events WHERE verb = 'extend'") + w.Count(t, "SELECT count(*) FROM messages WHERE kind = 'order_extended'"); n != 0 {
		t.Errorf("%d traces of what did not happen", n)
	}
}

// Many agree the same time at once: one does, and the customer hears it once.
func TestExtendRace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	var extended atomic.Int64
	var wg sync.WaitGroup
	for i := range 20 {
		x, who := agreed(tomorrow), w.Operator
		if i%2 == 0 {
			x.Any, who = true, w.Supervisor
		}
		wg.Go(func() {
			switch err := w.House.Fulfil.Extend(t.Context(), who, o.Code, x); {
			case err == nil:
				extended.Add(1)
			case !fault.Is(err, fault.Invalid): // it is promised for then already
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Count(t, "SELECT count(*) FROM messages"); extended.Load() != 1 || n != 2 {
		t.Errorf("%d extended it, %d messages", extended.Load(), n)
	}
}

// An extension and the completion meet: the order ends done, and the clock
// tells of no time that was agreed after its end.
func TestExtendAgainstComplete(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	f := w.House.Fulfil
	for range 5 {
		o := w.Claimed(t)
		testworld.Must(t, f.StartPurchase(t.Context(), w.Operator, o.Code))
		w.AddReceipt(t, o)
		var extended, completed error
		var wg sync.WaitGroup
		wg.Go(func() { extended = f.Extend(t.Context(), w.Operator, o.Code, agreed(tomorrow)) })
		wg.Go(func() { completed = f.Complete(t.Context(), w.Operator, o.Code, &paid) })
		wg.Wait()
		testworld.Must(t, completed)
		if extended != nil && !fault.Is(extended, fault.Conflict) {
			t.Errorf("extended: %v", extended)
		}
		c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
		testworld.Must(t, err)
		if !c.Stopped() || (extended == nil) != (c.Extra > 0) || !w.Order(t, o).DueAt.Equal(c.DueAt) {
			t.Errorf("extended: %v, %+v", extended, c.Clock)
		}
	}
}
