package checkout

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/checkout/internal/sqlq"
	"pishkhan/internal/clients"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/payments"
	"pishkhan/internal/token"
)

// PayLink is a page where somebody pays for orders that a client has placed.
type PayLink struct {
	Client    clients.Client
	Orders    []orders.Order
	ReturnURL string // empty: our own page of the order
}

// PayLink returns the page that a token leads to. Fault: NotFound, also when
// its client has been shut out.
func (c *ClientCounter) PayLink(ctx context.Context, t token.Token) (PayLink, error) {
	row, err := sqlq.New(c.checkout.pool).PayLinkByToken(ctx, t.Hash())
	if errors.Is(err, pgx.ErrNoRows) {
		return PayLink{}, fault.New(fault.NotFound, "checkout.error.no_link")
	}
	if err != nil {
		return PayLink{}, fmt.Errorf("pay link: %w", err)
	}
	link := PayLink{ReturnURL: row.ReturnUrl}
	if link.Orders, err = c.checkout.book.OfCheckout(ctx, row.CheckoutID); err != nil {
		return PayLink{}, err
	}
	if link.Client, err = c.clients.Client(ctx, link.Orders[0].ClientID); err != nil {
		return PayLink{}, err
	}
	if link.Client.DisabledAt != nil {
		return PayLink{}, fault.New(fault.NotFound, "checkout.error.no_link")
	}
	return link, nil
}

// PayByLink begins a payment for whoever came by a link, and lets that
// browser see the orders, as it must to be told how the payment went. Faults:
// those of PayAgain.
func (c *ClientCounter) PayByLink(ctx context.Context, visitor audit.Actor, link PayLink) (payments.Attempt, error) {
	attempt, err := c.checkout.PayAgain(ctx, link.Orders[0])
	if err != nil {
		return payments.Attempt{}, err
	}
	return attempt, db.InTx(ctx, c.checkout.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.checkout.clock.Now()
		for _, o := range link.Orders {
			if err := c.checkout.book.Show(ctx, tx, now, visitor.ID, o.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReturnTo is where the customer of an order goes after paying; empty for
// our own page of the order.
func (c *ClientCounter) ReturnTo(ctx context.Context, o orders.Order) (string, error) {
	if o.ClientID == 0 {
		return "", nil
	}
	address, err := sqlq.New(c.checkout.pool).ReturnOf(ctx, o.CheckoutID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("where the customer of order %s goes: %w", o.Code, err)
	}
	return address, nil
}
