package fulfil

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/receipts"
)

// Paper is a receipt as it came.
type Paper struct {
	Name    string
	Content []byte
}

// Finish is Complete for a program, which hands in at once what a person
// does step by step: the receipt, and that the purchase under way is paid.
// All of it is done, or nothing. Either may be on the order already: without
// a paper its receipts count, and for a purchase that was reported as paid
// the report may be left out, or say the same again.
//
// It returns the faults of Complete and of receipts.Inspect.
func (f *Fulfilment) Finish(ctx context.Context, member audit.Actor, code string, paper *Paper, report *Report) error {
	stored, err := f.storeFor(ctx, member, code, paper)
	if err != nil {
		return err
	}
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, held, err := f.lockInProgress(ctx, tx, member, code)
		if err != nil {
			return err
		}
		if report != nil {
			if err := f.settlePurchase(ctx, tx, now, member, o, held, *report); err != nil {
				return err
			}
		}
		if stored != nil {
			if err := f.addReceipt(ctx, tx, now, member, o, held, *stored); err != nil {
				return err
			}
		}
		return f.close(ctx, tx, now, member, o, held)
	})
}

// storeFor puts a paper where files are, once the order is known to be the
// member's: before a file is stored for nobody.
func (f *Fulfilment) storeFor(ctx context.Context, member audit.Actor, code string, paper *Paper) (*receipts.Stored, error) {
	if paper == nil {
		return nil, nil
	}
	err := f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, _ time.Time) error {
		_, _, err := f.lockInProgress(ctx, tx, member, code)
		return err
	})
	if err != nil {
		return nil, err
	}
	stored, err := f.receipts.Store(ctx, paper.Name, paper.Content)
	return &stored, err
}

// settlePurchase writes down that the purchase under way is paid. Of one that
// was reported before, it must say the same.
func (f *Fulfilment) settlePurchase(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor,
	o orders.Order, held queue.Held, r Report) error {
	charged, err := r.check()
	if err != nil {
		return err
	}
	p, ok, err := f.live(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if ok && p.Outcome == Paid {
		return p.sameAs(charged, r.Reference)
	}
	return f.endPurchase(ctx, tx, now, member, o, held, r, charged)
}

func (p Purchase) sameAs(charged money.Foreign, reference string) error {
	var wrong fault.Fields
	if !p.Charged.Amount.Equal(charged.Amount) {
		wrong.Add("charged_amount", "fulfil.error.reported_otherwise")
	}
	if p.Charged.Currency != charged.Currency {
		wrong.Add("charged_currency", "fulfil.error.reported_otherwise")
	}
	if reference != "" && p.Reference != reference {
		wrong.Add("reference", "fulfil.error.reported_otherwise")
	}
	return wrong.Err()
}
