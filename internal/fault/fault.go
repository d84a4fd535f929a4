// Package fault holds the kinds of errors that a person is told about. A
// fault carries a message key and its arguments; the words are chosen where
// the fault is shown, in the language of whoever reads it. Any other error
// is a defect or an outage: it is logged, and its text never shown.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of answer a fault deserves.
type Kind int

// The kinds, each with the HTTP status that it is answered with.
const (
	NotFound        Kind = iota + 1 // 404: it does not exist, or this person may not see it
	Invalid                         // 422: the input is wrong; Fields say where
	Conflict                        // 409: somebody else was first, or the state has moved on
	Forbidden                       // 403: signed in, but not allowed
	Unauthenticated                 // 401: nobody is signed in
	TooLarge                        // 413: the upload is larger than is accepted
	TooMany                         // 429: throttled
	Unavailable                     // 503: an outside part does not answer; try later
)

// Status returns the HTTP status that answers a fault of this kind.
func (k Kind) Status() int {
	switch k {
	case NotFound:
		return 404
	case Invalid:
		return 422
	case Conflict:
		return 409
	case Forbidden:
		return 403
	case Unauthenticated:
		return 401
	case TooLarge:
		return 413
	case TooMany:
		return 429
	case Unavailable:
		return 503
	}
	return 500
}

// Fault is an error that a person is told about.
type Fault struct {
	Kind   Kind
	Key    string  // message key in the i18n catalogue
	Args   []any   // name, value, name, value … for the message
	Fields []Field // for Invalid: what is wrong with each field
	cause  error
}

// Field is what is wrong with one field of a form. Name is the input's name.
type Field struct {
	Name string
	Key  string
	Args []any
}

// New returns a fault of the given kind whose message is key with args
// (name, value, name, value …).
func New(kind Kind, key string, args ...any) *Fault {
	return &Fault{Kind: kind, Key: key, Args: args}
}

// Because returns a copy of f that wraps cause, for the log.
func (f *Fault) Because(cause error) *Fault {
	g := *f
	g.cause = cause
	return &g
}

// Error is for logs, not for people.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Key)
	for i := 0; i+1 < len(f.Args); i += 2 {
		fmt.Fprintf(&b, " %v=%v", f.Args[i], f.Args[i+1])
	}
	for _, field := range f.Fields {
		fmt.Fprintf(&b, " [%s: %s]", field.Name, field.Key)
	}
	if f.cause != nil {
		b.WriteString(": " + f.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause, if there is one.
func (f *Fault) Unwrap() error { return f.cause }

// Of returns the fault in err's chain, or nil.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Is reports whether err carries a fault of the given kind.
func Is(err error, kind Kind) bool {
	f := Of(err)
	return f != nil && f.Kind == kind
}

// Fields gathers what is wrong with a form, field by field.
type Fields []Field

// Add notes that the named field is wrong.
func (fs *Fields) Add(name, key string, args ...any) {
	*fs = append(*fs, Field{Name: name, Key: key, Args: args})
}

// AddErr notes that the named field is wrong in the way that err, a fault, says.
func (fs *Fields) AddErr(name string, err error) {
	key, args := "fault.invalid", []any(nil)
	if f := Of(err); f != nil {
		key, args = f.Key, f.Args
	}
	fs.Add(name, key, args...)
}

// Err returns an Invalid fault that carries the fields, or nil when there are none.
func (fs Fields) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Key: "fault.invalid", Fields: fs}
}
