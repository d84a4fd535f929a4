package kavenegar

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Error is the only error that the Client's calls return.
type Error struct {
	Method string // "sms/send"
	HTTP   int    // the HTTP status; 0 when there was no answer
	Code   int    // the answer's return.status; 0 when there was none to read
	Text   string // what went wrong, for the log and for staff; never the API key

	retryable, unknown bool
	cause              error // of the caller's context
}

// Error is for logs and for staff; the API key is never in it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("kavenegar " + e.Method + ": ")
	switch {
	case e.Code != 0:
		fmt.Fprintf(&b, "%d ", e.Code)
	case e.HTTP != 0:
		fmt.Fprintf(&b, "HTTP %d ", e.HTTP)
	}
	b.WriteString(e.Text)
	return b.String()
}

// Unwrap returns the error of the caller's context, when that ended the call.
func (e *Error) Unwrap() error { return e.cause }

// Retryable reports that the same call may succeed later: the provider is
// busy (409) or limits the rate (451), or none of its verdicts reached us (no
// connection, no answer, a proxy's error page). A Send must be repeated with
// the same local id. A Lookup has none, so its unknown outcomes are not
// retryable.
func (e *Error) Retryable() bool { return e.retryable }

// Unknown reports that the provider may have accepted the message all the
// same: after a Send, ask StatusByLocalID before sending again.
func (e *Error) Unknown() bool { return e.unknown }

// The provider's verdicts that are about the moment, not about the message.
const (
	busy        = 409
	rateLimited = 451
	tooMany     = 429 // not the provider's own: that of a server in front of it
)

// judge returns what an answer means: nil for success.
func judge(m method, http int, answer envelope, readable bool) *Error {
	e := &Error{Method: m.path, HTTP: http, Text: "the answer is not the provider's"}
	verdict := http
	if readable {
		e.Code, e.Text = int(answer.Return.Status), clip(string(answer.Return.Message))
		verdict = e.Code
	}
	switch {
	case readable && verdict == 200 && http/100 == 2:
		return nil
	case verdict/100 == 4:
		e.retryable = verdict == busy || verdict == rateLimited || verdict == tooMany
	case !readable && verdict/100 == 3: // nothing was there to accept the message
		e.retryable = true
	default:
		e.lost(m)
	}
	return e
}

// unanswered is a call whose answer did not arrive, or not all of it.
func (c *Client) unanswered(ctx context.Context, m method, err error, connected bool) *Error {
	var withAddress *url.Error
	if errors.As(err, &withAddress) {
		err = withAddress.Err
	}
	e := &Error{Method: m.path, Text: clip(c.redact(err.Error())), cause: ctx.Err()}
	if connected {
		e.lost(m)
	} else {
		e.retryable = true
	}
	return e
}

// lost marks that the request went out and nobody knows what became of it.
func (e *Error) lost(m method) {
	e.unknown = m.sends
	e.retryable = m.keyed
}

// invalid is a call that is not worth making.
func invalid(m method, text string) *Error { return &Error{Method: m.path, Text: text} }

// clip keeps a text of others short, and on one line.
func clip(s string) string {
	const most = 200
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
