package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/contacts"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/views/deadline"
	"pishkhan/views/parts"
)

// CallsPage lists the calls to make.
type CallsPage struct {
	Chrome  parts.Chrome
	Now     time.Time
	Calls   []board.Call
	First   string
	Next    string
	Refused CallForm // the form that was not taken
	Refusal string
}

// CallForm is the form for a call that was made: about one of the calls to
// make, or about the order that the page shows.
type CallForm struct {
	ID     int64 // of the call to make; 0: the order's
	Values map[string]string
	Wrong  []fault.Field
	Drafts map[string]any // keeps the note while it is typed
}

// CallField is the name of a field of such a form. Those of a list differ, so
// that a summary of errors finds the right one.
func CallField(name string, id int64) string {
	if id == 0 {
		return "call_" + name
	}
	return name + "_" + strconv.FormatInt(id, 10)
}

// CallFields are the fields of such a form, by their first names.
var CallFields = []string{"outcome", "note", "next", "date", "time"}

func (f CallForm) name(name string) string { return CallField(name, f.ID) }

// field is one of them in the reader's language.
func (f CallForm) field(ctx context.Context, name string) parts.Field {
	field := parts.Field{
		Name: f.name(name), Label: i18n.T(ctx, "calls."+name), Value: f.Values[f.name(name)], Autocomplete: "off",
		Error: parts.ErrorFor(ctx, f.Wrong, f.name(name)),
	}
	if name == "note" {
		field.Optional, field.Attrs = true, f.Drafts
	}
	return field
}

// next is the choice of when to call again: never, until something else is said.
func (f CallForm) next(ctx context.Context) parts.Field {
	field := f.field(ctx, "next")
	if field.Value == "" {
		field.Value = string(contacts.Never)
	}
	return field
}

// form is the form of one call of the list.
func (p CallsPage) form(id int64) CallForm {
	if p.Refused.ID == id {
		return p.Refused
	}
	return CallForm{ID: id}
}

// callForm is the form of the order's page.
func (p OrderPage) callForm() CallForm {
	f := CallForm{Values: map[string]string{}, Wrong: p.Wrong, Drafts: p.draftAttrs()}
	for _, name := range CallFields {
		f.Values[f.name(name)] = p.typed(f.name(name), "")
	}
	if note := f.name("note"); f.Values[note] == "" {
		f.Values[note] = p.Drafts[note]
	}
	return f
}

// callRefused reports whether that form was not taken: it stays open.
func (p OrderPage) callRefused() bool {
	names := make([]string, len(CallFields))
	for i, name := range CallFields {
		names[i] = CallField(name, 0)
	}
	return p.isWrong(names...)
}

// openCalls are the calls to make about the order.
func (p OrderPage) openCalls() []contacts.Task {
	var open []contacts.Task
	for _, t := range p.ToCall {
		if t.ClosedAt == nil {
			open = append(open, t)
		}
	}
	return open
}

// newestCalls are those that were made, the newest first.
func (p OrderPage) newestCalls() []contacts.Call {
	calls := make([]contacts.Call, len(p.Called))
	for i, c := range p.Called {
		calls[len(calls)-1-i] = c
	}
	return calls
}

func outcomeOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(contacts.Outcomes))
	for i, o := range contacts.Outcomes {
		options[i] = parts.Option{Value: string(o), Label: i18n.T(ctx, "calls.outcome."+string(o))}
	}
	return options
}

func nextOptions(ctx context.Context) []parts.Option {
	options := make([]parts.Option, len(contacts.Whens))
	for i, w := range contacts.Whens {
		options[i] = parts.Option{Value: string(w), Label: i18n.T(ctx, "calls.next."+string(w))}
	}
	return options
}

// dueWords says when a call is to be made: since when it waits, when it was
// agreed for, or that this time has passed.
func dueWords(ctx context.Context, due, now time.Time, agreed bool) string {
	key := "calls.due.agreed"
	switch {
	case !agreed:
		key = "calls.due.since"
	case !due.After(now):
		key = "calls.due.overdue"
	}
	return i18n.T(ctx, key, "at", callTime(ctx, due, now))
}

func callTime(ctx context.Context, t, now time.Time) string {
	return deadline.When(ctx, t.In(jalali.Tehran).Truncate(time.Minute), now)
}

// callDetail says in words what the history keeps of a call.
func callDetail(ctx context.Context, e orders.Event) string {
	var words []string
	if outcome, ok := e.Detail["outcome"].(string); ok {
		words = append(words, i18n.T(ctx, "calls.outcome."+outcome))
	}
	if e.Reason != "" {
		words = append(words, "\u2068"+e.Reason+"\u2069")
	}
	if text, ok := e.Detail["next_at"].(string); ok {
		if next, err := time.Parse(time.RFC3339, text); err == nil {
			words = append(words, i18n.T(ctx, "calls.next_is", "at", at(ctx, next)))
		}
	}
	return strings.Join(words, " · ")
}
