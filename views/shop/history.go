package shop

import (
	"context"
	"slices"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
)

// moment is one line of the time line as the customer reads it.
type moment struct {
	title, meta, text string
	clock             string // what it did to the promise
	reached           bool
	event             orders.Event // that it tells of; none of a step to come
}

// told are the events that customers are told of, under
// shop.history.<verb>; those that are true tell their text too. The others,
// with their reasons, are the staff's own.
var told = map[orders.Verb]bool{
	orders.Place: false, orders.Settle: false, orders.SettleUnproven: false, orders.PaymentHeld: false,
	orders.IdentityFiled: false, orders.IdentityOK: false, orders.IdentityRefused: true, orders.Verify: false,
	orders.Claim: false, orders.Hold: true, orders.Answer: true, orders.PurchaseStarted: false,
	orders.Complete: false, orders.Cancel: false, orders.Expire: false, orders.Reopen: false,
	orders.Extend: false, orders.Retime: false, orders.AskExtra: true, orders.ExtraPaid: false, orders.ExtraEnded: false,
	orders.RefundAsked: false, orders.RefundApproved: false, orders.RefundSent: false,
}

// once are the events whose repetition is the house's own affair.
var once = []orders.Verb{orders.Claim, orders.PurchaseStarted}

// ahead are the steps that are still to come in each state, the next first:
// shop.ahead.<step>.
var ahead = map[orders.State][]string{
	orders.AwaitingPayment: {"pay", "identity", "work", "done"},
	orders.AwaitingKYC:     {"identity", "work", "done"},
	orders.Paid:            {"work", "done"},
	orders.InProgress:      {"done"},
	orders.WaitingCustomer: {"answer", "done"},
}

// moments is the time line, the farthest step first.
func (p OrderPage) moments(ctx context.Context) []moment {
	var line []moment
	seen := map[orders.Verb]bool{}
	for i, e := range p.Past.Events {
		withText, isTold := told[e.Verb]
		if !isTold || seen[e.Verb] && slices.Contains(once, e.Verb) {
			continue
		}
		seen[e.Verb] = true
		m := moment{title: i18n.T(ctx, "shop.history."+string(e.Verb)), meta: i18n.LangOf(ctx).DateLong(e.At), reached: true, event: e}
		if withText {
			m.text = e.Reason
		}
		if turn, ok := p.Past.Turn(i); ok {
			m.clock = turn.Customer(ctx)
		}
		line = append(line, m)
	}
	for _, step := range ahead[p.Order.State] {
		if step == "identity" && p.Order.VerifiedAt != nil {
			continue
		}
		line = append(line, moment{title: i18n.T(ctx, "shop.ahead."+step)})
	}
	slices.Reverse(line)
	return line
}

// promiseTitle says where the promise comes from: from us, or from what was
// agreed with the customer.
func (p OrderPage) promiseTitle(ctx context.Context, c orders.Clock) string {
	if e, ok := p.last(orders.Extend); ok && c.Extra > 0 {
		return i18n.T(ctx, "shop.promise.agreed", "day", i18n.LangOf(ctx).DayLong(e.At))
	}
	return i18n.T(ctx, "shop.promise.title")
}

// firstKey names the sentence on the first promise, beside the one that was
// agreed later.
func firstKey(c orders.Clock, now time.Time) string {
	if c.FirstBreached(now) {
		return "shop.promise.first_broken"
	}
	return "shop.promise.first"
}
