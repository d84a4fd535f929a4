// Package sample fills an installation with people and orders to try things
// on. Everything is made through the rooms' own verbs, payments through the
// gateway's simulator: what cannot happen in life is not in the samples.
package sample

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pishkhan/internal/audit"
	"pishkhan/internal/carts"
	"pishkhan/internal/checkout"
	"pishkhan/internal/clock"
	"pishkhan/internal/customers"
	"pishkhan/internal/fulfil"
	"pishkhan/internal/house"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/payments/asanpardakht"
	"pishkhan/internal/payments/sandbox"
	"pishkhan/internal/seal"
)

// Maker does to a house what customers, reviewers and operators would.
type Maker struct {
	House *house.House
	Clock *clock.Fixed
}

// Customer is who an order is made for.
type Customer struct {
	Identity customers.IdentityForm
	Lang     i18n.Lang
}

// Place answers the forms of the services in a browser of its own and takes
// them through the checkout. The orders await their payment.
func (m Maker) Place(ctx context.Context, who Customer, slugs ...string) (checkout.Placed, error) {
	visitor, err := m.House.Customers.Arrive(ctx)
	if err != nil {
		return checkout.Placed{}, err
	}
	return m.PlaceFrom(ctx, visitor, who, slugs...)
}

// PlaceFrom is Place in a browser that came before.
func (m Maker) PlaceFrom(ctx context.Context, visitor customers.Visitor, who Customer, slugs ...string) (checkout.Placed, error) {
	h := m.House
	for _, slug := range slugs {
		service, err := h.Catalog.Service(ctx, slug)
		if err != nil {
			return checkout.Placed{}, err
		}
		values, err := m.answers(ctx, visitor, slug)
		if err != nil {
			return checkout.Placed{}, err
		}
		if err := h.Carts.Add(ctx, Owner(visitor), service, values); err != nil {
			return checkout.Placed{}, fmt.Errorf("sample %s: %w", slug, err)
		}
	}
	lines, err := h.Carts.Lines(ctx, Owner(visitor))
	if err != nil {
		return checkout.Placed{}, err
	}
	var agreed money.Rials
	for _, line := range lines {
		agreed += line.Quote.TotalRials
	}
	identity, err := m.identity(ctx, visitor, who, lines)
	if err != nil {
		return checkout.Placed{}, err
	}
	return h.Checkout.Place(ctx, Browser(visitor), Owner(visitor), who.Lang, identity, agreed)
}

// Owner is whose basket a visitor fills.
func Owner(visitor customers.Visitor) carts.Owner {
	return carts.Owner{VisitorID: visitor.ID, CustomerID: visitor.CustomerID}
}

// Browser is a visitor as the actor of what they do.
func Browser(visitor customers.Visitor) audit.Actor {
	return audit.Actor{Kind: audit.Customer, ID: visitor.ID, Name: "customer"}
}

// Pay goes to the simulator, presses pay, and comes back.
func (m Maker) Pay(ctx context.Context, attempt payments.Attempt) (payments.Attempt, error) {
	redirect, err := m.House.Checkout.Pay(ctx, attempt)
	if err != nil {
		return payments.Attempt{}, err
	}
	if err := Press(ctx, redirect, "pay"); err != nil {
		return payments.Attempt{}, err
	}
	attempt, err = m.House.Checkout.Resolve(ctx, attempt.ID)
	if err != nil {
		return attempt, err
	}
	if !attempt.Paid() {
		return attempt, fmt.Errorf("pay sample order: the payment is %s", attempt.State)
	}
	return attempt, m.House.Payments.Settle(ctx, attempt.ID)
}

// Press goes to the simulator's pay page and presses a button: pay, cancel or
// fail. The browser does not come back.
func Press(ctx context.Context, redirect payments.Redirect, button string) error {
	form := url.Values{"outcome": {button}}
	for name, value := range redirect.Fields {
		form.Set(name, value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, redirect.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("press %s: %w", button, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("press %s: %w", button, err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("press %s: the simulator says %s", button, response.Status)
	}
	return nil
}

// Judge decides the identity behind an order.
func (m Maker) Judge(ctx context.Context, reviewer audit.Actor, o orders.Order, v customers.Verdict, reason string) error {
	return m.House.Checkout.DecideIdentity(ctx, reviewer, o.IdentityCaseID, v, reason)
}

// Finish carries out an order that the operator has claimed.
func (m Maker) Finish(ctx context.Context, operator audit.Actor, o orders.Order) error {
	f := m.House.Fulfil
	if err := f.StartPurchase(ctx, operator, o.Code); err != nil {
		return err
	}
	m.Clock.Advance(4 * time.Minute)
	if err := f.AddReceipt(ctx, operator, o.Code, "receipt-"+o.Code+".pdf", PDF("Receipt of order "+o.Code)); err != nil {
		return err
	}
	quote, err := m.House.Pricing.Quote(ctx, m.House.Pool, quoteID(o))
	if err != nil {
		return err
	}
	return f.Complete(ctx, operator, o.Code, &fulfil.Report{
		Outcome: fulfil.Paid, Amount: quote.Amount.Amount.String(), Currency: string(quote.Amount.Currency), Reference: "REF-" + o.Code,
	})
}

// Simulator is a running simulator of the gateway.
type Simulator struct {
	Gateway payments.Gateway // the adapter that talks to it
	Server  *sandbox.Server
	PayPage string
	web     *http.Server
}

// StartSandbox runs a simulator of the gateway at a loopback address of its own.
func StartSandbox(addr string, options sandbox.Options) (*Simulator, error) {
	options.User, options.Password, options.MerchantConfigurationID = sandboxUser, sandboxPassword, sandboxMerchant
	server, err := sandbox.New(options)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("start the gateway's simulator: %w", err)
	}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	go web.Serve(listener) //nolint:errcheck // it ends with Close, and a refused payment tells of any other end
	origin := "http://" + listener.Addr().String()
	client := asanpardakht.New(asanpardakht.Config{
		APIHost: origin, PayPage: origin + "/pay", User: seal.NewSecret(sandboxUser), Password: seal.NewSecret(sandboxPassword),
		MerchantConfigurationID: sandboxMerchant,
	})
	return &Simulator{Gateway: asanpardakht.NewGateway(client), Server: server, PayPage: origin + "/pay", web: web}, nil
}

// Close ends the simulator.
func (s *Simulator) Close() error { return s.web.Close() }

// What the simulator and the adapter agree on; no secret, since no money is real.
const (
	sandboxUser     = "simulator"
	sandboxPassword = "simulator"
	sandboxMerchant = 1234
)
