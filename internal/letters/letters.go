// Package letters tells customers of their orders: it finds out where each
// is reached, and makes the links by which they answer.
package letters

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/customers"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/seal"
)

// Letters is the room's door.
type Letters struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	keyring   *seal.Keyring
	customers *customers.Customers
	notices   *notify.Notices
}

// New returns the letters that go out through n; links are kept in pool.
func New(pool *pgxpool.Pool, c clock.Clock, keyring *seal.Keyring, who *customers.Customers, n *notify.Notices) *Letters {
	return &Letters{pool: pool, clock: c, keyring: keyring, customers: who, notices: n}
}

// Tell queues a message to an order's customer as SMS and as e-mail, once for
// each business key that begins with what. A receipt goes with the e-mail.
func (l *Letters) Tell(ctx context.Context, tx pgx.Tx, now time.Time, o orders.Order, what string, m notify.Message) error {
	who, err := l.customers.Case(ctx, tx, o.IdentityCaseID)
	if err != nil {
		return err
	}
	m.OrderID, m.Lang = int64(o.ID), o.Lang
	m.Detail.Code, m.Detail.Name, m.Detail.Service = o.Code, who.Name, o.ServiceVersionID
	sms, email := m, m
	sms.BusinessKey, sms.Channel, sms.Recipient, sms.ReceiptID = what+":sms", notify.SMS, who.Mobile, 0
	email.BusinessKey, email.Channel, email.Recipient = what+":email", notify.Email, who.Email
	if err := l.notices.Enqueue(ctx, tx, now, sms); err != nil {
		return err
	}
	return l.notices.Enqueue(ctx, tx, now, email)
}
