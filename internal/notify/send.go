package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/i18n"
	"pishkhan/internal/notify/internal/sqlq"
)

// Parcel is a message ready to go.
type Parcel struct {
	Key        int64 // the provider's idempotency key: stable over all tries, and never used again
	Again      bool  // an earlier try may have reached the provider
	To         string
	Lang       i18n.Lang
	Subject    string // of an e-mail
	Text       string
	HTML       string // of an e-mail
	Attachment *Attachment
	Secret     bool   // its words are not kept once they are sent
	Kept       string // what is kept of the text once it is sent, when that is not the whole
}

// Attachment is a file that goes along with an e-mail.
type Attachment struct {
	Name    string
	MIME    string
	Content []byte
}

// Sender is a provider, or the outbox where none is configured. When Parcel
// says Again, it first asks the provider about the earlier try where that is
// possible. An error that wraps ErrPermanent will not go away; any other may.
type Sender interface {
	Name() string
	Send(ctx context.Context, p Parcel) (providerID string, err error)
}

// ErrPermanent marks what trying again will not mend.
var ErrPermanent = errors.New("the provider refuses for good")

// Composer finds the words of a message and the file that goes along.
type Composer interface {
	Compose(ctx context.Context, m Message) (Parcel, error)
}

// Desk sends queued messages.
type Desk struct {
	notices  *Notices
	composer Composer
	senders  map[Channel]Sender
}

// NewDesk returns the desk that sends through sms and email.
func NewDesk(n *Notices, c Composer, sms, email Sender) *Desk {
	return &Desk{notices: n, composer: c, senders: map[Channel]Sender{SMS: sms, Email: email}}
}

// Send sends one queued message. It can be repeated: what was sent is not
// sent again, and a try whose outcome is unknown goes out under the same key.
// The error, if any, is worth another try.
func (d *Desk) Send(ctx context.Context, id int64) error {
	q := sqlq.New(d.notices.pool)
	row, err := q.MarkSending(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // sent or failed before
	}
	if err != nil {
		return fmt.Errorf("send message %d: %w", id, err)
	}
	m, err := fromRow(row)
	if err != nil {
		return err
	}
	parcel, err := d.composer.Compose(ctx, m)
	if err != nil {
		return d.failed(ctx, m, fmt.Errorf("compose: %w", err))
	}
	parcel.Key, parcel.To, parcel.Lang, parcel.Again = m.key(), m.Recipient, m.Lang, m.Tries > 1
	sender := d.senders[m.Channel]
	providerID, err := sender.Send(ctx, parcel)
	if err != nil {
		return d.failed(ctx, m, err)
	}
	now := d.notices.clock.Now()
	sent := sqlq.MarkSentParams{ID: id, At: &now, Provider: sender.Name(), ProviderID: providerID}
	if !parcel.Secret {
		sent.Subject, sent.Body = parcel.Subject, parcel.Text
	}
	if parcel.Kept != "" {
		sent.Body = parcel.Kept
	}
	err = q.MarkSent(ctx, sent)
	if err != nil {
		return fmt.Errorf("message %d was sent: %w", id, err)
	}
	return nil
}

// GiveUp notes on a message that was not sent that it is not tried again, and
// the error of the last try.
func (d *Desk) GiveUp(ctx context.Context, id int64, last error) error {
	ctx, done := afterwards(ctx)
	defer done()
	if err := sqlq.New(d.notices.pool).MarkFailed(ctx, last.Error(), id); err != nil {
		return fmt.Errorf("give up message %d: %w", id, err)
	}
	return nil
}

// key joins the second at which a message was queued to its id, so that an
// installation begun anew does not reuse the keys of the one before.
func (m Message) key() int64 { return m.QueuedAt.Unix()*1_000_000 + m.ID%1_000_000 }

// failed notes the error on the message, for staff to see.
func (d *Desk) failed(ctx context.Context, m Message, sendErr error) error {
	if errors.Is(sendErr, ErrPermanent) {
		return d.GiveUp(ctx, m.ID, sendErr)
	}
	ctx, done := afterwards(ctx)
	defer done()
	if err := sqlq.New(d.notices.pool).NoteError(ctx, sendErr.Error(), m.ID); err != nil {
		return fmt.Errorf("message %d: %w", m.ID, errors.Join(sendErr, err))
	}
	return fmt.Errorf("send message %d: %w", m.ID, sendErr)
}

// afterwards is time to note how a try ended: what ended it is often that its
// own time was up.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}
