package webhooks

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
	"pishkhan/internal/webhooks/internal/sqlq"
)

// Endpoint is where a client hears of its orders.
type Endpoint struct {
	ID           int64
	ClientID     int64
	URL          string
	CreatedAt    time.Time
	OldUntil     *time.Time // the secret before this one signs too until then
	FailingSince *time.Time
	DisabledAt   *time.Time
	DisabledNote string // a message key; empty when somebody disabled it
}

// overlap is how long the old secret signs beside a new one, so that a
// receiver can change over without missing anything.
const overlap = 24 * time.Hour

// Set tells a client's events to address from now on. A client that has no
// endpoint gets one, with its secret, which is shown once; one that has keeps
// its secret, and the one returned is empty. Faults: Invalid (field url);
// NotFound for no such client.
func (w *Webhooks) Set(ctx context.Context, actor audit.Actor, clientID int64, address string) (secret seal.Secret, err error) {
	if err := w.CheckURL(address); err != nil {
		return seal.Secret{}, err
	}
	address = strings.TrimSpace(address)
	err = db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.clock.Now()
		q := sqlq.New(tx)
		changed, err := q.SetURL(ctx, address, clientID)
		if err != nil {
			return fmt.Errorf("webhook of client %d: %w", clientID, err)
		}
		if changed == 0 {
			if secret, err = w.create(ctx, tx, now, actor, clientID, address); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: actor, Verb: "webhook.set", Subject: subject(clientID), Detail: map[string]any{"url": address},
		})
	})
	return secret, err
}

func (w *Webhooks) create(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, clientID int64, address string) (seal.Secret, error) {
	q := sqlq.New(tx)
	var by *int64
	if actor.Kind == audit.Staff {
		by = &actor.ID
	}
	id, err := q.InsertEndpoint(ctx, sqlq.InsertEndpointParams{ClientID: clientID, Url: address, CreatedAt: now, CreatedBy: by})
	if err != nil {
		return seal.Secret{}, db.Fault(fmt.Errorf("webhook of client %d: %w", clientID, err), db.Faults{
			"webhook_endpoints_client_id_fkey": fault.New(fault.NotFound, "clients.error.not_found"),
		})
	}
	text := newSecret()
	sealed, err := w.keyring.Seal(ctx, tx, owner(id), purpose, place(id, 1), []byte(text))
	if err != nil {
		return seal.Secret{}, fmt.Errorf("webhook of client %d: %w", clientID, err)
	}
	if err := q.SealSecret(ctx, sealed, id); err != nil {
		return seal.Secret{}, fmt.Errorf("webhook of client %d: %w", clientID, err)
	}
	return seal.NewSecret(text), nil
}

// Rotate gives a client's endpoint a new secret, which is shown once. The old
// one signs too for another day. Fault: Conflict when the client has no
// endpoint.
func (w *Webhooks) Rotate(ctx context.Context, actor audit.Actor, clientID int64) (seal.Secret, error) {
	text := newSecret()
	err := db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.clock.Now()
		q := sqlq.New(tx)
		row, err := q.LockLiveEndpoint(ctx, clientID)
		if errors.Is(err, pgx.ErrNoRows) {
			return noEndpoint
		}
		if err != nil {
			return fmt.Errorf("rotate webhook of client %d: %w", clientID, err)
		}
		sealed, err := w.keyring.Seal(ctx, tx, owner(row.ID), purpose, place(row.ID, row.SecretVersion+1), []byte(text))
		if err != nil {
			return fmt.Errorf("rotate webhook of client %d: %w", clientID, err)
		}
		until := now.Add(overlap)
		if err := q.RotateSecret(ctx, &until, sealed, row.ID); err != nil {
			return fmt.Errorf("rotate webhook of client %d: %w", clientID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Actor: actor, Verb: "webhook.rotate", Subject: subject(clientID)})
	})
	if err != nil {
		return seal.Secret{}, err
	}
	return seal.NewSecret(text), nil
}

// Disable stops telling a client anything. What is pending fails, and can be
// resent to another endpoint. Fault: Conflict when the client has none.
func (w *Webhooks) Disable(ctx context.Context, actor audit.Actor, clientID int64) error {
	return db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.clock.Now()
		row, err := sqlq.New(tx).LockLiveEndpoint(ctx, clientID)
		if errors.Is(err, pgx.ErrNoRows) {
			return noEndpoint
		}
		if err != nil {
			return fmt.Errorf("disable webhook of client %d: %w", clientID, err)
		}
		return w.disable(ctx, tx, now, actor, row, "")
	})
}

func (w *Webhooks) disable(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, row sqlq.WebhookEndpoint, note string) error {
	q := sqlq.New(tx)
	if err := q.DisableEndpoint(ctx, &now, note, row.ID); err != nil {
		return fmt.Errorf("disable webhook of client %d: %w", row.ClientID, err)
	}
	if err := q.FailPending(ctx, now, row.ID); err != nil {
		return fmt.Errorf("disable webhook of client %d: %w", row.ClientID, err)
	}
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: actor, Verb: "webhook.disable", Subject: subject(row.ClientID), Detail: map[string]any{"note": note},
	})
}

// Endpoint returns the client's newest endpoint, live or disabled. Fault:
// NotFound.
func (w *Webhooks) Endpoint(ctx context.Context, clientID int64) (Endpoint, error) {
	r, err := sqlq.New(w.pool).NewestEndpoint(ctx, clientID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Endpoint{}, fault.New(fault.NotFound, "clients.error.no_endpoint")
	}
	if err != nil {
		return Endpoint{}, fmt.Errorf("webhook of client %d: %w", clientID, err)
	}
	return Endpoint{
		ID: r.ID, ClientID: r.ClientID, URL: r.Url, CreatedAt: r.CreatedAt, OldUntil: r.OldUntil,
		FailingSince: r.FailingSince, DisabledAt: r.DisabledAt, DisabledNote: r.DisabledNote,
	}, nil
}

var noEndpoint = fault.New(fault.Conflict, "clients.error.no_endpoint")

// CheckURL says whether webhooks may go to an address: https, by name or
// public number. What a name leads to is looked at when we call. Fault:
// Invalid (field url).
func (w *Webhooks) CheckURL(typed string) error {
	var wrong fault.Fields
	u, err := url.Parse(strings.TrimSpace(typed))
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(typed) > 2000:
		wrong.Add("url", "clients.error.webhook_url")
	case w.loopback && u.Scheme == "http" && onThisMachine(u.Hostname()):
	case u.Scheme != "https":
		wrong.Add("url", "clients.error.webhook_https")
	default:
		if addr, err := netip.ParseAddr(u.Hostname()); err == nil && !w.mayDial(addr) {
			wrong.Add("url", "clients.error.webhook_private")
		}
	}
	return wrong.Err()
}

func onThisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// newSecret draws the key that signs, in the standard's writing.
func newSecret() string {
	var random [32]byte
	rand.Read(random[:])
	return secretMark + base64.StdEncoding.EncodeToString(random[:])
}

const (
	secretMark = "whsec_"
	purpose    = "webhook"
)

func owner(endpointID int64) string { return fmt.Sprintf("webhook:%d", endpointID) }

func subject(clientID int64) string { return fmt.Sprintf("client:%d", clientID) }

func place(endpointID, version int64) seal.AssociatedData {
	return seal.AssociatedData{Table: "webhook_endpoints", Row: endpointID, Column: "secret", Version: version}
}
