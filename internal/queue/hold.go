package queue

import (
	"context"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/orders"
)

// Hold asks the customer a question about an order that the member holds.
// The order waits for the answer; its clock and the lease stand still. It returns
// Invalid (field question) without a question.
func (q *Queue) Hold(ctx context.Context, member audit.Actor, code, question string) error {
	question, err := checkText("question", question)
	if err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		o, _, err := q.LockHeld(ctx, tx, member, code)
		if err != nil {
			return err
		}
		return q.book.Move(ctx, tx, q.clock.Now(), orders.Step{Order: o, Verb: orders.Hold, Actor: member, Reason: question})
	})
}

// Answer hands the customer's answer to the operator who asked: the order
// goes on, and so does its clock. The order is one that the answering
// visitor may see, or that the member who heard the answer holds. Files that
// the visitor's browser has handed in go with it. It returns
// Invalid (field answer) without an answer, Conflict when none is awaited or
// a colleague holds the order, and the faults of attachments.Folder.Enclose.
func (q *Queue) Answer(ctx context.Context, from audit.Actor, id orders.ID, answer string, files ...int64) error {
	answer, err := checkText("answer", answer)
	if err != nil {
		return err
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		o, err := q.book.LockByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if from.Kind == audit.Staff {
			if _, err := q.heldBy(ctx, tx, from, o); err != nil {
				return err
			}
		}
		step := orders.Step{Order: o, Verb: orders.Answer, Actor: from, Reason: answer}
		if o.State == orders.WaitingCustomer && len(files) > 0 {
			enclosed, err := q.folder.Enclose(ctx, tx, q.clock.Now(), from, o.ID, files)
			if err != nil {
				return err
			}
			step.Detail = map[string]any{"files": enclosed}
		}
		return q.book.Move(ctx, tx, q.clock.Now(), step)
	})
}
