// Package customers knows who orders: the browsers at the shop, the
// customers behind them, and the proof of who they are.
package customers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/attachments"
	"pishkhan/internal/clock"
	"pishkhan/internal/customers/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/notify"
	"pishkhan/internal/seal"
	"pishkhan/internal/token"
)

// Customers is the room's door.
type Customers struct {
	pool    *pgxpool.Pool
	clock   clock.Clock
	keyring *seal.Keyring
	papers  *attachments.Attachments
	notices *notify.Notices
}

// New returns the customers kept in pool. keyring seals what they say of
// themselves, papers are their documents, and notices brings them the codes
// to sign in with.
func New(pool *pgxpool.Pool, c clock.Clock, keyring *seal.Keyring, papers *attachments.Attachments, notices *notify.Notices) *Customers {
	return &Customers{pool: pool, clock: c, keyring: keyring, papers: papers, notices: notices}
}

// Visitor is a browser at the shop: the owner of a basket.
type Visitor struct {
	ID         int64
	CustomerID int64 // whose account is open in it; 0: nobody's
	Token      token.Token
}

// visitorAge is how long a basket outlives its owner's last visit. An open
// account closes sooner, and a month after the sign-in in any case.
const (
	visitorAge = 30 * 24 * time.Hour
	signedIdle = 7 * 24 * time.Hour
	signedAge  = 30 * 24 * time.Hour
)

// Arrive opens the book on a new browser.
func (c *Customers) Arrive(ctx context.Context) (Visitor, error) {
	return arrive(ctx, c.pool, c.clock.Now())
}

// ArriveIn is Arrive in the caller's transaction.
func (c *Customers) ArriveIn(ctx context.Context, tx pgx.Tx, now time.Time) (Visitor, error) {
	return arrive(ctx, tx, now)
}

func arrive(ctx context.Context, q sqlq.DBTX, now time.Time) (Visitor, error) {
	t := token.New()
	id, err := sqlq.New(q).InsertVisitor(ctx, t.Hash(), now)
	if err != nil {
		return Visitor{}, fmt.Errorf("new visitor: %w", err)
	}
	return Visitor{ID: id, Token: t}, nil
}

// Visitor returns the browser that holds t, and whose account is open in it.
// A token that this house did not give out, that was signed out, or whose time
// is over, is Unauthenticated.
func (c *Customers) Visitor(ctx context.Context, t token.Token) (Visitor, error) {
	q := sqlq.New(c.pool)
	row, err := q.VisitorByToken(ctx, t.Hash())
	now := c.clock.Now()
	if errors.Is(err, pgx.ErrNoRows) || err == nil && over(row, now) {
		return Visitor{}, fault.New(fault.Unauthenticated, "customers.error.unknown_browser")
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("visitor: %w", err)
	}
	if now.Sub(row.LastSeenAt) > 10*time.Minute {
		if err := q.TouchVisitor(ctx, row.ID, now); err != nil {
			return Visitor{}, fmt.Errorf("visitor: %w", err)
		}
	}
	v := Visitor{ID: row.ID, Token: t}
	if row.CustomerID != nil {
		v.CustomerID = *row.CustomerID
	}
	return v, nil
}

func over(row sqlq.VisitorByTokenRow, now time.Time) bool {
	idle := now.Sub(row.LastSeenAt)
	if row.SignedInAt == nil {
		return idle > visitorAge
	}
	return idle > signedIdle || now.Sub(*row.SignedInAt) > signedAge
}

// ByMobile returns the customer with that mobile number, or NotFound.
func (c *Customers) ByMobile(ctx context.Context, mobile string) (int64, error) {
	id, err := sqlq.New(c.pool).FindCustomer(ctx, mobile)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "customers.error.not_found")
	}
	if err != nil {
		return 0, fmt.Errorf("customer by mobile: %w", err)
	}
	return id, nil
}
