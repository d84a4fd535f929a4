package checkout

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/carts"
	"pishkhan/internal/catalog"
	"pishkhan/internal/checkout/internal/sqlq"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/pricing"
)

// Placed is what came of a basket: orders that await one payment.
type Placed struct {
	Orders  []orders.Order
	Attempt payments.Attempt
}

// Place turns the owner's basket into orders, files the identity for review,
// and begins a payment. agreed is the total that the customer saw.
//
// It returns Invalid with the fields of customers.IdentityForm.Check, with
// "document" (checkout.error.document) when one of the services needs one, or
// checkout.error.empty; and Conflict when the customer has to agree anew:
// checkout.error.prices_changed, when a price has run out or the basket is
// not what they saw, or the reason of campaigns.Use why its code no longer
// holds.
func (c *Checkout) Place(ctx context.Context, visitor audit.Actor, owner carts.Owner, lang i18n.Lang, form customers.IdentityForm, agreed money.Rials) (Placed, error) {
	identity, err := form.Check(c.clock.Now())
	wrong := fault.Of(err)
	if err != nil && wrong == nil {
		return Placed{}, err
	}
	return c.place(ctx, visitor, owner, lang, agreed, func(ctx context.Context, tx pgx.Tx, now time.Time, level customers.Level) (customers.Case, error) {
		if err := checkLevel(wrong, level, form.DocumentID); err != nil {
			return customers.Case{}, err
		}
		return c.customers.File(ctx, tx, now, visitor.ID, identity, lang)
	})
}

// PlaceKnown is Place for a customer who is signed in and whose identity was
// approved before. It is a Conflict (checkout.error.unknown) where none was
// that proves enough for these services.
func (c *Checkout) PlaceKnown(ctx context.Context, visitor audit.Actor, owner carts.Owner, lang i18n.Lang, agreed money.Rials) (Placed, error) {
	return c.place(ctx, visitor, owner, lang, agreed, func(ctx context.Context, tx pgx.Tx, _ time.Time, level customers.Level) (customers.Case, error) {
		known, err := c.customers.Approved(ctx, tx, owner.CustomerID, level)
		if fault.Is(err, fault.NotFound) {
			return known, fault.New(fault.Conflict, "checkout.error.unknown")
		}
		return known, err
	})
}

// checkLevel adds to what is wrong with an identity that a document is missing.
func checkLevel(wrong *fault.Fault, level customers.Level, documentID int64) error {
	var fields fault.Fields
	if wrong != nil {
		fields = append(fields, wrong.Fields...)
	}
	if level == customers.Document && documentID == 0 {
		fields.Add("document", "checkout.error.document")
	}
	return fields.Err()
}

// Level is how well the customer must be known who orders these.
func Level(lines []carts.Line) customers.Level {
	for _, line := range lines {
		if line.Service.Definition.Identity == catalog.Document {
			return customers.Document
		}
	}
	return customers.Basic
}

// identify says who orders, known as well as level demands.
type identify func(ctx context.Context, tx pgx.Tx, now time.Time, level customers.Level) (customers.Case, error)

func (c *Checkout) place(ctx context.Context, visitor audit.Actor, owner carts.Owner, lang i18n.Lang, agreed money.Rials, who identify) (Placed, error) {
	var placed Placed
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		lines, err := c.carts.Lock(ctx, tx, owner)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return fault.New(fault.Invalid, "checkout.error.empty")
		}
		filed, err := who(ctx, tx, now, Level(lines))
		if err != nil {
			return err
		}
		total, payBefore, err := sum(lines, now)
		if err != nil {
			return err
		}
		if total != agreed {
			return fault.New(fault.Conflict, "checkout.error.prices_changed")
		}
		checkoutID, err := sqlq.New(tx).InsertCheckout(ctx, sqlq.InsertCheckoutParams{
			VisitorID: visitor.ID, CustomerID: filed.CustomerID, IdentityCaseID: filed.ID,
			TotalRials: int64(total), Lang: string(lang), PlacedAt: now,
		})
		if err != nil {
			return fmt.Errorf("place orders: %w", err)
		}
		for _, line := range lines {
			o, err := c.placeLine(ctx, tx, now, visitor, line, orders.Draft{
				CheckoutID: checkoutID, CustomerID: filed.CustomerID, IdentityCaseID: filed.ID,
				PlacedAs: owner.CustomerID, Lang: lang, PayBefore: payBefore,
			}, filed)
			if err != nil {
				return err
			}
			placed.Orders = append(placed.Orders, o)
		}
		if err := c.carts.Clear(ctx, tx, now, owner, lines); err != nil {
			return err
		}
		placed.Attempt, err = c.payments.Begin(ctx, tx, now, checkoutID, total, filed.Mobile)
		return err
	})
	return placed, err
}

// placeLine completes a draft with a line of the basket, and places it.
func (c *Checkout) placeLine(ctx context.Context, tx pgx.Tx, now time.Time, visitor audit.Actor,
	line carts.Line, draft orders.Draft, filed customers.Case) (orders.Order, error) {
	draft.ServiceVersionID, draft.QuoteID = int64(line.Service.VersionID), int64(line.Quote.ID)
	draft.CredentialID, draft.Answers, draft.Site = line.CredentialID, line.Answers, line.Site
	draft.Total, draft.Budget = line.Quote.TotalRials, line.Service.Definition.Budget()
	draft.DeadlineOn = line.Service.Definition.DeadlineOf(line.Answers)
	o, err := c.book.Place(ctx, tx, now, visitor, draft)
	if err != nil {
		return o, err
	}
	return o, c.begun(ctx, tx, now, o, line.Quote, filed, cmp.Or(draft.PlacedAs, filed.CustomerID))
}

// begun does what follows the placing of an order: its code is used up by
// whoever brought it, in whosever name they order, and what is known of its
// customer is marked.
func (c *Checkout) begun(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, quote pricing.Quote, filed customers.Case, buyer int64) error {
	if code := codeOf(quote); code != nil {
		if err := c.campaigns.Use(ctx, tx, now, code.CampaignID, int64(o.ID), buyer); err != nil {
			return err
		}
	}
	if filed.Verdict != customers.Approved {
		return nil
	}
	return c.book.MarkVerified(ctx, tx, now, o.ID)
}

// codeOf is the campaign code that made a price lower; nil where it did not.
func codeOf(quote pricing.Quote) *pricing.CodeTerms {
	for _, line := range quote.Lines {
		if line.Kind == pricing.DiscountCode {
			return quote.Inputs.Code
		}
	}
	return nil
}

// sum adds the basket up, and says until when its prices hold.
func sum(lines []carts.Line, now time.Time) (total money.Rials, payBefore time.Time, err error) {
	payBefore = lines[0].Quote.ExpiresAt
	for _, line := range lines {
		if line.Quote.Expired(now) {
			return 0, time.Time{}, fault.New(fault.Conflict, "checkout.error.prices_changed")
		}
		if line.Quote.ExpiresAt.Before(payBefore) {
			payBefore = line.Quote.ExpiresAt
		}
		if total, err = total.Add(line.Quote.TotalRials); err != nil {
			return 0, time.Time{}, fmt.Errorf("sum of basket: %w", err)
		}
	}
	return total, payBefore, nil
}
