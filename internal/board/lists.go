package board

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/contacts"
	"pishkhan/internal/i18n"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
)

// Call is one call to make, with whom to ask for.
type Call struct {
	ID       int64
	Why      contacts.Why
	Note     string
	OpenedAt time.Time
	DueAt    time.Time // when to call
	Agreed   bool      // an earlier call set that time
	Code     string
	State    orders.State
	Lang     i18n.Lang // the customer's
	Name     string
	Mobile   string
}

// Calls returns a page of the calls to make, those first that are due first,
// behind the one of that time; more tells whether others follow.
func (b *Board) Calls(ctx context.Context, after time.Time, afterID int64) (calls []Call, more bool, err error) {
	rows, err := sqlq.New(b.pool).OpenCalls(ctx, after, afterID, PageSize+1)
	if err != nil {
		return nil, false, fmt.Errorf("calls to make: %w", err)
	}
	rows, more = cut(rows)
	calls = make([]Call, len(rows))
	for i, r := range rows {
		calls[i] = Call{
			ID: r.ID, Why: contacts.Why(r.Why), Note: r.Note, OpenedAt: r.OpenedAt, DueAt: r.DueAt, Agreed: r.Agreed, Code: r.Code,
			State: orders.State(r.State), Lang: i18n.Lang(r.Lang), Name: r.Name, Mobile: r.Mobile,
		}
	}
	return calls, more, nil
}

// Letter is one message with the order it is about and the file it carries.
type Letter struct {
	ID         int64
	Kind       notify.Kind
	Channel    notify.Channel
	Recipient  string
	Lang       i18n.Lang
	State      notify.State
	QueuedAt   time.Time
	SentAt     *time.Time
	Tries      int
	Provider   string
	Subject    string
	Body       string
	LastError  string
	Code       string // of the order; "" when it is about none
	Signin     int64  // the sign-in code that it brings, by its number; 0: none
	Link       int64  // by which its customer answers, by its number; 0: none
	Attachment string // its file's name; "" for none
}

// Outbox returns a page of messages, newest first, with an id below before;
// more tells whether others follow.
func (b *Board) Outbox(ctx context.Context, before int64) (letters []Letter, more bool, err error) {
	rows, err := sqlq.New(b.pool).Outbox(ctx, before, PageSize+1)
	if err != nil {
		return nil, false, fmt.Errorf("outbox: %w", err)
	}
	rows, more = cut(rows)
	letters = make([]Letter, len(rows))
	for i, r := range rows {
		letters[i] = Letter{
			ID: r.ID, Kind: notify.Kind(r.Kind), Channel: notify.Channel(r.Channel), Recipient: r.Recipient, Lang: i18n.Lang(r.Lang),
			State: notify.State(r.State), QueuedAt: r.QueuedAt, SentAt: r.SentAt, Tries: int(r.Tries), Provider: r.Provider,
			Subject: r.Subject, Body: r.Body, LastError: r.LastError, Code: r.Code, Signin: r.Signin, Link: r.Link,
		}
		if r.Attachment != nil {
			letters[i].Attachment = *r.Attachment
		}
	}
	return letters, more, nil
}

// OrderRef names an order and says where it stands.
type OrderRef struct {
	Code  string
	State orders.State
}

// OfCases returns the orders that rest on each identity case, newest first.
func (b *Board) OfCases(ctx context.Context, ids ...int64) (map[int64][]OrderRef, error) {
	rows, err := sqlq.New(b.pool).OrdersOfCases(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("orders of identity cases: %w", err)
	}
	refs := map[int64][]OrderRef{}
	for _, r := range rows {
		refs[r.IdentityCaseID] = append(refs[r.IdentityCaseID], OrderRef{Code: r.Code, State: orders.State(r.State)})
	}
	return refs, nil
}

// OfCheckouts returns the codes of the orders that each checkout pays for.
func (b *Board) OfCheckouts(ctx context.Context, ids []int64) (map[int64][]string, error) {
	rows, err := sqlq.New(b.pool).CodesOfCheckouts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("orders of checkouts: %w", err)
	}
	codes := map[int64][]string{}
	for _, r := range rows {
		codes[r.CheckoutID] = append(codes[r.CheckoutID], r.Code)
	}
	return codes, nil
}
