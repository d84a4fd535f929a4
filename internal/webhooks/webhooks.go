// Package webhooks tells the shop fronts of others what becomes of their
// orders: each change of state is an event, posted to the client's endpoint
// and signed as https://www.standardwebhooks.com says. An event may come
// twice, and after a later one; its ID tells doubles apart.
package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/seal"
	"pishkhan/internal/token"
	"pishkhan/internal/webhooks/internal/sqlq"
)

// Webhooks is the room's door.
type Webhooks struct {
	pool     *pgxpool.Pool
	clock    clock.Clock
	keyring  *seal.Keyring
	queuer   *river.Client[pgx.Tx]
	clients  *clients.Clients
	loopback bool
	http     *http.Client
}

// New returns the webhooks kept in pool, their secrets sealed by keyring;
// queuer inserts the deliveries. With loopback, endpoints may be on this
// machine and speak plain HTTP: for trying things out.
func New(pool *pgxpool.Pool, c clock.Clock, keyring *seal.Keyring, queuer *river.Client[pgx.Tx], who *clients.Clients, loopback bool) *Webhooks {
	return &Webhooks{
		pool: pool, clock: c, keyring: keyring, queuer: queuer, clients: who, loopback: loopback, http: newHTTP(loopback),
	}
}

// State is where the telling of an event stands.
type State string

// The states of an event.
const (
	Pending   State = "pending" // to be tried, or tried again
	Delivered State = "delivered"
	Failed    State = "failed" // given up; it can be resent
)

// Event is something that a client is told.
type Event struct {
	ID        int64
	PublicID  string // as the receiver knows it
	ClientID  int64
	OrderID   orders.ID
	Code      string // of the order
	Type      string // "order.paid"
	CreatedAt time.Time
	State     State
	Since     time.Time
	NextTryAt time.Time // of a pending one
	Attempts  int       // over all, resends included
	Status    int       // of the last answer; 0: none
	Note      string    // why the last attempt had none
}

// payload is what is posted. It holds nothing about a person: who may see
// more asks for the order.
type payload struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	CreatedAt time.Time `json:"created_at"`
	Data      data      `json:"data"`
}

type data struct {
	Order order `json:"order"`
}

type order struct {
	Code       string     `json:"code"`
	State      string     `json:"state"`
	StateSince time.Time  `json:"state_since"`
	TotalRials int64      `json:"total_rials"`
	TotalToman int64      `json:"total_toman"`
	PlacedAt   time.Time  `json:"placed_at"`
	PromisedBy *time.Time `json:"promised_by"`
}

// OrderMoved is an orders.Watcher: it writes the event of a client's order,
// and the job that tells it, into the transaction of the change.
func (w *Webhooks) OrderMoved(ctx context.Context, tx pgx.Tx, now time.Time, moved orders.Order, _ orders.Step) error {
	if moved.ClientID == 0 {
		return nil
	}
	q := sqlq.New(tx)
	endpoint, err := q.LiveEndpoint(ctx, moved.ClientID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // nobody listens
	}
	if err != nil {
		return fmt.Errorf("webhook of order %d: %w", moved.ID, err)
	}
	p := payload{ID: "evt_" + string(token.New())[:22], Type: "order." + string(moved.State), CreatedAt: now, Data: data{Order: order{
		Code: moved.Code, State: string(moved.State), StateSince: moved.StateSince, TotalRials: int64(moved.Total),
		TotalToman: moved.Total.Toman(), PlacedAt: moved.PlacedAt, PromisedBy: moved.DueAt,
	}}}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("webhook of order %d: %w", moved.ID, err)
	}
	id, err := q.InsertEvent(ctx, sqlq.InsertEventParams{
		PublicID: p.ID, EndpointID: endpoint.ID, ClientID: moved.ClientID, OrderID: int64(moved.ID),
		Type: p.Type, Body: string(body), At: now,
	})
	if err != nil {
		return fmt.Errorf("webhook of order %d: %w", moved.ID, err)
	}
	return w.enqueue(ctx, tx, id)
}

func (w *Webhooks) enqueue(ctx context.Context, tx pgx.Tx, eventID int64) error {
	if _, err := w.queuer.InsertTx(ctx, tx, DeliverArgs{EventID: eventID}, nil); err != nil {
		return fmt.Errorf("webhook event %d: %w", eventID, err)
	}
	return nil
}

// Events returns the newest events of a client, at most 50, newest first.
func (w *Webhooks) Events(ctx context.Context, clientID int64) ([]Event, error) {
	rows, err := sqlq.New(w.pool).EventsOf(ctx, clientID)
	if err != nil {
		return nil, fmt.Errorf("webhook events of client %d: %w", clientID, err)
	}
	events := make([]Event, len(rows))
	for i, r := range rows {
		events[i] = Event{
			ID: r.ID, PublicID: r.PublicID, ClientID: r.ClientID, OrderID: orders.ID(r.OrderID), Code: r.Code, Type: r.Type,
			CreatedAt: r.CreatedAt, State: State(r.State), Since: r.StateSince, NextTryAt: r.NextTryAt,
			Attempts: int(r.Attempts), Status: int(r.Status), Note: r.Note,
		}
	}
	return events, nil
}

// Attempt is one try to tell an event.
type Attempt struct {
	At     time.Time
	Status int    // of the answer; 0: there was none
	Answer string // its beginning
	Note   string // why there was none
}

// Attempts returns the tries of a client's event, oldest first. An event of
// another client has none.
func (w *Webhooks) Attempts(ctx context.Context, clientID, eventID int64) ([]Attempt, error) {
	rows, err := sqlq.New(w.pool).AttemptsOf(ctx, eventID, clientID)
	if err != nil {
		return nil, fmt.Errorf("attempts of webhook event %d: %w", eventID, err)
	}
	attempts := make([]Attempt, len(rows))
	for i, r := range rows {
		attempts[i] = Attempt{At: r.At, Answer: r.Answer, Note: r.Note}
		if r.Status != nil {
			attempts[i].Status = int(*r.Status)
		}
	}
	return attempts, nil
}

// Resend tells a client's event anew, at once and with all its tries, to the
// endpoint that the client has now. Faults: NotFound; Conflict when the
// client has no endpoint.
func (w *Webhooks) Resend(ctx context.Context, actor audit.Actor, clientID, eventID int64) error {
	return db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.clock.Now()
		q := sqlq.New(tx)
		endpoint, err := q.LockLiveEndpoint(ctx, clientID)
		if errors.Is(err, pgx.ErrNoRows) {
			return noEndpoint
		}
		if err != nil {
			return fmt.Errorf("resend webhook event %d: %w", eventID, err)
		}
		known, err := q.ReviveEvent(ctx, sqlq.ReviveEventParams{ID: eventID, ClientID: clientID, EndpointID: endpoint.ID, At: now})
		if err != nil {
			return fmt.Errorf("resend webhook event %d: %w", eventID, err)
		}
		if known == 0 {
			return fault.New(fault.NotFound, "clients.error.no_event")
		}
		err = audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: actor, Verb: "webhook.resend", Subject: subject(clientID), Detail: map[string]any{"event": eventID},
		})
		if err != nil {
			return err
		}
		return w.enqueue(ctx, tx, eventID)
	})
}
