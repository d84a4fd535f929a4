package clients

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/clients/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
	"pishkhan/internal/token"
)

// Scope is something that a key may do. Its name is the message key
// "clients.scope.<scope>".
type Scope string

// The scopes.
const (
	ReadServices Scope = "services:read"
	WriteQuotes  Scope = "quotes:write"
	WriteOrders  Scope = "orders:write" // files included
	ReadOrders   Scope = "orders:read"
)

// Scopes lists all scopes, in the order in which to offer them.
var Scopes = []Scope{ReadServices, WriteQuotes, WriteOrders, ReadOrders}

// Key is what a client shows to be let in, without its token.
type Key struct {
	ID         int64
	ClientID   int64
	Name       string
	Prefix     string // how the token begins
	Scopes     []Scope
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	LastUsedAt *time.Time // to the minute
	RevokedAt  *time.Time
}

// Live reports whether the key still opens the door.
func (k Key) Live(now time.Time) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || now.Before(*k.ExpiresAt))
}

const (
	tokenMark   = "psk_" // by which secret scanners know our tokens
	prefixShown = len(tokenMark) + 6
)

// IssueKey gives a client a new key, and returns the token, which is shown
// once and not kept. With age 0 it does not expire. Faults: Invalid with the
// fields name, scopes and expires; NotFound; Conflict once the client is
// disabled.
func (c *Clients) IssueKey(ctx context.Context, actor audit.Actor, clientID int64, name string, scopes []Scope, age time.Duration) (Key, seal.Secret, error) {
	var wrong fault.Fields
	name = checkName(&wrong, name)
	scopes = inOrder(scopes)
	if len(scopes) == 0 {
		wrong.Add("scopes", "clients.error.no_scope")
	}
	if age < 0 {
		wrong.Add("expires", "clients.error.expiry")
	}
	if err := wrong.Err(); err != nil {
		return Key{}, seal.Secret{}, err
	}
	secret := tokenMark + string(token.New())
	now := c.clock.Now()
	key := Key{ClientID: clientID, Name: name, Prefix: secret[:prefixShown], Scopes: scopes, CreatedAt: now}
	if age > 0 {
		expires := now.Add(age)
		key.ExpiresAt = &expires
	}
	err := db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		client, err := c.find(ctx, tx, clientID)
		if err != nil {
			return err
		}
		if client.DisabledAt != nil {
			return fault.New(fault.Conflict, "clients.error.disabled")
		}
		key.ID, err = sqlq.New(tx).InsertKey(ctx, sqlq.InsertKeyParams{
			ClientID: clientID, Name: name, Prefix: key.Prefix, KeyHash: token.Token(secret).Hash(), Scopes: words(scopes),
			CreatedAt: now, CreatedBy: member(actor), ExpiresAt: key.ExpiresAt,
		})
		if err != nil {
			return fmt.Errorf("new key of client %d: %w", clientID, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: actor, Verb: "client.key_issue", Subject: client.Subject(),
			Detail: map[string]any{"key": key.ID, "name": name, "prefix": key.Prefix, "scopes": scopes},
		})
	})
	if err != nil {
		return Key{}, seal.Secret{}, err
	}
	return key, seal.NewSecret(secret), nil
}

// Revoke ends a key, from its next request on. To do it again changes
// nothing. Fault: NotFound, also for another client's key.
func (c *Clients) Revoke(ctx context.Context, actor audit.Actor, clientID, keyID int64) error {
	return db.InTx(ctx, c.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := c.clock.Now()
		known, err := sqlq.New(tx).RevokeKey(ctx, &now, keyID, clientID)
		if err != nil {
			return fmt.Errorf("revoke key %d: %w", keyID, err)
		}
		if known == 0 {
			return fault.New(fault.NotFound, "clients.error.no_key")
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: actor, Verb: "client.key_revoke", Subject: subject(clientID), Detail: map[string]any{"key": keyID},
		})
	})
}

// Keys returns the keys of a client, the newest first, revoked ones included.
func (c *Clients) Keys(ctx context.Context, clientID int64) ([]Key, error) {
	rows, err := sqlq.New(c.pool).KeysOf(ctx, clientID)
	if err != nil {
		return nil, fmt.Errorf("keys of client %d: %w", clientID, err)
	}
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = Key{
			ID: r.ID, ClientID: r.ClientID, Name: r.Name, Prefix: r.Prefix, Scopes: scopesOf(r.Scopes),
			CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, LastUsedAt: r.LastUsedAt, RevokedAt: r.RevokedAt,
		}
	}
	return keys, nil
}

// inOrder keeps the scopes that exist, each once.
func inOrder(asked []Scope) []Scope {
	var kept []Scope
	for _, scope := range Scopes {
		if slices.Contains(asked, scope) {
			kept = append(kept, scope)
		}
	}
	return kept
}

func words(scopes []Scope) []string {
	list := make([]string, len(scopes))
	for i, scope := range scopes {
		list[i] = string(scope)
	}
	return list
}

func scopesOf(words []string) []Scope {
	list := make([]Scope, len(words))
	for i, word := range words {
		list[i] = Scope(word)
	}
	return list
}
