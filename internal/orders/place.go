package orders

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders/internal/sqlq"
)

// Draft is an order about to be placed.
type Draft struct {
	CheckoutID       int64
	CustomerID       int64
	IdentityCaseID   int64
	ServiceVersionID int64
	QuoteID          int64
	CredentialID     int64 // 0: none
	Answers          map[string]string
	Site             string
	Total            money.Rials
	Budget           time.Duration
	Lang             i18n.Lang
	PayBefore        time.Time
	ClientID         int64     // the shop front that places it through the API; 0: our own
	PlacedAs         int64     // the customer who is signed in where it is placed; 0: nobody
	DeadlineOn       time.Time // the day by which the destination wants to be paid; zero: none is known
}

// Place writes a new order that awaits its payment, and lets the visitor who
// places it see it.
func (b *Book) Place(ctx context.Context, tx pgx.Tx, now time.Time, visitor audit.Actor, d Draft) (Order, error) {
	answers, err := json.Marshal(d.Answers)
	if err != nil {
		return Order{}, fmt.Errorf("place order: %w", err)
	}
	row := sqlq.InsertOrderParams{
		CheckoutID: d.CheckoutID, CustomerID: d.CustomerID, IdentityCaseID: d.IdentityCaseID,
		ServiceVersionID: d.ServiceVersionID, QuoteID: d.QuoteID, Answers: answers, Site: d.Site,
		TotalRials: int64(d.Total), BudgetSeconds: int32(d.Budget / time.Second), Lang: string(d.Lang),
		PlacedAt: now, PayBefore: d.PayBefore,
	}
	if d.CredentialID != 0 {
		row.CredentialID = &d.CredentialID
	}
	if d.ClientID != 0 {
		row.ClientID = &d.ClientID
	}
	if d.PlacedAs != 0 {
		row.PlacedAs = &d.PlacedAs
	}
	row.DeadlineOn = pgtype.Date{Time: d.DeadlineOn, Valid: !d.DeadlineOn.IsZero()}
	q := sqlq.New(tx)
	var id int64
	for { // a code in use is told by no row, and another is drawn
		row.Code = newCode()
		id, err = q.InsertOrder(ctx, row)
		if !errors.Is(err, pgx.ErrNoRows) {
			break
		}
	}
	if err != nil {
		return Order{}, fmt.Errorf("place order: %w", err)
	}
	if err := q.IndexOrder(ctx, id); err != nil {
		return Order{}, fmt.Errorf("place order: %w", err)
	}
	if err := b.Show(ctx, tx, now, visitor.ID, ID(id)); err != nil {
		return Order{}, err
	}
	o, err := b.ByID(ctx, tx, ID(id))
	if err != nil {
		return Order{}, err
	}
	return o, b.Note(ctx, tx, now, Step{Order: o, Verb: Place, Actor: visitor})
}

// Show lets a visitor see an order from now on.
func (b *Book) Show(ctx context.Context, tx pgx.Tx, now time.Time, visitorID int64, id ID) error {
	err := sqlq.New(tx).InsertViewer(ctx, visitorID, int64(id), now)
	if err != nil {
		return fmt.Errorf("show order %d: %w", id, err)
	}
	return nil
}

// ShowTo is Show on its own, for who came by a link to the order.
func (b *Book) ShowTo(ctx context.Context, visitorID int64, id ID) error {
	if err := sqlq.New(b.pool).InsertViewer(ctx, visitorID, int64(id), b.clock.Now()); err != nil {
		return fmt.Errorf("show order %d: %w", id, err)
	}
	return nil
}

// codeAlphabet leaves out what is misread: 0 and O; 1, I and L; U.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// newCode draws a code: 30^7, about 22 thousand million of them.
func newCode() string {
	var code [7]byte
	for i := 0; i < len(code); {
		var random [16]byte
		rand.Read(random[:])
		for _, r := range random {
			// 240 is the largest multiple of 30 in a byte: above it, letters would be uneven.
			if r < 240 && i < len(code) {
				code[i] = codeAlphabet[r%30]
				i++
			}
		}
	}
	return string(code[:])
}
