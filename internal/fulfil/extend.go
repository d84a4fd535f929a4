package fulfil

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
)

// Extension is a later time that was agreed with the customer.
type Extension struct {
	Until  time.Time
	Agreed Agreement
	Note   string // for colleagues
	Any    bool   // the member may agree it for orders that they do not hold
}

// Agreement is how something was agreed with a customer.
type Agreement string

// The ways to agree.
const (
	ByPhone   Agreement = "phone"
	ByMessage Agreement = "message"
	InPerson  Agreement = "in_person"
)

// Agreements lists them in the order to offer them in.
var Agreements = []Agreement{ByPhone, ByMessage, InPerson}

// Extend promises an order for a later time, as agreed with its customer, who
// is told so by SMS and e-mail. The first promise stays on record.
//
// It returns Invalid with the fields until (a time outside working hours, or
// not after the present promise), agreed or note, and Conflict when the order
// is not the member's, or its clock does not run.
func (f *Fulfilment) Extend(ctx context.Context, member audit.Actor, code string, x Extension) error {
	if err := x.check(); err != nil {
		return err
	}
	return f.inTx(ctx, func(ctx context.Context, tx pgx.Tx, now time.Time) error {
		o, err := f.lockToExtend(ctx, tx, member, code, x.Any)
		if err != nil {
			return err
		}
		before, err := f.book.Clock(ctx, tx, o.ID)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Conflict, "sla.error.not_running")
		}
		if err != nil {
			return err
		}
		c, err := f.book.Extend(ctx, tx, now, orders.Step{
			Order: o, Verb: orders.Extend, Actor: member, Reason: x.Note, Detail: map[string]any{"agreed": x.Agreed},
		}, x.Until)
		if fault.Is(err, fault.Invalid) {
			var wrong fault.Fields
			wrong.AddErr("until", err)
			return wrong.Err()
		}
		if err != nil {
			return err
		}
		if err := f.tellExtended(ctx, tx, now, o, c, before.DueAt); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: member, Verb: "order.extend", Subject: o.Subject(), Detail: map[string]any{
			"from": before.DueAt, "to": c.DueAt, "agreed": x.Agreed, "note": x.Note,
		}})
	})
}

func (x *Extension) check() error {
	var wrong fault.Fields
	if x.Until.IsZero() {
		wrong.Add("until", "fulfil.error.until_empty")
	}
	if !slices.Contains(Agreements, x.Agreed) {
		wrong.Add("agreed", "fulfil.error.agreed")
	}
	if x.Note = strings.TrimSpace(x.Note); utf8.RuneCountInString(x.Note) > 1000 {
		wrong.Add("note", "fulfil.error.long", "max", 1000)
	}
	return wrong.Err()
}

// lockToExtend locks an order that the member holds, or any.
func (f *Fulfilment) lockToExtend(ctx context.Context, tx pgx.Tx, member audit.Actor, code string, any bool) (orders.Order, error) {
	if any {
		return f.book.Lock(ctx, tx, code)
	}
	o, _, err := f.queue.LockHeld(ctx, tx, member, code)
	return o, err
}

// tellExtended queues what the customer is told of the time that was agreed
// with them. Extra grows with each extension of a clock: none is told twice.
func (f *Fulfilment) tellExtended(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, c orders.Clock, before time.Time) error {
	what := fmt.Sprintf("order:%d:extended:%d:%d", o.ID, c.ID, c.Extra.Microseconds())
	return f.letters.Tell(ctx, tx, now, o, what, notify.Message{
		Kind: notify.OrderExtended, Detail: notify.Detail{Until: &c.DueAt, Before: &before},
	})
}
