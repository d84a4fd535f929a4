// Package notes keeps what staff write on an order for each other, and what
// they are about to write: a draft outlives a reload.
package notes

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/notes/internal/sqlq"
	"pishkhan/internal/orders"
)

// UndoFor is how long its author can take the removal of a note back; pages
// offer it for ten seconds, and an answer may take its time.
const UndoFor = 15 * time.Second

// DraftFields are the texts that drafts are kept of: no secret is among them.
var DraftFields = []string{
	"order_note", "question", "answer", "extra_reason", "refund_reason", "extend_note", "call_note",
	"release_reason", "handover_reason", "skip_reason", "cancel_note", "charged_amount", "reference", "note",
}

const maxLetters = 2000

// Note is one of them.
type Note struct {
	ID         int64
	MemberID   int64
	MemberName string
	Body       string
	At         time.Time
	Removed    bool // a moment ago, by its author, who can still undo that
}

// Notes is the room's door.
type Notes struct {
	pool  *pgxpool.Pool
	clock clock.Clock
	book  *orders.Book
}

// New returns the notes kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, book *orders.Book) *Notes {
	return &Notes{pool: pool, clock: c, book: book}
}

// Add writes a note on an order; its draft is done with. It returns Invalid
// (field order_note) without words, or with more than 2,000 letters.
func (n *Notes) Add(ctx context.Context, member audit.Actor, code, body string) error {
	body = strings.TrimSpace(body)
	var wrong fault.Fields
	switch {
	case body == "":
		wrong.Add("order_note", "orderdesk.error.note_empty")
	case utf8.RuneCountInString(body) > maxLetters:
		wrong.Add("order_note", "fulfil.error.long", "max", maxLetters)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return n.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
		id, err := sqlq.New(tx).InsertNote(ctx, sqlq.InsertNoteParams{
			OrderID: int64(o.ID), MemberID: member.ID, MemberName: member.Name, Body: body, At: now,
		})
		if err != nil {
			return fmt.Errorf("note on order %d: %w", o.ID, err)
		}
		if err := n.note(ctx, tx, now, member, o, orders.NoteAdded, id); err != nil {
			return err
		}
		return n.drop(ctx, tx, member.ID, o.ID, "order_note")
	})
}

// Remove takes one's own note away; until UndoFor is over, Restore brings it
// back. A note of a colleague's, or none, is NotFound.
func (n *Notes) Remove(ctx context.Context, member audit.Actor, code string, id int64) error {
	return n.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
		done, err := sqlq.New(tx).RemoveNote(ctx, sqlq.RemoveNoteParams{At: &now, ID: id, OrderID: int64(o.ID), MemberID: member.ID})
		if err != nil {
			return fmt.Errorf("remove note %d: %w", id, err)
		}
		if done == 0 {
			return fault.New(fault.NotFound, "orderdesk.error.no_note")
		}
		return n.note(ctx, tx, now, member, o, orders.NoteRemoved, id)
	})
}

// Restore undoes a removal of a moment ago; Conflict when that is too long ago.
func (n *Notes) Restore(ctx context.Context, member audit.Actor, code string, id int64) error {
	return n.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
		since := now.Add(-UndoFor)
		done, err := sqlq.New(tx).RestoreNote(ctx, sqlq.RestoreNoteParams{ID: id, OrderID: int64(o.ID), MemberID: member.ID, Since: &since})
		if err != nil {
			return fmt.Errorf("restore note %d: %w", id, err)
		}
		if done == 0 {
			return fault.New(fault.Conflict, "orderdesk.error.undo_over")
		}
		return n.note(ctx, tx, now, member, o, orders.NoteRestored, id)
	})
}

// Of returns the notes on an order, oldest first, with what its reader has
// removed a moment ago.
func (n *Notes) Of(ctx context.Context, reader int64, id orders.ID) ([]Note, error) {
	since := n.clock.Now().Add(-UndoFor)
	rows, err := sqlq.New(n.pool).NotesOfOrder(ctx, int64(id), reader, &since)
	if err != nil {
		return nil, fmt.Errorf("notes on order %d: %w", id, err)
	}
	list := make([]Note, len(rows))
	for i, r := range rows {
		list[i] = Note{ID: r.ID, MemberID: r.MemberID, MemberName: r.MemberName, Body: r.Body, At: r.At, Removed: r.RemovedAt != nil}
	}
	return list, nil
}

// Keep keeps what a member is writing on an order, by field; an empty text
// forgets it. Fields that no draft is kept of are passed over.
func (n *Notes) Keep(ctx context.Context, member audit.Actor, code string, typed map[string]string) error {
	return n.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
		for _, field := range DraftFields {
			text, is := typed[field]
			switch {
			case !is:
			case strings.TrimSpace(text) == "":
				if err := n.drop(ctx, tx, member.ID, o.ID, field); err != nil {
					return err
				}
			case utf8.RuneCountInString(text) <= 2*maxLetters:
				err := sqlq.New(tx).KeepDraft(ctx, sqlq.KeepDraftParams{MemberID: member.ID, OrderID: int64(o.ID), Field: field, Body: text, SavedAt: now})
				if err != nil {
					return fmt.Errorf("draft on order %d: %w", o.ID, err)
				}
			}
		}
		return nil
	})
}

// Drafts returns what a member is writing on an order, by field.
func (n *Notes) Drafts(ctx context.Context, memberID int64, id orders.ID) (map[string]string, error) {
	rows, err := sqlq.New(n.pool).DraftsOf(ctx, memberID, int64(id))
	if err != nil {
		return nil, fmt.Errorf("drafts on order %d: %w", id, err)
	}
	drafts := map[string]string{}
	for _, r := range rows {
		drafts[r.Field] = r.Body
	}
	return drafts, nil
}

// Drop forgets the drafts of fields whose words were sent.
func (n *Notes) Drop(ctx context.Context, member audit.Actor, code string, fields ...string) error {
	return n.onOrder(ctx, code, func(ctx context.Context, tx pgx.Tx, _ time.Time, o orders.Order) error {
		return n.drop(ctx, tx, member.ID, o.ID, slices.Clone(fields)...)
	})
}

func (n *Notes) drop(ctx context.Context, tx pgx.Tx, memberID int64, id orders.ID, fields ...string) error {
	if err := sqlq.New(tx).DropDraft(ctx, memberID, int64(id), fields); err != nil {
		return fmt.Errorf("drafts on order %d: %w", id, err)
	}
	return nil
}

// note leaves a line in the history, without the note's words: what was
// removed must not stay there.
func (n *Notes) note(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, verb orders.Verb, id int64) error {
	return n.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: verb, Actor: member, Detail: map[string]any{"note": id}})
}

func (n *Notes) onOrder(ctx context.Context, code string, do func(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error) error {
	return db.InTx(ctx, n.pool, func(ctx context.Context, tx pgx.Tx) error {
		o, err := n.book.ByCode(ctx, tx, code)
		if err != nil {
			return err
		}
		return do(ctx, tx, n.clock.Now(), o)
	})
}
