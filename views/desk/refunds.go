package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pishkhan/internal/board"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/refunds"
	"pishkhan/internal/seal"
	"pishkhan/views/parts"
)

// RefundsPage lists the refunds in one state.
type RefundsPage struct {
	Chrome      parts.Chrome
	State       refunds.State
	List        []board.Refund
	Counts      map[refunds.State]int
	Limit       money.Rials
	MaySetLimit bool
	First, Next string
	TypedLimit  string
	Wrong       []fault.Field
}

// RefundPage is one refund with what can be done about it.
type RefundPage struct {
	Chrome              parts.Chrome
	Refund              refunds.Refund
	Order               orders.Order
	Customer            customers.Case
	Payments            []payments.Attempt
	Limit               money.Rials
	OfOrder             money.Rials // all that goes back of the order, this included
	PurchaseOpen        bool        // something is being bought for the order, or may be
	Me                  int64
	MayApprove, MaySend bool
	Number              seal.Secret // where the money goes: revealed by this very answer
	Typed               map[string]string
	Wrong               []fault.Field
	Refusal             string
}

// RefundsPath is the list of the refunds in a state.
func RefundsPath(state refunds.State) string { return "/desk/refunds?state=" + string(state) }

// RefundPath is a refund's page.
func RefundPath(id int64) string { return "/desk/refunds/" + strconv.FormatInt(id, 10) }

func refundTabs(ctx context.Context, p RefundsPage) []parts.NavItem {
	items := make([]parts.NavItem, len(refunds.States))
	for i, state := range refunds.States {
		items[i] = parts.NavItem{
			Label: i18n.T(ctx, "orderdesk.refund.state."+string(state)), Href: RefundsPath(state), Current: state == p.State, Count: p.Counts[state],
		}
	}
	return items
}

// needsSecond says why the reader must leave the approval to somebody else;
// "": they need not.
func (p RefundPage) needsSecond() string {
	switch {
	case p.OfOrder <= p.Limit:
		return ""
	case p.Refund.AskedBy == p.Me:
		return "orderdesk.refund.second"
	case p.Refund.AccountBy == p.Me:
		return "orderdesk.refund.second_account"
	}
	return ""
}

// canApprove reports whether the reader may approve it as it stands.
func (p RefundPage) canApprove() bool {
	return p.Refund.State == refunds.Asked && p.MayApprove && p.needsSecond() == "" && p.Refund.Masked != ""
}

// accountHelp says what comes of another account.
func (p RefundPage) accountHelp() string {
	if p.Refund.State == refunds.Approved {
		return "orderdesk.refund.new_account_help"
	}
	return "orderdesk.refund.account_help"
}

func (p RefundPage) wrong(ctx context.Context, name string) string {
	return parts.ErrorFor(ctx, p.Wrong, name)
}

// refundWhy says why money goes back: a ready reason in the reader's
// language, another as it was typed.
func refundWhy(ctx context.Context, reason string) string {
	if slices.Contains(refunds.Whys, refunds.Why(reason)) {
		return i18n.T(ctx, "orderdesk.why."+reason)
	}
	return reason
}

// whyOptions are the reasons to cancel for.
func whyOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(refunds.Whys))
	for i, why := range refunds.Whys {
		options[i] = parts.Option{Value: string(why), Label: i18n.T(ctx, "orderdesk.why."+string(why))}
	}
	return options
}

// CancelFields are the inputs of the form that cancels.
var CancelFields = []string{"cancel_why", "cancel_note", "cancel_amount", "cancel_to"}

// CanCancel reports whether the reader may cancel the order now.
func (p OrderPage) CanCancel() bool {
	switch p.Order.State {
	case orders.AwaitingKYC, orders.Paid, orders.InProgress, orders.WaitingCustomer:
		return p.May.CancelAny || p.May.Cancel && p.Mine()
	}
	return false
}

// Bought reports whether something is bought for the order, or may be: to
// cancel it then may cost the company what was paid there.
func (p OrderPage) Bought() bool { _, ok := p.Purchase(); return ok }

// CanRefund reports whether the reader may ask for money to go back.
func (p OrderPage) CanRefund() bool {
	return p.May.AskRefund && p.Left > 0 && (!p.PurchaseOpen() || p.May.CancelAny)
}

// Warning is what the reader is told of the order's purchase before they cancel.
func (p OrderPage) Warning() refunds.Warning {
	if live, ok := p.Purchase(); ok {
		return refunds.WarningOf(live)
	}
	return ""
}

// cancelTitle names the order and the amount.
func cancelTitle(ctx context.Context, p OrderPage) string {
	return i18n.T(ctx, "orderdesk.cancel.title", "code", p.Order.Code, "amount", p.Order.Total)
}

// tomanUnit is the only currency that refunds and extra payments have.
func tomanUnit(ctx context.Context) []parts.Option {
	return []parts.Option{{Value: "IRT", Label: i18n.T(ctx, "orderdesk.toman")}}
}

// openExtra is what the customer is asked for now.
func (p OrderPage) openExtra() (payments.Extra, bool) {
	i := slices.IndexFunc(p.Extras, func(e payments.Extra) bool { return e.State == payments.ExtraAsked })
	if i < 0 {
		return payments.Extra{}, false
	}
	return p.Extras[i], true
}

// canAskExtra reports whether the reader may ask for more now.
func (p OrderPage) canAskExtra() bool { return p.Working() }

// mustFindOut reports whether the order was cancelled over a purchase whose
// outcome nobody knows yet, and the reader may write it down.
func (p OrderPage) mustFindOut() bool {
	return p.Order.State == orders.Cancelled && p.May.CancelAny && p.PurchaseOpen()
}

// chargedMore is what the destination charged beyond the quote; ok is false
// while that is unknown, or in another currency.
func (p OrderPage) chargedMore() (more money.Foreign, ok bool) {
	live, bought := p.Purchase()
	if !bought || live.Outcome != fulfil.Paid || live.Charged.Currency != p.Quote.Amount.Currency {
		return money.Foreign{}, false
	}
	more = money.Foreign{Amount: live.Charged.Amount.Sub(p.Quote.Amount.Amount), Currency: live.Charged.Currency}
	return more, !more.Amount.IsZero()
}

// chargedMoreRials is that difference at the rate of the quote, as a proposal.
func (p OrderPage) chargedMoreRials() money.Rials {
	more, ok := p.chargedMore()
	if !ok {
		return 0
	}
	more.Amount = more.Amount.Abs()
	rials, err := more.InRials(p.Quote.RateRials)
	if err != nil {
		return 0
	}
	return rials
}

// typed is what stood in a field of a refused form, else what to offer.
func (p OrderPage) typed(name, offer string) string {
	if p.Typed.Fields != nil {
		if text, ok := p.Typed.Fields[name]; ok {
			return text
		}
	}
	return offer
}

// ticked reports whether a box of a refused form was ticked, or else should be.
func (p OrderPage) ticked(form, name string, offer bool) bool {
	if p.isWrong(form) || p.Typed.Fields[form] != "" {
		return p.Typed.Fields[name] != ""
	}
	return offer
}

// refundOffer is the amount that a refund's form stands on: what the
// destination charged less than was quoted, once that is known.
func (p OrderPage) refundOffer(ctx context.Context) string {
	more, ok := p.chargedMore()
	if rials := p.chargedMoreRials(); ok && more.Amount.IsNegative() && rials > 0 && rials <= p.Left {
		return plainToman(ctx, rials)
	}
	return ""
}

// extraOffer is the amount that the form asking for more stands on.
func (p OrderPage) extraOffer(ctx context.Context) string {
	if more, ok := p.chargedMore(); ok && more.Amount.IsPositive() {
		return plainToman(ctx, p.chargedMoreRials())
	}
	return ""
}

// differenceWords says how much more, or less, was charged.
func differenceWords(ctx context.Context, more money.Foreign) string {
	key := "orderdesk.compare.more"
	if more.Amount.IsNegative() {
		key, more.Amount = "orderdesk.compare.less", more.Amount.Abs()
	}
	return i18n.T(ctx, key, "amount", more)
}

// moneyDetail says in words what an event about money holds.
func moneyDetail(ctx context.Context, e orders.Event) string {
	var words []string
	if rials, ok := e.Detail["rials"].(float64); ok {
		words = append(words, toman(ctx, money.Rials(rials)))
	}
	if why, ok := e.Detail["why"].(string); ok {
		words = append(words, refundWhy(ctx, why))
	}
	if end, ok := e.Detail["end"].(string); ok && e.Verb == orders.ExtraEnded {
		words = append(words, i18n.T(ctx, "orderdesk.extra.state."+end))
	}
	if despite, ok := e.Detail["despite"].(string); ok {
		words = append(words, i18n.T(ctx, "desk.despite."+despite, "amount", chargedIn(ctx, e.Detail)))
	}
	if e.Reason != "" {
		words = append(words, "\u2068"+refundWhy(ctx, e.Reason)+"\u2069")
	}
	return strings.Join(words, " · ")
}
