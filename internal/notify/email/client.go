// Package email sends one message at a time through an SMTP server.
//
// A message carries the same Message-ID on every try. SMTP has no way to ask
// what became of an earlier one, so after an unknown outcome sending again is
// all that can be done, and the Message-ID is how the receiving side
// recognises the copy.
package email

import "context"

// Client sends through one SMTP server. It is safe for use by several
// goroutines; each message has a connection of its own.
type Client struct {
	config func() Config // a func, because fmt prints what is in a field, but not what a func returns
}

// New returns a Client for the server of config, or an error that says what
// is wrong with config.
func New(config Config) (*Client, error) {
	config = config.withDefaults()
	if err := config.check(); err != nil {
		return nil, err
	}
	return &Client{config: func() Config { return config }}, nil
}

// Send hands m to the server. Every error is an *Error. It is nil as soon as
// the server has accepted the message, whatever happens to the connection
// afterwards.
func (c *Client) Send(ctx context.Context, m Message) error {
	letter, err := c.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.config().Timeout)
	defer cancel() // closes the connection
	courier, err := c.courier(ctx)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	session, err := courier.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return c.unreachable(ctx, err)
	}
	err = courier.SendWithSMTPClient(session, letter)
	if letter.IsDelivered() {
		_ = session.Text.PrintfLine("QUIT") // a courtesy: no answer is waited for
		return nil
	}
	// No QUIT here: within DATA it would end the message, and deliver half of it.
	return c.refused(ctx, err)
}
