// Package orders keeps the orders: what was asked for, the state it is in,
// the working-time clock, and the history. One table holds all transitions,
// and one statement carries them out.
package orders

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/orders/internal/sqlq"
	"pishkhan/internal/sla"
)

// ID identifies an order inside the house; people use its Code.
type ID int64

// Order is one service for one customer: the unit that staff claim and complete.
type Order struct {
	ID               ID
	Code             string // seven letters and digits, easily read aloud
	CheckoutID       int64
	CustomerID       int64
	IdentityCaseID   int64
	ServiceVersionID int64
	QuoteID          int64
	CredentialID     int64             // 0: the destination needs none
	Answers          map[string]string // to the service's form, without the sealed ones
	Site             string            // host of the payment page
	Total            money.Rials
	Budget           time.Duration // working time promised
	Lang             i18n.Lang     // the customer's
	State            State
	StateSince       time.Time
	PlacedAt         time.Time
	PayBefore        time.Time
	SettledAt        *time.Time // the money is ours
	VerifiedAt       *time.Time // the identity is
	DueAt            *time.Time // of the live clock
	ClientID         int64      // the shop front that placed it through the API; 0: our own
}

// Subject names the order in the audit record.
func (o Order) Subject() string { return fmt.Sprintf("order:%d", o.ID) }

// Book is the order book: every order, its clock and its history.
type Book struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	calendars *sla.Calendars
	watchers  []Watcher

	clockWatchers []ClockWatcher
	written       func()
}

// New returns the order book kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, calendars *sla.Calendars) *Book {
	return &Book{pool: pool, clock: c, calendars: calendars}
}

func fromRow(r sqlq.Order) (Order, error) {
	o := Order{
		ID: ID(r.ID), Code: r.Code, CheckoutID: r.CheckoutID, CustomerID: r.CustomerID,
		IdentityCaseID: r.IdentityCaseID, ServiceVersionID: r.ServiceVersionID, QuoteID: r.QuoteID,
		Site: r.Site, Total: money.Rials(r.TotalRials), Budget: time.Duration(r.BudgetSeconds) * time.Second,
		Lang: i18n.Lang(r.Lang), State: State(r.State), StateSince: r.StateSince, PlacedAt: r.PlacedAt,
		PayBefore: r.PayBefore, SettledAt: r.SettledAt, VerifiedAt: r.VerifiedAt, DueAt: r.DueAt,
	}
	if r.CredentialID != nil {
		o.CredentialID = *r.CredentialID
	}
	if r.ClientID != nil {
		o.ClientID = *r.ClientID
	}
	if err := json.Unmarshal(r.Answers, &o.Answers); err != nil {
		return Order{}, fmt.Errorf("answers of order %s: %w", r.Code, err)
	}
	return o, nil
}

func fromRows(rows []sqlq.Order) ([]Order, error) {
	list := make([]Order, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = fromRow(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}
