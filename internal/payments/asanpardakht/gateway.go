package asanpardakht

import (
	"context"
	"fmt"
	"strconv"

	"pishkhan/internal/money"
	"pishkhan/internal/payments"
)

// Gateway is the Client in the words of package payments.
type Gateway struct{ client *Client }

var _ payments.Gateway = Gateway{}

// NewGateway returns Asan Pardakht as a place to pay.
func NewGateway(client *Client) Gateway { return Gateway{client} }

// Name is what attempts are filed under.
func (Gateway) Name() string { return "asanpardakht" }

// Start announces an attempt and says how to send the customer there.
func (g Gateway) Start(ctx context.Context, invoice int64, amount money.Rials, callbackURL, mobile string) (payments.Redirect, error) {
	refID, err := g.client.Token(ctx, TokenRequest{Invoice: invoice, AmountRials: int64(amount), CallbackURL: callbackURL})
	if OutOfRange(err) {
		return payments.Redirect{}, fmt.Errorf("%w: %w", payments.ErrAmount, err)
	}
	if err != nil {
		return payments.Redirect{}, asked(err)
	}
	form := g.client.PayForm(refID, mobile)
	return payments.Redirect{URL: form.URL, Fields: form.Fields, RefID: refID}, nil
}

// Result tells what was paid for an invoice; payments.ErrNotPaid when nothing
// was. The comparison with what was asked is the caller's.
func (g Gateway) Result(ctx context.Context, invoice int64) (payments.Transaction, error) {
	t, err := g.client.TranResult(ctx, invoice)
	if NotPaid(err) {
		return payments.Transaction{}, fmt.Errorf("%w: %w", payments.ErrNotPaid, err)
	}
	if err != nil {
		return payments.Transaction{}, err
	}
	return payments.Transaction{
		TranID:   strconv.FormatInt(t.TranID, 10),
		Invoice:  t.Invoice,
		Amount:   money.Rials(t.AmountRials),
		RRN:      t.RRN,
		CardMask: t.Card,
	}, nil
}

// Verify accepts the money; payments.ErrRefused when it went, or is going, back.
func (g Gateway) Verify(ctx context.Context, tranID string) error {
	return g.step(ctx, tranID, g.client.Verify)
}

// Settle asks for the transfer to our account.
func (g Gateway) Settle(ctx context.Context, tranID string) error {
	return g.step(ctx, tranID, g.client.Settlement)
}

// Reverse gives the money of an unsettled transaction back, after undoing its
// verification where there was one; payments.ErrRefused when it is too late.
func (g Gateway) Reverse(ctx context.Context, tranID string) error {
	return g.step(ctx, tranID, func(ctx context.Context, id int64) error {
		err := g.client.Reverse(ctx, id)
		if !NeedsCancel(err) {
			return err
		}
		err = g.client.Cancel(ctx, id)
		if Reversed(err) {
			return nil
		}
		if err != nil && !AlreadyDone(err) {
			return err
		}
		return g.client.Reverse(ctx, id)
	})
}

func (g Gateway) step(ctx context.Context, tranID string, call func(context.Context, int64) error) error {
	id, err := strconv.ParseInt(tranID, 10, 64)
	if err != nil {
		return fmt.Errorf("asan pardakht: transaction id %q: %w", tranID, err)
	}
	return asked(call(ctx, id))
}

// asked puts the outcome of a step into package payments' words.
func asked(err error) error {
	switch {
	case err == nil, AlreadyDone(err):
		return nil
	case Unknown(err), Misconfigured(err):
		return err
	}
	return fmt.Errorf("%w: %w", payments.ErrRefused, err)
}
