package staff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/meter"
	"pishkhan/internal/staff/internal/sqlq"
	"pishkhan/internal/token"
)

// TokenTerms are how often a token may ask. They stop a program that runs
// wild, not one that works: an office behind one token stays far below.
var TokenTerms = meter.Terms{Burst: 20_000, Window: 2 * time.Second}

// touchEvery is how exactly the last use of a token is known.
const touchEvery = time.Minute

// Bearer is who shows a token.
type Bearer struct {
	Actor   audit.Actor // with the roles of this moment
	TokenID int64
	Scopes  []Scope
}

// May returns Forbidden unless the token has the scope.
func (b Bearer) May(scope Scope) error {
	if slices.Contains(b.Scopes, scope) {
		return nil
	}
	return fault.New(fault.Forbidden, "tokens.error.scope", "scope", string(scope))
}

// Bearer says whose token it is, by one read on its hash. One that is unknown,
// revoked or expired, and any of a member who was shut out, is the same
// Unauthenticated.
func (s *Staff) Bearer(ctx context.Context, secret, ip string) (Bearer, error) {
	q, now := sqlq.New(s.pool), s.clock.Now()
	row, err := q.TokenMember(ctx, token.Token(secret).Hash(), now)
	if errors.Is(err, pgx.ErrNoRows) {
		return Bearer{}, fault.New(fault.Unauthenticated, "tokens.error.unknown")
	}
	if err != nil {
		return Bearer{}, fmt.Errorf("authenticate a token: %w", err)
	}
	if row.LastUsedAt == nil || now.Sub(*row.LastUsedAt) >= touchEvery {
		if err := q.TouchToken(ctx, &now, row.TokenID); err != nil {
			return Bearer{}, fmt.Errorf("authenticate a token: %w", err)
		}
	}
	return Bearer{
		TokenID: row.TokenID, Scopes: scopesOf(row.Scopes),
		Actor: audit.Actor{
			Kind: audit.Staff, ID: row.ID, Name: row.Name, Roles: roles(row.Roles), IP: ip, Token: audit.Token{ID: row.TokenID, Name: row.TokenName},
		},
	}, nil
}

// MeterToken counts a request against the token's allowance.
func (s *Staff) MeterToken(tokenID int64) meter.Allowance {
	return s.meter.Count(tokenID, s.clock.Now())
}
