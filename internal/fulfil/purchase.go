package fulfil

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
)

// StartPurchase writes down, before the operator pays at the destination,
// that they are about to. From here until the outcome is known, nothing may
// take the order away. An order that is not the member's, not in progress,
// or that has a purchase already is a Conflict, and so is one whose whole
// price is given back, or about to be (fulfil.error.given_back).
func (f *Fulfilment) StartPurchase(ctx context.Context, member audit.Actor, code string) error {
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, held, err := f.lockInProgress(ctx, tx, member, code)
		if err != nil {
			return err
		}
		if _, ok, err := f.live(ctx, tx, o.ID); err != nil {
			return err
		} else if ok {
			return fault.New(fault.Conflict, "fulfil.error.purchase_exists")
		}
		if back, err := f.queue.AllGivenBack(ctx, tx, o); err != nil {
			return err
		} else if back { // nothing is left to buy with
			return fault.New(fault.Conflict, "fulfil.error.given_back", "code", o.Code)
		}
		if err := f.queue.Guard(ctx, tx, now, held.ClaimID); err != nil {
			return err
		}
		err = sqlq.New(tx).InsertPurchase(ctx, sqlq.InsertPurchaseParams{
			OrderID: int64(o.ID), ClaimID: held.ClaimID, MemberID: member.ID, StartedAt: now,
		})
		if err != nil {
			return fmt.Errorf("start purchase of order %d: %w", o.ID, err)
		}
		return f.record(ctx, tx, now, member, o, orders.PurchaseStarted, nil)
	})
}

// Report is what the operator says of a purchase, as typed.
type Report struct {
	Outcome   Outcome
	Amount    string // what was charged; needed when paid
	Currency  string
	Reference string
	Note      string // needed when the outcome is unknown
}

// EndPurchase writes down the outcome of the purchase under way. It returns
// Invalid with the fields outcome, charged_amount, charged_currency,
// reference or note, and Conflict when no purchase is under way.
func (f *Fulfilment) EndPurchase(ctx context.Context, member audit.Actor, code string, r Report) error {
	charged, err := r.check()
	if err != nil {
		return err
	}
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, held, err := f.lockInProgress(ctx, tx, member, code)
		if err != nil {
			return err
		}
		return f.endPurchase(ctx, tx, now, member, o, held, r, charged)
	})
}

func (f *Fulfilment) endPurchase(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor,
	o orders.Order, held queue.Held, r Report, charged money.Foreign) error {
	p, ok, err := f.live(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if !ok || p.Outcome == Paid {
		return fault.New(fault.Conflict, "fulfil.error.no_purchase")
	}
	outcome := string(r.Outcome)
	end := sqlq.EndPurchaseParams{ID: p.ID, Outcome: &outcome, At: &now, Reference: r.Reference, Note: r.Note}
	if r.Outcome == Paid {
		currency := string(charged.Currency)
		end.ChargedAmount, end.ChargedCurrency = decimal.NewNullDecimal(charged.Amount), &currency
	}
	if _, err := sqlq.New(tx).EndPurchase(ctx, end); err != nil {
		return fmt.Errorf("end purchase of order %d: %w", o.ID, err)
	}
	if r.Outcome != Unknown && held.ClaimID != 0 { // none when the order was cancelled over the purchase
		if err := f.queue.Lift(ctx, tx, held.ClaimID); err != nil {
			return err
		}
	}
	detail := map[string]any{"outcome": r.Outcome}
	if r.Outcome == Paid {
		detail["amount"], detail["currency"] = charged.Amount.String(), charged.Currency
	}
	if r.Reference != "" {
		detail["reference"] = r.Reference
	}
	if r.Note != "" {
		detail["note"] = r.Note
	}
	return f.record(ctx, tx, now, member, o, orders.PurchaseEnded, detail)
}

// check trims the report and returns the amount charged, when paid.
func (r *Report) check() (money.Foreign, error) {
	var wrong fault.Fields
	var charged money.Foreign
	r.Reference, r.Note = strings.TrimSpace(r.Reference), strings.TrimSpace(r.Note)
	if utf8.RuneCountInString(r.Reference) > 200 {
		wrong.Add("reference", "fulfil.error.long", "max", 200)
	}
	if utf8.RuneCountInString(r.Note) > 1000 {
		wrong.Add("note", "fulfil.error.long", "max", 1000)
	}
	switch r.Outcome {
	case Paid:
		currency, err := money.ParseCurrency(r.Currency)
		if err != nil {
			wrong.AddErr("charged_currency", err)
			break
		}
		if charged, err = money.ParseAmount(r.Amount, currency); err != nil {
			wrong.AddErr("charged_amount", err)
		}
	case NotPaid:
	case Unknown:
		if r.Note == "" {
			wrong.Add("note", "fulfil.error.note_empty")
		}
	default:
		wrong.Add("outcome", "fulfil.error.outcome")
	}
	return charged, wrong.Err()
}

// lockInProgress locks an order that the member holds and works on.
func (f *Fulfilment) lockInProgress(ctx context.Context, tx pgx.Tx, member audit.Actor, code string) (orders.Order, queue.Held, error) {
	o, held, err := f.queue.LockHeld(ctx, tx, member, code)
	if err != nil {
		return o, held, err
	}
	if o.State != orders.InProgress {
		return o, held, fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
	}
	return o, held, nil
}

// record writes an act both in the order's history and in the audit record.
func (f *Fulfilment) record(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor,
	o orders.Order, verb orders.Verb, detail map[string]any) error {
	if err := f.book.Note(ctx, tx, now, orders.Step{Order: o, Verb: verb, Actor: member, Detail: detail}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: member, Verb: "order." + string(verb), Subject: o.Subject(), Detail: detail,
	})
}
