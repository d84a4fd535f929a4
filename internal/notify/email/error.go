package email

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strings"

	"github.com/wneessen/go-mail"
)

// Error is the only error that Send returns.
type Error struct {
	Stage string // "message", "connect", "MAIL", "RCPT", "DATA" or "end of DATA"
	Code  int    // the server's reply, such as 550; 0 when there was none
	Text  string // what went wrong, for the log and for staff; never the password

	temporary, unknown bool
	cause              error // of the caller's context
}

// Error is for logs and for staff; the password is never in it.
func (e *Error) Error() string { return fmt.Sprintf("e-mail: %s: %s", e.Stage, e.Text) }

// Unwrap returns the error of the caller's context, when that ended the try.
func (e *Error) Unwrap() error { return e.cause }

// Temporary reports that the same message may go through later: the server
// said so (4xx), the connection failed, or the server would not talk to us at
// all, for which no message is to blame. Otherwise the message was refused
// for good (5xx), or is none.
func (e *Error) Temporary() bool { return e.temporary }

// Unknown reports that the message, or some of it, went out and no answer
// came: the server may have accepted it. Sending it again with the same ID is
// right, and may make a copy.
func (e *Error) Unknown() bool { return e.unknown }

// unsendable is a message that no server can be given.
func unsendable(format string, args ...any) *Error {
	return &Error{Stage: "message", Text: fmt.Sprintf(format, args...)}
}

// unreachable is what failed before the server was told of any message.
func (c *Client) unreachable(ctx context.Context, err error) *Error {
	e := &Error{Stage: "connect", Text: c.clip(err.Error()), temporary: true, cause: ctx.Err()}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		e.Code = reply.Code
	}
	return e
}

var stages = map[mail.SendErrReason]string{
	mail.ErrSMTPMailFrom: "MAIL", mail.ErrSMTPRcptTo: "RCPT", mail.ErrSMTPData: "DATA",
	mail.ErrWriteContent: "end of DATA", mail.ErrSMTPDataClose: "end of DATA",
}

// refused is what failed while the server was given the message.
func (c *Client) refused(ctx context.Context, err error) *Error {
	var sendErr *mail.SendError
	if !errors.As(err, &sendErr) || stages[sendErr.Reason] == "" {
		return c.unreachable(ctx, err)
	}
	// What go-mail adds about the recipient is not for the log.
	text, _, _ := strings.Cut(sendErr.Error(), ", affected ")
	e := &Error{Stage: stages[sendErr.Reason], Code: sendErr.ErrorCode(), Text: c.clip(text), cause: ctx.Err()}
	e.temporary = e.Code < 500
	e.unknown = e.Code == 0 && e.Stage == "end of DATA"
	return e
}

// clip keeps a text of others short, on one line, and without the password.
func (c *Client) clip(s string) string {
	const most = 300
	runes := []rune(strings.Join(strings.Fields(c.config().redact(s)), " "))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
