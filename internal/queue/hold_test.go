package queue_test

import (
	"strings"
	"testing"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sample"
	"pishkhan/internal/testworld"
)

// While the customer is asked, the clock stands still; the answer sets it
// going, with the working time that was left.
func TestHold(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	visitor := w.Visitor(t)
	placed := w.PlacedBy(t, visitor, w.Someone())
	w.Pay(t, placed)
	w.Approve(t, placed.Orders[0])
	o := w.Order(t, placed.Orders[0])
	_, err := w.House.Queue.Claim(t.Context(), w.Operator, o.Code)
	testworld.Must(t, err)

	w.Clock.Advance(20 * time.Minute)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "  which code did the site send?  "))
	c, err := w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if !c.OnHold() || c.Used != 20*time.Minute || c.Remaining(c.Calendar, w.Clock.Now().Add(time.Hour)) != o.Budget-20*time.Minute {
		t.Errorf("on hold: %+v", c.Clock)
	}
	if held := w.Order(t, o); held.State != orders.WaitingCustomer || !held.DueAt.Equal(*o.DueAt) {
		t.Errorf("on hold: %+v", held)
	}
	holder, err := w.House.Queue.Holder(t.Context(), w.House.Pool, o.ID)
	if err != nil || holder.MemberID != w.Operator.ID {
		t.Errorf("the operator lost the order: %+v, %v", holder, err)
	}

	w.Clock.Advance(45 * time.Minute)
	testworld.Must(t, w.House.Queue.Answer(t.Context(), sample.Browser(visitor), o.ID, "48213"))
	going := w.Order(t, o)
	if want := o.DueAt.Add(45 * time.Minute); going.State != orders.InProgress || !going.DueAt.Equal(want) {
		t.Errorf("%s, due %s, want %s", going.State, going.DueAt, want)
	}
	c, err = w.House.Orders.Clock(t.Context(), w.House.Pool, o.ID)
	testworld.Must(t, err)
	if !c.Running() || c.Used != 20*time.Minute || !c.DueAt.Equal(*going.DueAt) {
		t.Errorf("going on: %+v", c.Clock)
	}
	history, err := w.House.Orders.History(t.Context(), o.ID)
	testworld.Must(t, err)
	question, answer := history[len(history)-2], history[len(history)-1]
	if question.Verb != orders.Hold || question.Reason != "which code did the site send?" || question.Actor.ID != w.Operator.ID {
		t.Errorf("question %+v", question)
	}
	if answer.Verb != orders.Answer || answer.Reason != "48213" || answer.Actor.Kind != audit.Customer || answer.Actor.ID != visitor.ID {
		t.Errorf("answer %+v", answer)
	}
	if err := w.House.Queue.Answer(t.Context(), sample.Browser(visitor), o.ID, "again"); !fault.Is(err, fault.Conflict) {
		t.Errorf("an answer that nobody awaits: %v", err)
	}
}

// A night on hold costs nothing, and the due time skips it.
func TestHoldOverNight(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Advance(time.Hour)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "?"))
	w.Clock.Set(testworld.Noon.Add(20 * time.Hour)) // Tuesday 08:00 in Tehran: half an hour before opening
	testworld.Must(t, w.House.Queue.Answer(t.Context(), w.Operator, o.ID, "told by telephone"))
	opening := testworld.Noon.Add(20*time.Hour + 30*time.Minute)
	if due := w.Order(t, o).DueAt; !due.Equal(opening.Add(o.Budget - time.Hour)) {
		t.Errorf("due %s; it opens at %s with %s left", due, opening, o.Budget-time.Hour)
	}
}

// A question and an answer have words, and not too many; only who holds the
// order asks, and no colleague answers in the customer's name.
func TestHoldRefusals(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	q := w.House.Queue
	for _, text := range []string{"", " \n\t", strings.Repeat("آ", 1001)} {
		if err := q.Hold(t.Context(), w.Operator, o.Code, text); !names(err, "question") {
			t.Errorf("question %.10q: %v", text, err)
		}
		if err := q.Answer(t.Context(), w.Operator, o.ID, text); !names(err, "answer") {
			t.Errorf("answer %.10q: %v", text, err)
		}
		if err := q.Release(t.Context(), w.Operator, o.Code, text); !names(err, "reason") {
			t.Errorf("reason %.10q: %v", text, err)
		}
	}
	if err := q.Hold(t.Context(), w.Operator2, o.Code, "mine?"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a colleague's order: %v", err)
	}
	testworld.Must(t, q.Hold(t.Context(), w.Operator, o.Code, strings.Repeat("آ", 1000)))
	if err := q.Answer(t.Context(), w.Operator2, o.ID, "yes"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a colleague's answer: %v", err)
	}
	if err := q.Release(t.Context(), w.Operator, o.Code, "not mine"); !fault.Is(err, fault.Conflict) {
		t.Errorf("released while the customer is asked: %v", err)
	}
	if got := w.Order(t, o); got.State != orders.WaitingCustomer {
		t.Errorf("state %s", got.State)
	}
}

func names(err error, field string) bool {
	f := fault.Of(err)
	return f != nil && f.Kind == fault.Invalid && len(f.Fields) == 1 && f.Fields[0].Name == field
}
