package contacts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/contacts/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
)

// Outcome is what came of a call.
type Outcome string

// The outcomes. After the middle ones nobody has been spoken to, and another
// call follows.
const (
	Reached     Outcome = "reached"
	NoAnswer    Outcome = "no_answer"
	Busy        Outcome = "busy"
	CallLater   Outcome = "call_later" // asked to be called at another time
	WrongNumber Outcome = "wrong_number"
)

// Outcomes lists them in the order to offer them in.
var Outcomes = []Outcome{Reached, NoAnswer, Busy, CallLater, WrongNumber}

// unfinished are the outcomes that another call follows.
var unfinished = []Outcome{NoAnswer, Busy, CallLater}

const maxNote = 2000

// Report is what somebody says of a call that they made.
type Report struct {
	Outcome Outcome
	Note    string // what was said; needed when the customer was reached
	Next    Next
}

// Call is one call that was made.
type Call struct {
	ID         int64
	MemberName string
	At         time.Time
	Outcome    Outcome
	Note       string
	NextAt     *time.Time // nil: no call is to follow
}

// Log writes down a call about an order. When another is to follow, the calls
// that are open about the order move to that time, and one is opened when
// there is none; otherwise they are done.
//
// It returns Invalid: field outcome without one, note without words about a
// customer who was reached or with too many, next without a time for the next
// call although nobody was spoken to, and next_at for a time that has passed
// or is more than a year away.
func (c *Contacts) Log(ctx context.Context, member audit.Actor, code string, r Report) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		o, err := c.book.ByCode(ctx, tx, code)
		if err != nil {
			return err
		}
		return c.log(ctx, tx, member, o.ID, nil, r)
	})
}

// LogTask is Log for one call of the list; others about the same order stay
// as they are. It is a Conflict when a colleague closed that one first, and
// when there is none.
func (c *Contacts) LogTask(ctx context.Context, member audit.Actor, taskID int64, r Report) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		task, err := sqlq.New(tx).TaskByID(ctx, taskID)
		if errors.Is(err, pgx.ErrNoRows) {
			return closedBefore()
		}
		if err != nil {
			return fmt.Errorf("contact task %d: %w", taskID, err)
		}
		return c.log(ctx, tx, member, orders.ID(task.OrderID), &taskID, r)
	})
}

// log writes the call down; the order's lock puts the calls about it in a row.
func (c *Contacts) log(ctx context.Context, tx pgx.Tx, member audit.Actor, id orders.ID, taskID *int64, r Report) error {
	o, err := c.book.LockByID(ctx, tx, id)
	if err != nil {
		return err
	}
	now := c.clock.Now()
	next, err := c.check(ctx, tx, now, &r)
	if err != nil {
		return err
	}
	q := sqlq.New(tx)
	var moved int64
	if next == nil {
		moved, err = q.CloseTasks(ctx, sqlq.CloseTasksParams{OrderID: int64(id), ID: taskID, At: &now, ClosedBy: &member.ID, Outcome: r.Note})
	} else {
		moved, err = q.PutOffTasks(ctx, *next, int64(id), taskID)
	}
	if err != nil {
		return fmt.Errorf("contact tasks of order %d: %w", id, err)
	}
	if moved == 0 && taskID != nil {
		return closedBefore()
	}
	if moved == 0 && next != nil {
		if err := q.OpenAgreed(ctx, int64(id), now, *next); err != nil {
			return fmt.Errorf("agreed call about order %d: %w", id, err)
		}
	}
	call, err := q.InsertCall(ctx, sqlq.InsertCallParams{
		OrderID: int64(id), MemberID: member.ID, MemberName: member.Name, At: now, Outcome: string(r.Outcome), Note: r.Note, NextAt: next,
	})
	if err != nil {
		return fmt.Errorf("call about order %d: %w", id, err)
	}
	detail := map[string]any{"call": call, "outcome": r.Outcome}
	if next != nil {
		detail["next_at"] = *next
	}
	return c.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: orders.Contacted, Actor: member, Reason: r.Note, Detail: detail})
}

// check says what is wrong with a report, and when the next call is to be.
func (c *Contacts) check(ctx context.Context, db sqlq.DBTX, now time.Time, r *Report) (*time.Time, error) {
	var wrong fault.Fields
	r.Note = strings.TrimSpace(r.Note)
	switch {
	case !slices.Contains(Outcomes, r.Outcome):
		wrong.Add("outcome", "contacts.error.outcome")
	case r.Outcome == Reached && r.Note == "":
		wrong.Add("note", "contacts.error.note")
	case utf8.RuneCountInString(r.Note) > maxNote:
		wrong.Add("note", "fulfil.error.long", "max", maxNote)
	}
	next, err := c.when(ctx, db, now, r.Next)
	switch {
	case err != nil && fault.Of(err) == nil:
		return nil, err
	case err != nil:
		wrong = append(wrong, fault.Of(err).Fields...)
	case next == nil && slices.Contains(unfinished, r.Outcome):
		wrong.Add("next", "contacts.error.next_needed")
	}
	return next, wrong.Err()
}

// Calls returns the calls that were made about an order, oldest first.
func (c *Contacts) Calls(ctx context.Context, id orders.ID) ([]Call, error) {
	rows, err := sqlq.New(c.pool).CallsOfOrder(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("calls about order %d: %w", id, err)
	}
	calls := make([]Call, len(rows))
	for i, r := range rows {
		calls[i] = Call{ID: r.ID, MemberName: r.MemberName, At: r.At, Outcome: Outcome(r.Outcome), Note: r.Note, NextAt: r.NextAt}
	}
	return calls, nil
}

func closedBefore() error { return fault.New(fault.Conflict, "contacts.error.closed") }
