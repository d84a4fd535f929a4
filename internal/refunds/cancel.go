package refunds

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/contacts"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
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

// Cancellation is how a paid order is cancelled.
type Cancellation struct {
	Why      Why
	Note     string // for colleagues; needed when the reason is Other, or the warning is overruled
	Any      bool   // the member may cancel orders that they do not hold
	Overrule bool   // the member may, and has seen the warning: though it is bought, or may be
	Refund   *Draft // asked for at once; its reason may be empty
}

// Cancel cancels a paid order: its clock stops, its claim ends, its customer
// is told, and a refund may be asked for, in one transaction.
//
// It returns Invalid with the fields why or note and those of Ask (amount,
// destination), and Conflict when the order is not the member's, is not paid
// or is over, or when something is bought or may be (refunds.error.bought,
// refunds.error.purchase_open).
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
		if err := r.checkPurchase(ctx, tx, now, o, c); err != nil {
			return err
		}
		step := orders.Step{Order: o, Verb: orders.Cancel, Actor: member, Reason: c.Note, Detail: map[string]any{"why": c.Why}}
		if err := r.book.Move(ctx, tx, now, step); err != nil {
			return err
		}
		if !free {
			if err := r.end(ctx, tx, now, o, held, c); err != nil {
				return err
			}
		}
		return r.afterwards(ctx, tx, now, member, o, c)
	})
}

// checkPurchase keeps the company from paying at the destination and giving
// the money back as well. What is overruled has to be found out about later.
func (r *Refunds) checkPurchase(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, c Cancellation) error {
	p, ok, err := r.fulfil.Live(ctx, tx, o.ID)
	if err != nil || !ok {
		return err
	}
	if !c.Overrule || !c.Any {
		key := "refunds.error.purchase_open"
		if !p.Open() {
			key = "refunds.error.bought"
		}
		return fault.New(fault.Conflict, key)
	}
	return r.fulfil.Abandon(ctx, tx, now, p, c.Note)
}

func (r *Refunds) end(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, held queue.Held, c Cancellation) error {
	if c.Overrule && c.Any {
		return r.queue.EndCancelled(ctx, tx, now, held)
	}
	return r.queue.End(ctx, tx, now, o, held, "cancelled")
}

// afterwards does what follows a cancellation.
func (r *Refunds) afterwards(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, o orders.Order, c Cancellation) error {
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
		draft.Overrule = c.Overrule && c.Any
		if _, err := r.ask(ctx, tx, now, member, o, draft, amount, to); err != nil {
			return err
		}
		detail.Rials = int64(amount)
	}
	err = r.letters.Tell(ctx, tx, now, o, fmt.Sprintf("order:%d:cancelled", o.ID), notify.Message{Kind: notify.OrderCancelled, Detail: detail})
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.cancel", Subject: o.Subject(), Detail: map[string]any{
		"why": c.Why, "note": c.Note, "overruled": c.Overrule && c.Any,
	}})
}

func (c *Cancellation) check() error {
	var wrong fault.Fields
	if !slices.Contains(Whys, c.Why) {
		wrong.Add("why", "refunds.error.why")
	}
	if c.Note != "" || c.Why == Other || c.Overrule {
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
