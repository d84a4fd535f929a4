package fulfil

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
	"pishkhan/internal/queue"
)

// Complete ends the work on an order: the member holds it, the purchase is
// paid and the amount known, a receipt is there. In one transaction it
// closes claim and clock, counts the order for the customer's club, and queues
// the SMS and the e-mail with the receipt, once each. A report of the purchase may come along with it.
//
// It returns Invalid (fields of Report, or receipt, or purchase) for what is
// missing, and Conflict when the order is not the member's any more.
func (f *Fulfilment) Complete(ctx context.Context, member audit.Actor, code string, report *Report) error {
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, held, err := f.lockInProgress(ctx, tx, member, code)
		if err != nil {
			return err
		}
		if report != nil {
			charged, err := report.check()
			if err != nil {
				return err
			}
			if err := f.endPurchase(ctx, tx, now, member, o, held, *report, charged); err != nil {
				return err
			}
		}
		return f.close(ctx, tx, now, member, o, held)
	})
}

// close ends the work on an order that the member holds, once it is proven.
func (f *Fulfilment) close(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, held queue.Held) error {
	receiptID, err := f.gate(ctx, tx, o)
	if err != nil {
		return err
	}
	if err := f.book.Move(ctx, tx, now, orders.Step{Order: o, Verb: orders.Complete, Actor: member}); err != nil {
		return err
	}
	if err := f.queue.End(ctx, tx, now, o, held, "completed"); err != nil {
		return err
	}
	if err := f.earn(ctx, tx, now, o); err != nil {
		return err
	}
	if err := f.tell(ctx, tx, now, o, receiptID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.complete", Subject: o.Subject()})
}

// gate checks that the work is proven, and returns the receipt that the
// customer gets: the newest.
func (f *Fulfilment) gate(ctx context.Context, tx pgx.Tx, o orders.Order) (receiptID int64, err error) {
	var wrong fault.Fields
	p, ok, err := f.live(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	if !ok || p.Outcome != Paid {
		wrong.Add("purchase", "fulfil.error.not_purchased")
	}
	papers, err := f.receipts.Of(ctx, tx, int64(o.ID))
	if err != nil {
		return 0, err
	}
	if len(papers) == 0 {
		wrong.Add("receipt", "fulfil.error.no_receipt")
		return 0, wrong.Err()
	}
	return papers[len(papers)-1].ID, wrong.Err()
}

// earn counts a completed order, by its fees, for the customer's club.
func (f *Fulfilment) earn(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order) error {
	quote, err := f.pricing.Quote(ctx, tx, pricing.QuoteID(o.QuoteID))
	if err != nil {
		return err
	}
	return f.club.Earn(ctx, tx, now, int64(o.ID), o.CustomerID, quote.Fees())
}

// tell queues what the customer is told of a completed order. One that was
// reopened is told of once for each time.
func (f *Fulfilment) tell(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, receiptID int64) error {
	clocks, err := f.book.Clocks(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("order:%d:done", o.ID)
	if n := len(clocks); n > 1 {
		what += fmt.Sprintf(":%d", n)
	}
	return f.letters.Tell(ctx, tx, now, o, what, notify.Message{
		Kind: notify.OrderDone, ReceiptID: receiptID, Detail: notify.Detail{Password: o.CredentialID != 0},
	})
}
