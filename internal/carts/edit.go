package carts

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
)

// Editing is a line whose answers are to be changed.
type Editing struct {
	Line
	Newest catalog.Service // the form that is answered: the newest version of the service
	Held   []string        // the inputs whose answers are sealed: left empty, they are kept
	Added  []catalog.Field // the questions that the form did not have when it was answered
}

// Open returns a line of the basket for editing. NotFound (carts.error.no_line)
// when it is not there. A service that is no longer offered keeps its form.
func (c *Carts) Open(ctx context.Context, o Owner, lineID int64) (Editing, error) {
	lines, err := c.Lines(ctx, o)
	if err != nil {
		return Editing{}, err
	}
	at := slices.IndexFunc(lines, func(line Line) bool { return line.ID == lineID })
	if at < 0 {
		return Editing{}, noLine()
	}
	e := Editing{Line: lines[at]}
	e.Newest, err = c.catalog.Service(ctx, e.Service.Definition.Slug)
	if fault.Is(err, fault.NotFound) {
		e.Newest, err = e.Service, nil
	}
	if err != nil {
		return Editing{}, err
	}
	e.Added = added(e.Service.Definition, e.Newest.Definition)
	if e.CredentialID == 0 {
		return e, nil
	}
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		e.Held, err = c.vault.Holds(ctx, tx, e.CredentialID)
		return err
	})
	return e, err
}

// added lists the questions that the newer form alone asks.
func added(older, newer catalog.Definition) []catalog.Field {
	asked := map[string]bool{}
	for field := range older.Fields() {
		asked[field.Name] = true
	}
	var fields []catalog.Field
	for field := range newer.Fields() {
		if !asked[field.Name] {
			fields = append(fields, field)
		}
	}
	return fields
}

// Edit changes the answers of a line, by the newest form of its service, and
// gives it a new price. Sealed answers that are left empty are kept; where one
// is new, all are sealed anew. It returns the faults of Add and of Open, and Conflict
// (carts.error.edited) when somebody else edits it at this moment.
func (c *Carts) Edit(ctx context.Context, o Owner, lineID int64, values map[string]string) error {
	e, err := c.Open(ctx, o, lineID)
	if err != nil {
		return err
	}
	now := c.clock.Now()
	values = maps.Clone(values)
	kept := standIn(values, e)
	answers, err := e.Newest.Definition.Check(values, now)
	if err != nil {
		return err
	}
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		lines, err := c.Lock(ctx, tx, o)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(lines, func(line Line) bool { return line.ID == lineID })
		if at < 0 {
			return noLine()
		}
		if lines[at].CredentialID != e.CredentialID {
			return fault.New(fault.Conflict, "carts.error.edited")
		}
		if err := c.files.Own(ctx, tx, o.VisitorID, newFiles(answers.Files, lines[at])); err != nil {
			return err
		}
		return c.change(ctx, tx, now, o, lines, at, e, answers, kept)
	})
}

// standIn puts something into sealed inputs that were left empty and are
// kept, so that they count as answered. It returns their names.
func standIn(values map[string]string, e Editing) []string {
	var kept []string
	for _, name := range e.Held {
		if strings.TrimSpace(values[name]) == "" {
			values[name] = "kept"
			kept = append(kept, name)
		}
	}
	return kept
}

// newFiles are those that did not come with the line before: a customer may
// edit in another browser than the one that they were handed in from.
func newFiles(ids []int64, before Line) []int64 {
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		kept := fmt.Sprint(id)
		for field := range before.Service.Definition.Fields() {
			if field.Type == catalog.File && before.Answers[field.Name] == kept {
				return true
			}
		}
		return false
	})
}

func (c *Carts) change(ctx context.Context, tx pgx.Tx, now time.Time, o Owner, lines []Line, at int,
	e Editing, answers catalog.Answers, kept []string) error {
	prices, err := c.prices(ctx, tx, now, o, len(lines))
	if err != nil {
		return err
	}
	line := lines[at]
	if err := prices.adjust(ctx, tx, now, lines[:at]); err != nil { // they come before it for the code, too
		return err
	}
	quote, err := prices.freeze(ctx, tx, now, e.Newest, answers.Amount)
	if err != nil {
		return err
	}
	if err := prices.adjust(ctx, tx, now, lines[at+1:]); err != nil {
		return err
	}
	credential, err := c.reseal(ctx, tx, now, e, answers.Sealed, kept)
	if err != nil {
		return err
	}
	open, err := json.Marshal(answers.Open)
	if err != nil {
		return fmt.Errorf("edit line %d: %w", line.ID, err)
	}
	err = sqlq.New(tx).ChangeLine(ctx, sqlq.ChangeLineParams{
		ID: line.ID, ServiceVersionID: int64(e.Newest.VersionID), Answers: open, Site: answers.Site,
		CredentialID: orNil(credential), QuoteID: int64(quote.ID),
	})
	if err != nil {
		return fmt.Errorf("edit line %d: %w", line.ID, err)
	}
	return nil
}

// reseal returns the credential of a line whose sealed answers are now these;
// kept names those of them that only stand for what is sealed already.
func (c *Carts) reseal(ctx context.Context, tx pgx.Tx, now time.Time, e Editing, sealed catalog.Secrets, kept []string) (int64, error) {
	old := e.CredentialID
	fresh := maps.Clone(sealed)
	kept = slices.DeleteFunc(kept, func(name string) bool { _, asked := sealed[name]; return !asked })
	for _, name := range kept {
		delete(fresh, name)
	}
	switch {
	case old == 0 && len(fresh) == 0:
		return 0, nil
	case old == 0:
		return c.vault.Deposit(ctx, tx, now, fresh)
	case len(sealed) == 0: // the form does not ask any more
		return 0, c.vault.Destroy(ctx, tx, now, old)
	case len(fresh) == 0 && len(kept) == len(e.Held):
		return old, nil
	}
	return c.vault.Amend(ctx, tx, now, old, kept, fresh)
}
