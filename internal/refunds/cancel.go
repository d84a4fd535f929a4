package refunds

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/contacts"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
)

// Why is why an order is cancelled, in words for its customer.
type Why string

// The reasons.
const (
	CustomerAsked Why = "customer_asked"
	Impossible    Why = "impossible" // it cannot be done at the destination
	PriceChanged  Why = "price_changed"
	WrongDetails  Why = "wrong_details"
	NoAnswer      Why = "no_answer"
	NotVerified   Why = "not_verified" // who it is
	Other         Why = "other"
)

// Whys lists them in the order to offer them in.
var Whys = []Why{CustomerAsked, Impossible, PriceChanged, WrongDetails, NoAnswer, NotVerified, Other}

// Warning is what somebody was told of an order's purchase before they went on.
type Warning string

// The warnings. Who has seen one has not seen the other.
const (
	OpenPurchase Warning = "open"   // it is under way, or its outcome unknown
	Bought       Warning = "bought" // it is paid
)

// WarningOf is what somebody has to be told of a purchase; "": nothing.
func WarningOf(p fulfil.Purchase) Warning {
	switch {
	case p.Open():
		return OpenPurchase
	case p.Outcome == fulfil.Paid:
		return Bought
	}
	return ""
}

// Cancellation is how a paid order is cancelled.
type Cancellation struct {
	Why      Why
	Note     string  // for colleagues; needed when the reason is Other, or a warning is overruled
	Any      bool    // the member may cancel orders that they do not hold
	Overrule Warning // that they have seen and mean to go on despite; counts with Any alone
	Refund   *Draft  // asked for at once; its reason may be empty
}

// Cancel cancels a paid order: its clock stops, its claim ends, its customer
// is told, and a refund may be asked for, in one transaction.
//
// It returns Invalid with the fields why or note and those of Ask (amount,
// destination), and Conflict when the order is not the member's, is not paid
// or is over, or when something is bought or may be (refunds.error.bought,
// refunds.error.purchase_open), unless this very warning is overruled: what
// was still open when they were warned, and is paid by now, is told anew. What
// is paid stays so on the record.
func (r *Refunds) Cancel(ctx context.Context, member audit.Actor, code string, c Cancellation) error {
	if err := c.check(); err != nil {
		return err
	}
	return db.InTx(ctx, r.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := r.clock.Now()
		o, err := r.book.Lock(ctx, tx, code)
		if err != nil {
			return err
		}
		if o.SettledAt == nil { // the customer, or time, ends what nobody has paid for
			return fault.New(fault.Conflict, "refunds.error.not_paid")
		}
		held, err := r.queue.Holder(ctx, tx, o.ID)
		free := fault.Is(err, fault.NotFound)
		if err != nil && !free {
			return err
		}
		if !c.Any && (free || held.MemberID != member.ID) {
			return fault.New(fault.Conflict, "queue.error.not_held", "code", o.Code)
		}
		p, bought, err := r.checkPurchase(ctx, tx, o, c)
		if err != nil {
			return err
		}
		step := orders.Step{Order: o, Verb: orders.Cancel, Actor: member, Reason: c.Note, Detail: c.detail(p, bought)}
		if err := r.book.Move(ctx, tx, now, step); err != nil {
			return err
		}
		if bought && p.Open() {
			err = r.leave(ctx, tx, now, o, held, p, c)
		} else if !free {
			err = r.queue.End(ctx, tx, now, o, held, "cancelled")
		}
		if err != nil {
			return err
		}
		return r.afterwards(ctx, tx, now, member, o, c, step.Detail)
	})
}

// checkPurchase keeps the company from paying at the destination and giving
// the money back as well. It returns the purchase that is overruled, if any.
func (r *Refunds) checkPurchase(ctx context.Context, tx pgx.Tx, o orders.Order, c Cancellation) (fulfil.Purchase, bool, error) {
	p, ok, err := r.fulfil.Live(ctx, tx, o.ID)
	if err != nil || !ok || c.Any && c.Overrule == WarningOf(p) {
		return p, ok, err
	}
	if p.Open() {
		return p, ok, fault.New(fault.Conflict, "refunds.error.purchase_open")
	}
	return p, ok, fault.New(fault.Conflict, "refunds.error.bought")
}

// detail is what the history keeps of a cancellation, with what it overruled.
func (c Cancellation) detail(p fulfil.Purchase, bought bool) map[string]any {
	detail := map[string]any{"why": c.Why}
	if bought {
		detail["despite"] = WarningOf(p)
	}
	if bought && !p.Open() {
		detail["amount"], detail["currency"] = p.Charged.Amount.String(), p.Charged.Currency
	}
	return detail
}

// leave leaves an open purchase to be found out about: nobody holds the order.
func (r *Refunds) leave(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held queue.Held, p fulfil.Purchase, c Cancellation) error {
	if err := r.fulfil.Abandon(ctx, tx, now, p, c.Note); err != nil {
		return err
	}
	return r.queue.EndCancelled(ctx, tx, now, o, held)
}

// afterwards does what follows a cancellation.
func (r *Refunds) afterwards(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, c Cancellation,
	record map[string]any) error {
	err := r.contacts.CloseByFacts(ctx, tx, now, o.ID, contacts.IdentityPending, contacts.IdentityRejected, contacts.Question)
	if err != nil {
		return err
	}
	detail := notify.Detail{Why: string(c.Why)}
	if c.Refund != nil {
		amount, to, err := c.Refund.check()
		if err != nil {
			return err
		}
		draft := *c.Refund
		draft.Overrule = c.Overrule == OpenPurchase && c.Any
		if _, err := r.ask(ctx, tx, now, member, o, draft, amount, to); err != nil {
			return err
		}
		detail.Rials = int64(amount)
	}
	err = r.letters.Tell(ctx, tx, now, o, fmt.Sprintf("order:%d:cancelled", o.ID), notify.Message{Kind: notify.OrderCancelled, Detail: detail})
	if err != nil {
		return err
	}
	entry := map[string]any{"note": c.Note}
	maps.Copy(entry, record)
	return audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.cancel", Subject: o.Subject(), Detail: entry})
}

func (c *Cancellation) check() error {
	var wrong fault.Fields
	if !slices.Contains(Whys, c.Why) {
		wrong.Add("why", "refunds.error.why")
	}
	if c.Note != "" || c.Why == Other || c.Overrule != "" {
		c.Note = checkText(&wrong, "note", c.Note, "refunds.error.note_empty")
	}
	if c.Refund != nil {
		if c.Refund.Reason == "" {
			c.Refund.Reason = string(c.Why)
			if c.Note != "" {
				c.Refund.Reason = c.Note
			}
		}
		_, _, err := c.Refund.check()
		if f := fault.Of(err); f != nil {
			wrong = append(wrong, f.Fields...)
		} else if err != nil {
			return err
		}
	}
	return wrong.Err()
}
