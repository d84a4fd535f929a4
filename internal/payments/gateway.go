package payments

import (
	"context"
	"errors"

	"pishkhan/internal/money"
)

// Gateway is a bank gateway: where customers pay. Its calls are repeatable;
// an error that is neither ErrNotPaid nor ErrRefused means that the outcome
// is unknown, and that the caller must ask again before it acts.
type Gateway interface {
	// Name is what attempts are filed under.
	Name() string
	// Start announces an attempt and says how to send the customer there;
	// ErrAmount when the gateway does not take so much, or so little.
	Start(ctx context.Context, invoice int64, amount money.Rials, callbackURL, mobile string) (Redirect, error)
	// Result tells what became of an attempt; ErrNotPaid when nothing did.
	Result(ctx context.Context, invoice int64) (Transaction, error)
	// Verify accepts the money. Accepting it again is no error; ErrRefused
	// means that it went, or is going, back to the customer.
	Verify(ctx context.Context, tranID string) error
	// Settle asks for the transfer to our account. Asking again is no error.
	Settle(ctx context.Context, tranID string) error
	// Reverse gives the money of an unsettled transaction back.
	Reverse(ctx context.Context, tranID string) error
}

// What gateways definitely say.
var (
	ErrNotPaid = errors.New("the gateway knows of no payment")
	ErrRefused = errors.New("the gateway refuses for good")
	ErrAmount  = errors.New("the gateway does not take that amount")
)

// Redirect is how a browser is sent to the gateway: a form that submits itself.
type Redirect struct {
	URL    string
	Fields map[string]string
	RefID  string // the gateway's own word for the attempt
}

// Transaction is the gateway's account of a payment.
type Transaction struct {
	TranID   string
	Invoice  int64
	Amount   money.Rials
	RRN      string
	CardMask string
}
