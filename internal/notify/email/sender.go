package email

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

// NewSender returns the SMTP server as a way for e-mail.
func NewSender(client *Client) Sender { return Sender{client} }

// Name is what messages are filed under.
func (Sender) Name() string { return "smtp" }

// Send sends an e-mail. Every try carries the same Message-ID, by which a
// copy is recognised. What the server refuses for good wraps
// notify.ErrPermanent.
func (s Sender) Send(ctx context.Context, p notify.Parcel) (string, error) {
	m := Message{
		ID: strconv.FormatInt(p.Key, 10), To: p.To, Subject: p.Subject, Text: p.Text, HTML: p.HTML, Lang: string(p.Lang),
	}
	if a := p.Attachment; a != nil {
		m.Attachments = []Attachment{{Name: a.Name, MIME: a.MIME, Bytes: a.Content}}
	}
	err := s.client.Send(ctx, m)
	var e *Error
	if errors.As(err, &e) && !e.Temporary() && !e.Unknown() {
		return "", fmt.Errorf("%w: %w", notify.ErrPermanent, err)
	}
	return m.ID, err
}
