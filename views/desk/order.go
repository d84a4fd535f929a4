package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/attachments"
	"pishkhan/internal/board"
	"pishkhan/internal/catalog"
	"pishkhan/internal/contacts"
	"pishkhan/internal/customers"
	"pishkhan/internal/fault"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/notes"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/pricing"
	"pishkhan/internal/queue"
	"pishkhan/internal/receipts"
	"pishkhan/internal/refunds"
	"pishkhan/internal/seal"
	"pishkhan/views/deadline"
	"pishkhan/views/parts"
)

// OrderPage is everything about one order, on one screen.
type OrderPage struct {
	Chrome    parts.Chrome
	Warnings  Warnings
	Order     orders.Order
	Row       board.Row // who holds it, and the time left
	Service   catalog.Service
	Quote     pricing.Quote
	Customer  customers.Case
	Purchases []fulfil.Purchase // oldest first
	Receipts  []receipts.Receipt
	Past      deadline.Past   // the history and the clocks
	Offers    []time.Time     // working instants near the one that was refused
	ToCall    []contacts.Task // open and closed, oldest first
	Called    []contacts.Call // oldest first
	Payments  []payments.Attempt
	Extras    []payments.Extra
	Refunds   []refunds.Refund
	Notes     []notes.Note            // oldest first
	Drafts    map[string]string       // what the reader is writing, by field
	Files     []attachments.OrderFile // that lie with it besides the form, oldest first
	Left      money.Rials             // of what was paid, not refunded nor about to be
	Messages  []notify.Message
	Me        int64
	May       May
	Typed     Typed          // what a refused form held
	Wrong     []fault.Field  // what is wrong with it
	Lost      bool           // a colleague was first: the next order is offered
	Able      []queue.Person // colleagues who may take the order over
	Refusal   string         // why a deed was not done, in words
	Secrets   []Secret       // revealed by this very answer, to htmx or to a page
	Fragment  bool           // an answer to htmx: what was swapped in takes the focus
	InPlace   bool           // a part of the page is answered alone, with what is wrong in it
}

// May is what the reader may do with orders.
type May struct {
	Claim, Work, Reveal, SeeIdentity bool
	Extend, ExtendAny, Reopen        bool
	HandOver, Steal, PutBack         bool
	SeeCalendar                      bool
	Cancel, CancelAny                bool
	AskRefund, SeeRefunds            bool
	Note, Call                       bool
	Attach, RemoveAny                bool
}

// Typed is what stood in the forms of the order's page.
type Typed struct {
	Outcome    string
	Amount     string
	Currency   string
	Reference  string
	Note       string
	Reason     string // of a reveal
	Release    string // reason of a release
	Question   string
	Answer     string
	UntilDate  string // of another time, agreed with the customer
	UntilTime  string
	Agreed     string // how
	ExtendNote string
	Reopen     string // reason of a reopening

	Fields map[string]string // of the forms whose fields have names of their own
}

// Secret is one revealed answer under its label.
type Secret struct {
	ID    string // of its element
	Label string
	Value seal.Secret
}

// Mine reports whether the reader holds the order.
func (p OrderPage) Mine() bool { return p.Row.HolderID != 0 && p.Row.HolderID == p.Me }

// Working reports whether the reader can act on the order now.
func (p OrderPage) Working() bool {
	return p.Mine() && p.May.Work && p.Order.State == orders.InProgress
}

// Purchase returns the purchase that is under way, unknown or paid.
func (p OrderPage) Purchase() (live fulfil.Purchase, ok bool) {
	i := slices.IndexFunc(p.Purchases, func(b fulfil.Purchase) bool { return b.Outcome != fulfil.NotPaid })
	if i < 0 {
		return fulfil.Purchase{}, false
	}
	return p.Purchases[i], true
}

// PurchaseOpen reports whether a purchase is under way or its outcome unknown.
func (p OrderPage) PurchaseOpen() bool {
	live, ok := p.Purchase()
	return ok && live.Outcome != fulfil.Paid
}

// Step is what comes next for the reader.
type Step int

// The steps, each the one primary action of the page.
const (
	NothingToDo Step = iota
	ToClaim
	ToBuy
	ToComplete
	ToNext // this order asks nothing of the reader now
)

// Step returns what comes next for the reader.
func (p OrderPage) Step() Step {
	switch {
	case p.Order.State == orders.Paid && p.May.Claim:
		return ToClaim
	case p.Working():
		if _, ok := p.Purchase(); ok {
			return ToComplete
		}
		return ToBuy
	case p.May.Claim:
		return ToNext
	}
	return NothingToDo
}

// outcome is the choice that the form stands on: paid, until something else is said.
func (p OrderPage) outcome() string {
	if p.Typed.Outcome != "" {
		return p.Typed.Outcome
	}
	return string(fulfil.Paid)
}

// currency is the one that the form stands on: the quote's.
func (p OrderPage) currency() string {
	if p.Typed.Currency != "" {
		return p.Typed.Currency
	}
	return string(p.Quote.Amount.Currency)
}

// currencies offers the service's first, then all others.
func (p OrderPage) currencies() []parts.Option {
	codes := append([]money.Currency{p.Quote.Amount.Currency}, p.Service.Definition.Currencies()...)
	codes = append(codes, money.Currencies()...)
	var options []parts.Option
	for i, code := range codes {
		if !slices.Contains(codes[:i], code) {
			options = append(options, parts.Option{Value: string(code), Label: string(code)})
		}
	}
	return options
}

// paymentPage is the address that the customer gave, or the service's own site.
func (p OrderPage) paymentPage() string {
	site := p.Service.Definition.Site
	if site.Field != "" {
		return p.Order.Answers[site.Field]
	}
	return "https://" + site.Host
}

// answers are the form's, without the address that stands above them.
func (p OrderPage) answers(ctx context.Context) []catalog.Row {
	rows := p.Service.Definition.Present(p.Order.Answers, i18n.LangOf(ctx))
	return slices.DeleteFunc(rows, func(r catalog.Row) bool {
		return r.Field.Name == p.Service.Definition.Site.Field || r.Field.Type == catalog.Amount
	})
}

// wrong says what is wrong with a field of the page's forms.
func (p OrderPage) wrong(ctx context.Context, name string) string {
	return parts.ErrorFor(ctx, p.Wrong, name)
}

// isWrong reports whether one of the fields is wrong: their form stays open.
func (p OrderPage) isWrong(names ...string) bool {
	return slices.ContainsFunc(p.Wrong, func(f fault.Field) bool { return slices.Contains(names, f.Name) })
}

// refused reports whether the page answers a deed that was not done: what was
// wrong takes the focus.
func (p OrderPage) refused() bool { return p.Refusal != "" || len(p.Wrong) > 0 }

// line is one event of the history, with what it did to the clock.
type line struct {
	orders.Event
	Deadline []string
}

// newest returns the history, the newest first.
func (p OrderPage) newest(ctx context.Context) []line {
	lines := make([]line, len(p.Past.Events))
	for i, e := range p.Past.Events {
		l := line{Event: e}
		if turn, ok := p.Past.Turn(i); ok {
			l.Deadline = turn.Staff(ctx)
		}
		lines[len(lines)-1-i] = l
	}
	return lines
}

// purchaseWords says how a purchase stands.
func purchaseWords(ctx context.Context, p fulfil.Purchase) string {
	if p.Outcome == "" {
		return i18n.T(ctx, "desk.purchase.open", "at", p.StartedAt)
	}
	return i18n.T(ctx, "desk.purchase."+string(p.Outcome))
}

// eventDetail says in words what an event's line holds besides its verb.
func eventDetail(ctx context.Context, e orders.Event) string {
	switch e.Verb {
	case orders.PurchaseEnded:
		return purchaseDetail(ctx, e.Detail)
	case orders.ReceiptAdded:
		name, _ := e.Detail["name"].(string)
		return name
	case orders.FileAttached, orders.FileRemoved:
		return fileDetail(e)
	case orders.Revealed:
		return revealReason(ctx, e.Reason)
	case orders.Cancel, orders.AskExtra, orders.ExtraPaid, orders.ExtraEnded,
		orders.RefundAsked, orders.RefundApproved, orders.RefundUnapproved, orders.RefundSent, orders.RefundFailed:
		return moneyDetail(ctx, e)
	case orders.Contacted:
		return callDetail(ctx, e)
	case orders.Warned, orders.Breached, orders.Escalated:
		return alertDetail(ctx, e)
	}
	return e.Reason
}

// chargedIn is the amount that an event's line says was charged, in words.
func chargedIn(ctx context.Context, detail map[string]any) string {
	typed, _ := detail["amount"].(string)
	currency, _ := detail["currency"].(string)
	amount, err := decimal.NewFromString(typed)
	if err != nil {
		return ""
	}
	return i18n.LangOf(ctx).Foreign(money.Foreign{Amount: amount, Currency: money.Currency(currency)})
}

// purchaseDetail says what became of a purchase, as the history keeps it.
func purchaseDetail(ctx context.Context, detail map[string]any) string {
	text := func(name string) string { t, _ := detail[name].(string); return t }
	words := []string{i18n.T(ctx, "desk.outcome."+text("outcome"))}
	if charged := chargedIn(ctx, detail); charged != "" {
		words = append(words, charged)
	}
	for _, name := range []string{"reference", "note"} {
		if text(name) != "" {
			words = append(words, "\u2068"+text(name)+"\u2069")
		}
	}
	return strings.Join(words, " · ")
}
