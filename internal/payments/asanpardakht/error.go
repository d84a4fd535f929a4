package asanpardakht

import (
	"errors"
	"fmt"
)

// Error is the only error that the Client's calls return.
type Error struct {
	Endpoint Endpoint
	Code     int    // the HTTP status; 0 when there was no answer
	Meaning  string // in English, for the log
	kind     kind
	cause    error
}

// Error is for logs; neither user nor password is ever in it.
func (e *Error) Error() string {
	s := fmt.Sprintf("asan pardakht %s: ", e.Endpoint)
	if e.Code != 0 {
		s += fmt.Sprintf("%d ", e.Code)
	}
	s += e.Meaning
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns what failed under the call, if anything did.
func (e *Error) Unwrap() error { return e.cause }

// AlreadyDone reports that what was asked had been done before: for the
// caller, a success.
func AlreadyDone(err error) bool { return is(err, done) }

// NotPaid reports that there is no successful payment: never tried,
// cancelled by the payer, or failed.
func NotPaid(err error) bool { return is(err, notPaid) }

// Unknown reports that nobody knows what happened: no answer, an answer that
// cannot be read, or one that says so. Read TranResult before the next step.
func Unknown(err error) bool { return is(err, unknown) }

// Reversed reports that the money went, or is going, back to the payer.
func Reversed(err error) bool { return is(err, reversed) }

// NeedsCancel reports that Reverse was refused because the transaction is
// verified: Cancel it, then Reverse it.
func NeedsCancel(err error) bool { return is(err, verified) }

// Settled reports that it is too late to reverse or to cancel: settlement
// has been asked for, and only a refund gives the money back.
func Settled(err error) bool { return is(err, settled) }

// Misconfigured reports that the gateway will not serve us as we are: wrong
// password, address, merchant … A person must mend it; asking again does not.
func Misconfigured(err error) bool { return is(err, misconfigured) }

// Refused reports any other definite no: Code says which.
func Refused(err error) bool { return is(err, refusal) }

// OutOfRange reports that the gateway does not take so much in one payment, or
// so little.
func OutOfRange(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Endpoint == Token && e.Code == 486
}

func is(err error, k kind) bool {
	var e *Error
	return errors.As(err, &e) && e.kind == k
}

func refused(endpoint Endpoint, status int) *Error {
	m := meaningOf(endpoint, status)
	return &Error{Endpoint: endpoint, Code: status, Meaning: m.text, kind: m.kind}
}

func unanswered(endpoint Endpoint, cause error) *Error {
	return &Error{Endpoint: endpoint, Meaning: "no answer", kind: unknown, cause: cause}
}

func unreadable(endpoint Endpoint, cause error) *Error {
	return &Error{Endpoint: endpoint, Code: 200, Meaning: "unreadable answer", kind: unknown, cause: cause}
}

func unsent(endpoint Endpoint, cause error) *Error {
	return &Error{Endpoint: endpoint, Meaning: "not sent", kind: misconfigured, cause: cause}
}
