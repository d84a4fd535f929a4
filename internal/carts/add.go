package carts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
)

// FormKey is the name of the hidden input by which one filling of a form is
// told from another: a double click is one order, not two.
const FormKey = "_form"

// errSame says that this filling of the form is in the basket already.
var errSame = errors.New("sent twice")

// Add checks the answers to a service's form, freezes the price, seals what
// is secret, and puts the line into the basket. It returns the faults of
// catalog.Definition.Check and pricing.Freeze, Conflict (carts.error.full)
// when the basket is full, and NotFound when a file is not the browser's. The
// same answers sent twice with the same FormKey are one line.
func (c *Carts) Add(ctx context.Context, o Owner, s catalog.Service, values map[string]string) error {
	now := c.clock.Now()
	answers, err := s.Definition.Check(values, now)
	if err != nil {
		return err
	}
	open, err := json.Marshal(answers.Open)
	if err != nil {
		return fmt.Errorf("add to basket: %w", err)
	}
	err = db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		lines, prices, err := c.makeRoom(ctx, tx, now, o, 1)
		if err != nil {
			return err
		}
		if err := c.files.Own(ctx, tx, o.VisitorID, answers.Files); err != nil {
			return err
		}
		if err := prices.adjust(ctx, tx, now, lines); err != nil {
			return err
		}
		quote, err := prices.freeze(ctx, tx, now, s, answers.Amount)
		if err != nil {
			return err
		}
		line := sqlq.InsertLineParams{
			VisitorID: o.VisitorID, CustomerID: o.customer(), ServiceVersionID: int64(s.VersionID), Answers: open,
			Site: answers.Site, QuoteID: int64(quote.ID), FormKey: formKey(values[FormKey], open), AddedAt: now,
		}
		if len(answers.Sealed) > 0 {
			id, err := c.vault.Deposit(ctx, tx, now, answers.Sealed)
			if err != nil {
				return err
			}
			line.CredentialID = &id
		}
		_, err = sqlq.New(tx).InsertLine(ctx, line)
		if errors.Is(err, pgx.ErrNoRows) {
			return errSame // nothing of this second time is kept
		}
		if err != nil {
			return fmt.Errorf("add to basket: %w", err)
		}
		return nil
	})
	if errors.Is(err, errSame) {
		return nil
	}
	return err
}

// makeRoom locks the basket for n lines more, and returns those that it holds
// with the prices that hold once the others are in it.
func (c *Carts) makeRoom(ctx context.Context, tx pgx.Tx, now time.Time, o Owner, n int) ([]Line, *prices, error) {
	lines, err := c.Lock(ctx, tx, o)
	if err != nil {
		return nil, nil, err
	}
	if len(lines)+n > MaxLines {
		return nil, nil, fault.New(fault.Conflict, "carts.error.full", "max", MaxLines)
	}
	prices, err := c.prices(ctx, tx, now, o, len(lines)+n)
	return lines, prices, err
}

// formKey ties the key of a form to what was answered: who goes back, changes
// an answer and sends the form again wants another line. nil without a key.
func formKey(key string, answers []byte) *string {
	if key == "" {
		return nil
	}
	sum := sha256.Sum256(append([]byte(key+"\x00"), answers...))
	text := hex.EncodeToString(sum[:])
	return &text
}

// Filled is one line of an upload: a checked form, and what tells it from the
// upload's other lines.
type Filled struct {
	Key     string
	Answers catalog.Answers
}

// AddAll puts lines of an upload into the basket; their answers were checked.
// It returns the faults of pricing.Freeze and Conflict (carts.error.full); tx
// must then be rolled back.
func (c *Carts) AddAll(ctx context.Context, tx pgx.Tx, now time.Time, o Owner, s catalog.Service, uploadID int64, filled []Filled) error {
	lines, prices, err := c.makeRoom(ctx, tx, now, o, len(filled))
	if err != nil {
		return err
	}
	if err := prices.adjust(ctx, tx, now, lines); err != nil {
		return err
	}
	rows := sqlq.InsertLinesParams{
		VisitorID: o.VisitorID, CustomerID: o.customer(), ServiceVersionID: int64(s.VersionID), UploadID: uploadID, AddedAt: now,
	}
	amounts := make([]money.Foreign, len(filled))
	for i, f := range filled {
		amounts[i] = f.Answers.Amount
		if err := c.addRow(ctx, tx, now, &rows, f); err != nil {
			return fmt.Errorf("add upload %d: %w", uploadID, err)
		}
	}
	quotes, err := prices.freezeAll(ctx, tx, now, s, amounts)
	if err != nil {
		return err
	}
	for _, quote := range quotes {
		rows.QuoteIds = append(rows.QuoteIds, int64(quote.ID))
	}
	if err := sqlq.New(tx).InsertLines(ctx, rows); err != nil {
		return fmt.Errorf("add upload %d: %w", uploadID, err)
	}
	return nil
}

func (c *Carts) addRow(ctx context.Context, tx pgx.Tx, now time.Time, rows *sqlq.InsertLinesParams, f Filled) error {
	open, err := json.Marshal(f.Answers.Open)
	if err != nil {
		return err
	}
	credential := int64(0)
	if len(f.Answers.Sealed) > 0 {
		if credential, err = c.vault.Deposit(ctx, tx, now, f.Answers.Sealed); err != nil {
			return err
		}
	}
	rows.Answers = append(rows.Answers, string(open))
	rows.Sites = append(rows.Sites, f.Answers.Site)
	rows.CredentialIds = append(rows.CredentialIds, credential)
	rows.FormKeys = append(rows.FormKeys, *formKey(f.Key, open))
	return nil
}
