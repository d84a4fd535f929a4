package checkout

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/attachments"
	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/checkout/internal/sqlq"
	"pishkhan/internal/clients"
	"pishkhan/internal/customers"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
	"pishkhan/internal/token"
	"pishkhan/internal/vault"
)

// ClientCounter is where the shop fronts of others order: quotes and orders
// without a basket. The fields of its faults are JSON pointers into what the
// client has sent.
type ClientCounter struct {
	checkout *Checkout
	clients  *clients.Clients
	catalog  *catalog.Catalog
	pricing  *pricing.Pricing
	vault    *vault.Vault
	files    *attachments.Attachments
}

// ForClients returns the counter at which clients order.
func (c *Checkout) ForClients(who *clients.Clients, services *catalog.Catalog, prices *pricing.Pricing, v *vault.Vault,
	files *attachments.Attachments) *ClientCounter {
	return &ClientCounter{checkout: c, clients: who, catalog: services, pricing: prices, vault: v, files: files}
}

// ClientOrder is what a client asks for: orders that one payment pays for.
type ClientOrder struct {
	Lines     []ClientLine
	Identity  customers.IdentityForm // a birth date in either calendar
	Lang      i18n.Lang              // the customer's
	ReturnURL string                 // where the customer goes after paying; empty: our own page
}

// ClientLine is one order: the quote that it is placed at, and the answers to
// the form as nested JSON, logins included.
type ClientLine struct {
	Quote   string
	Answers map[string]any
}

// PlacedByClient is what came of it.
type PlacedByClient struct {
	Orders    []orders.Order
	Services  []string // their slugs
	Total     money.Rials
	PayToken  token.Token // of the page where the customer pays
	PayBefore time.Time
}

// Place turns quotes and answers into orders that await one payment. The same
// request again gets the same answer (see clients.Once); answer writes it.
//
// Faults: Invalid with JSON pointers (/lines/0/answers/game_id); Conflict
// when a quote has run out or was used; those of campaigns.Use.
func (c *ClientCounter) Place(ctx context.Context, client clients.Client, r clients.Request, asked ClientOrder,
	answer func(PlacedByClient) ([]byte, error)) (clients.Answer, error) {
	if given, seen, err := c.clients.Seen(ctx, r); err != nil || seen {
		return given, err
	}
	d, err := c.check(ctx, client, asked)
	if err != nil {
		return clients.Answer{}, err
	}
	const created = 201
	return c.clients.Once(ctx, r, created, func(ctx context.Context, tx pgx.Tx, now time.Time) ([]byte, error) {
		// Nobody holds the token of this browser: it stands for the client's.
		visitor, err := c.checkout.customers.ArriveIn(ctx, tx, now)
		if err != nil {
			return nil, err
		}
		by := audit.Actor{Kind: audit.Customer, ID: visitor.ID, Name: client.Name}
		placed, err := c.place(ctx, tx, now, client, by, d)
		if err != nil {
			return nil, err
		}
		return answer(placed)
	})
}

func (c *ClientCounter) place(ctx context.Context, tx pgx.Tx, now time.Time, client clients.Client, by audit.Actor, d clientDraft) (PlacedByClient, error) {
	filed, err := c.checkout.customers.File(ctx, tx, now, by.ID, d.identity, d.lang)
	if err != nil {
		return PlacedByClient{}, err
	}
	q := sqlq.New(tx)
	checkoutID, err := q.InsertCheckout(ctx, sqlq.InsertCheckoutParams{
		VisitorID: by.ID, CustomerID: filed.CustomerID, IdentityCaseID: filed.ID,
		TotalRials: int64(d.total), Lang: string(d.lang), PlacedAt: now,
	})
	if err != nil {
		return PlacedByClient{}, fmt.Errorf("place orders of client %d: %w", client.ID, err)
	}
	placed := PlacedByClient{Total: d.total, PayToken: token.New(), PayBefore: d.payBefore}
	err = q.InsertPayLink(ctx, sqlq.InsertPayLinkParams{
		TokenHash: placed.PayToken.Hash(), CheckoutID: checkoutID, ReturnUrl: d.returnURL, CreatedAt: now,
	})
	if err != nil {
		return PlacedByClient{}, fmt.Errorf("place orders of client %d: %w", client.ID, err)
	}
	for i, line := range d.lines {
		o, err := c.placeLine(ctx, tx, now, by, line, orders.Draft{
			CheckoutID: checkoutID, CustomerID: filed.CustomerID, IdentityCaseID: filed.ID,
			Lang: d.lang, PayBefore: d.payBefore, ClientID: client.ID,
		})
		if err != nil {
			return PlacedByClient{}, db.Fault(err, db.Faults{"orders_quote": quoteUsed(i)})
		}
		placed.Orders = append(placed.Orders, o)
		placed.Services = append(placed.Services, line.service.Definition.Slug)
	}
	for _, i := range byCampaign(d.lines) {
		if err := c.checkout.begun(ctx, tx, now, placed.Orders[i], d.lines[i].quote, filed, filed.CustomerID); err != nil {
			return PlacedByClient{}, err
		}
	}
	return placed, nil
}

// byCampaign are the places of the lines in the order in which their codes are
// used up: all requests take the campaigns' locks in the same one.
func byCampaign(lines []draftLine) []int {
	campaign := func(i int) int64 {
		if code := codeOf(lines[i].quote); code != nil {
			return code.CampaignID
		}
		return 0
	}
	places := make([]int, len(lines))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(campaign(a), campaign(b)) })
	return places
}

func (c *ClientCounter) placeLine(ctx context.Context, tx pgx.Tx, now time.Time, by audit.Actor, line draftLine,
	draft orders.Draft) (orders.Order, error) {
	if len(line.answers.Sealed) > 0 {
		id, err := c.vault.Deposit(ctx, tx, now, line.answers.Sealed)
		if err != nil {
			return orders.Order{}, err
		}
		draft.CredentialID = id
	}
	draft.ServiceVersionID, draft.QuoteID = int64(line.service.VersionID), int64(line.quote.ID)
	draft.Answers, draft.Site = line.answers.Open, line.answers.Site
	draft.Total, draft.Budget = line.quote.TotalRials, line.service.Definition.Budget()
	draft.DeadlineOn = line.service.Definition.DeadlineOf(line.answers.Open)
	return c.checkout.book.Place(ctx, tx, now, by, draft)
}

func quoteUsed(line int) *fault.Fault {
	return &fault.Fault{Kind: fault.Conflict, Key: "checkout.error.quote_used", Fields: []fault.Field{
		{Name: fmt.Sprintf("/lines/%d/quote", line), Key: "checkout.error.quote_used"},
	}}
}

// ClientQuote is a frozen price that belongs to a client.
type ClientQuote struct {
	ID      string
	Service catalog.Service
	Quote   pricing.Quote
}

// QuoteRequest asks what an order would cost.
type QuoteRequest struct {
	Slug     string
	Amount   *money.Foreign // what is to be paid at the destination; nil: the answers say
	Answers  map[string]any
	Code     string // of a campaign; empty: none
	Together int    // how many orders are placed with it, this one included
}

// Quote freezes a price for a client. Faults: Invalid with JSON pointers
// (/service, /amount, /answers/…, /code, /orders); those of pricing.Freeze.
func (c *ClientCounter) Quote(ctx context.Context, client clients.Client, r QuoteRequest) (ClientQuote, error) {
	service, err := c.catalog.Service(ctx, r.Slug)
	if fault.Is(err, fault.NotFound) {
		return ClientQuote{}, at("/service", err)
	}
	if err != nil {
		return ClientQuote{}, err
	}
	amount, err := amountOf(service.Definition, r)
	if err != nil {
		return ClientQuote{}, err
	}
	asked := ClientQuote{Service: service}
	err = db.InTx(ctx, c.checkout.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.checkout.clock.Now()
		circumstances := pricing.Circumstances{Orders: r.Together}
		if r.Code != "" {
			terms, err := c.checkout.campaigns.Terms(ctx, tx, now, campaignsAsker(r.Code), service.Definition)
			if err != nil {
				return at("/code", err)
			}
			circumstances.Code = &terms
		}
		asked.Quote, err = c.pricing.Freeze(ctx, tx, now, service, amount, circumstances)
		if err != nil {
			return underAmount(r, service.Definition, err)
		}
		kept, err := c.clients.KeepQuote(ctx, tx, now, client.ID, int64(asked.Quote.ID), r.Together)
		asked.ID = kept.ID
		return err
	})
	return asked, err
}

// amountOf is what is to be paid at the destination, as said or as the
// answers add up to.
func amountOf(d catalog.Definition, r QuoteRequest) (money.Foreign, error) {
	if r.Amount != nil {
		return *r.Amount, nil
	}
	values, err := d.Values(r.Answers)
	if err != nil {
		return money.Foreign{}, below("/answers", d, err)
	}
	amount, err := d.ReadAmount(values)
	return amount, below("/answers", d, err)
}

func underAmount(r QuoteRequest, d catalog.Definition, err error) error {
	if r.Amount == nil {
		return below("/answers", d, err)
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	key, args := f.Key, f.Args
	if len(f.Fields) > 0 {
		key, args = f.Fields[0].Key, f.Fields[0].Args
	}
	return at("/amount", fault.New(fault.Invalid, key, args...))
}

// at puts a fault's words where the pointer shows.
func at(pointer string, err error) error {
	if fault.Of(err) == nil || !(fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound)) {
		return err
	}
	var wrong fault.Fields
	wrong.AddErr(pointer, err)
	return wrong.Err()
}

// below turns the inputs that a fault names into pointers into the answers.
func below(pointer string, d catalog.Definition, err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	if len(f.Fields) == 0 {
		return at(pointer, err)
	}
	moved := *f
	moved.Fields = slices.Clone(f.Fields)
	for i, field := range moved.Fields {
		moved.Fields[i].Name = pointer + d.Pointer(field.Name)
	}
	return &moved
}
