package clients

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/clients/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/token"
)

// Access is what a key that was shown lets in.
type Access struct {
	Client Client
	KeyID  int64
	Scopes []Scope
}

// May returns Forbidden unless the key has the scope.
func (a Access) May(scope Scope) error {
	if slices.Contains(a.Scopes, scope) {
		return nil
	}
	return fault.New(fault.Forbidden, "clients.error.scope", "scope", string(scope))
}

// touchEvery is how exactly the last use of a key is known.
const touchEvery = time.Minute

// Authenticate says whose key a token is. One that is unknown, revoked or
// expired, and any of a disabled client, is the same Unauthenticated.
func (c *Clients) Authenticate(ctx context.Context, secret string) (Access, error) {
	q := sqlq.New(c.pool)
	now := c.clock.Now()
	row, err := q.KeyByHash(ctx, token.Token(secret).Hash(), &now)
	if errors.Is(err, pgx.ErrNoRows) {
		return Access{}, fault.New(fault.Unauthenticated, "clients.error.unknown_key")
	}
	if err != nil {
		return Access{}, fmt.Errorf("authenticate a client: %w", err)
	}
	if row.LastUsedAt == nil || now.Sub(*row.LastUsedAt) >= touchEvery {
		if err := q.TouchKey(ctx, &now, row.ID); err != nil {
			return Access{}, fmt.Errorf("authenticate a client: %w", err)
		}
	}
	return Access{
		KeyID: row.ID, Scopes: scopesOf(row.Scopes),
		Client: Client{ID: row.ClientID, Name: row.ClientName, ReturnOrigins: row.ReturnOrigins, CreatedAt: row.ClientSince},
	}, nil
}
