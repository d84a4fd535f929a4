// Package notify tells customers: one SMS or e-mail at a time, queued within
// the transaction of what it tells about, sent by a job, and kept with its
// words and its fate.
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"pishkhan/internal/clock"
	"pishkhan/internal/i18n"
	"pishkhan/internal/notify/internal/sqlq"
)

// Channel is the way a message goes.
type Channel string

// The channels.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Kind says what a message tells.
type Kind string

// The kinds of messages.
const (
	OrderDone      Kind = "order_done"      // an order was carried out
	OrderExtended  Kind = "order_extended"  // a later time was agreed with the customer
	OrderQuestion  Kind = "order_question"  // an order waits for the customer's answer
	ExtraAsked     Kind = "extra_asked"     // an order needs more money than was paid
	OrderCancelled Kind = "order_cancelled" // a paid order was cancelled
	RefundSent     Kind = "refund_sent"     // money is on its way back
	SigninCode     Kind = "signin_code"     // the code to sign in with; about no order

	RatesStale  Kind = "rates_stale"  // to finance: rates are too old for quotes, or about to be
	FeedFailing Kind = "feed_failing" // to finance: a rate is not read by itself any more

	DayReport Kind = "day_report" // to who wants it: the board's figures when a working day is over

	// To supervisors and admins.
	OrderWarned        Kind = "order_warned"        // so much of the promised time is used
	OrderLate          Kind = "order_late"          // a deadline has passed
	OrderEscalated     Kind = "order_escalated"     // an order is late by so much
	HolidayUnconfirmed Kind = "holiday_unconfirmed" // a provisional holiday is near
)

// State is the fate of a message.
type State string

// The states of a message.
const (
	Queued  State = "queued"
	Sending State = "sending" // handed to the provider, whose answer is not known yet
	Sent    State = "sent"
	Failed  State = "failed"
)

// Message is one SMS or e-mail.
type Message struct {
	ID          int64
	BusinessKey string // what must not happen twice
	OrderID     int64  // 0: about none
	Kind        Kind
	Channel     Channel
	Recipient   string
	Lang        i18n.Lang
	Detail      Detail
	ReceiptID   int64 // attached; 0: none
	State       State
	QueuedAt    time.Time
	SentAt      *time.Time
	Tries       int
	Provider    string
	Subject     string // as sent
	Body        string // as sent
	LastError   string
}

// Detail is what the words of a message need; never a secret.
type Detail struct {
	Code     string `json:"code"` // of the order
	Name     string `json:"name"`
	Service  int64  `json:"service_version"`
	Password bool   `json:"password"`         // the customer entrusted a password to us, and should change it now
	Signin   int64  `json:"signin,omitempty"` // the sign-in code to send, by its number

	Until  *time.Time `json:"until,omitempty"`  // that the order is promised for now
	Before *time.Time `json:"before,omitempty"` // that it was promised for before

	Why       string `json:"why,omitempty"`       // an order was cancelled
	Rials     int64  `json:"rials,omitempty"`     // that go back, or are asked for
	Reference string `json:"reference,omitempty"` // the bank's
	To        string `json:"to,omitempty"`        // the account that money goes to, masked

	Link int64  `json:"link,omitempty"` // by which the customer answers, by its number; never its token
	Text string `json:"text,omitempty"` // why more is asked for

	Currencies []string `json:"currencies,omitempty"` // that finance is told of

	Day *DaySummary `json:"day,omitempty"` // in figures

	Codes   []string `json:"codes,omitempty"`   // of the orders that a supervisor is told of
	Percent int      `json:"percent,omitempty"` // of the promised time that is used
	Minutes int      `json:"minutes,omitempty"` // working minutes left, or late
	Date    string   `json:"date,omitempty"`    // of a holiday: 2026-11-22
	Holiday string   `json:"holiday,omitempty"` // its name
}

// Notices is the room's door.
type Notices struct {
	pool   *pgxpool.Pool
	clock  clock.Clock
	queuer *river.Client[pgx.Tx]
}

// New returns the messages kept in pool, whose jobs queuer inserts.
func New(pool *pgxpool.Pool, c clock.Clock, queuer *river.Client[pgx.Tx]) *Notices {
	return &Notices{pool: pool, clock: c, queuer: queuer}
}

// Enqueue queues a message within tx, unless one with the same business key
// is queued already.
func (n *Notices) Enqueue(ctx context.Context, tx pgx.Tx, now time.Time, m Message) error {
	detail, err := json.Marshal(m.Detail)
	if err != nil {
		return fmt.Errorf("queue message %s: %w", m.BusinessKey, err)
	}
	row := sqlq.InsertMessageParams{
		BusinessKey: m.BusinessKey, Kind: string(m.Kind), Channel: string(m.Channel),
		Recipient: m.Recipient, Lang: string(m.Lang), Detail: detail, QueuedAt: now,
	}
	if m.OrderID != 0 {
		row.OrderID = &m.OrderID
	}
	if m.ReceiptID != 0 {
		row.ReceiptID = &m.ReceiptID
	}
	id, err := sqlq.New(tx).InsertMessage(ctx, row)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("queue message %s: %w", m.BusinessKey, err)
	}
	if _, err := n.queuer.InsertTx(ctx, tx, SendArgs{MessageID: id}, nil); err != nil {
		return fmt.Errorf("queue message %s: %w", m.BusinessKey, err)
	}
	return nil
}

// Of returns the messages about an order, oldest first.
func (n *Notices) Of(ctx context.Context, orderID int64) ([]Message, error) {
	rows, err := sqlq.New(n.pool).MessagesOfOrder(ctx, orderID)
	if err != nil {
		return nil, fmt.Errorf("messages of order %d: %w", orderID, err)
	}
	return fromRows(rows)
}

// Newest returns the newest messages with an id below before, at most limit.
func (n *Notices) Newest(ctx context.Context, before int64, limit int32) ([]Message, error) {
	rows, err := sqlq.New(n.pool).NewestMessages(ctx, before, limit)
	if err != nil {
		return nil, fmt.Errorf("newest messages: %w", err)
	}
	return fromRows(rows)
}

func fromRows(rows []sqlq.Message) ([]Message, error) {
	list := make([]Message, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = fromRow(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func fromRow(r sqlq.Message) (Message, error) {
	m := Message{
		ID: r.ID, BusinessKey: r.BusinessKey, Kind: Kind(r.Kind), Channel: Channel(r.Channel), Recipient: r.Recipient,
		Lang: i18n.Lang(r.Lang), State: State(r.State), QueuedAt: r.QueuedAt, SentAt: r.SentAt,
		Tries: int(r.Tries), Provider: r.Provider, Subject: r.Subject, Body: r.Body, LastError: r.LastError,
	}
	if r.OrderID != nil {
		m.OrderID = *r.OrderID
	}
	if r.ReceiptID != nil {
		m.ReceiptID = *r.ReceiptID
	}
	if err := json.Unmarshal(r.Detail, &m.Detail); err != nil {
		return Message{}, fmt.Errorf("detail of message %d: %w", r.ID, err)
	}
	return m, nil
}
