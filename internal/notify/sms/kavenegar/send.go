package kavenegar

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Accepted is a message that the provider has taken on.
type Accepted struct {
	ProviderID string // for Status; empty when the provider did not tell
	State      State
	CostRials  int64
}

// Send sends text to one telephone from the configured line (sms/send).
// localID is our own number for the message, in digits: the provider makes no
// second message for a number that it has seen, so every try must bring the
// same one. After an error that is Unknown, ask StatusByLocalID first. An
// accepted message may be Failed or Blocked at once: see its State.
func (c *Client) Send(ctx context.Context, localID, to, text string) (Accepted, error) {
	switch {
	case !numeric(localID):
		return Accepted{}, invalid(send, "the local id is not a number")
	case !telephone(to):
		return Accepted{}, invalid(send, "the recipient is not one telephone number")
	case strings.TrimSpace(text) == "" || !utf8.ValidString(text):
		return Accepted{}, invalid(send, "the text is empty or not UTF-8")
	}
	form := url.Values{"receptor": {to}, "message": {text}, "localid": {localID}}
	if sender := c.config().Sender; sender != "" {
		form.Set("sender", sender)
	}
	return c.accepted(ctx, send, form)
}

func (c *Client) accepted(ctx context.Context, m method, form url.Values) (Accepted, error) {
	entries, err := c.call(ctx, m, form)
	if err != nil {
		return Accepted{}, err
	}
	if len(entries) == 0 {
		return Accepted{State: Unknown}, nil
	}
	e := entries[0]
	return Accepted{ProviderID: e.id(), State: e.state(), CostRials: int64(e.Cost)}, nil
}

// telephone reports whether s is one number in digits, perhaps after a plus:
// a comma would make it a list.
func telephone(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	return len(digits) >= 8 && numeric(digits)
}
