package kavenegar

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"pishkhan/internal/notify"
)

// Sender is the Client in the words of package notify.
type Sender struct{ client *Client }

var _ notify.Sender = Sender{}

// NewSender returns Kavenegar as a way for SMS.
func NewSender(client *Client) Sender { return Sender{client} }

// Name is what messages are filed under.
func (Sender) Name() string { return "kavenegar" }

// Send sends an SMS. Before it sends one again it asks what became of the
// earlier try. What the provider refuses for good wraps notify.ErrPermanent.
func (s Sender) Send(ctx context.Context, p notify.Parcel) (string, error) {
	localID := strconv.FormatInt(p.Key, 10)
	if p.Again {
		d, found, err := s.client.StatusByLocalID(ctx, localID)
		if err != nil {
			return "", fmt.Errorf("ask about an SMS: %w", err)
		}
		if found {
			return d.ProviderID, refused(d.State)
		}
	}
	a, err := s.client.Send(ctx, localID, p.To, p.Text)
	var e *Error
	if errors.As(err, &e) && !e.Retryable() && !e.Unknown() {
		return "", fmt.Errorf("%w: %w", notify.ErrPermanent, err)
	}
	if err != nil {
		return "", err
	}
	return a.ProviderID, refused(a.State)
}

// refused tells a message that the provider took and will never deliver.
func refused(s State) error {
	if s == Failed || s == Blocked {
		return fmt.Errorf("the SMS is %s: %w", s, notify.ErrPermanent)
	}
	return nil
}
