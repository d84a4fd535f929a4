package letters

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/letters/internal/sqlq"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/seal"
	"pishkhan/internal/token"
)

// linkLife is how long a link leads anywhere.
const linkLife = 14 * 24 * time.Hour

// Link makes a way for whoever reads a message to answer about one order, and
// returns its number. Its token is derived, when the message is written, from
// a key that the database does not hold: the row alone opens nothing.
func (l *Letters) Link(ctx context.Context, tx pgx.Tx, now time.Time, id orders.ID) (int64, error) {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	secret, err := l.derive(ctx, tx, nonce)
	if err != nil {
		return 0, err
	}
	link, err := sqlq.New(tx).InsertLink(ctx, sqlq.InsertLinkParams{
		OrderID: int64(id), Nonce: nonce, TokenHash: secret.Hash(), CreatedAt: now, ExpiresAt: now.Add(linkLife),
	})
	if err != nil {
		return 0, fmt.Errorf("link to order %d: %w", id, err)
	}
	return link, nil
}

// Token returns what a link's address ends with, for the message that brings
// it. It is NotFound when the link was cleared.
func (l *Letters) Token(ctx context.Context, linkID int64) (seal.Secret, error) {
	var secret token.Token
	err := db.InTx(ctx, l.pool, func(ctx context.Context, tx pgx.Tx) error {
		row, err := sqlq.New(tx).LinkByID(ctx, linkID)
		if errors.Is(err, pgx.ErrNoRows) { // it was cleared
			return fault.New(fault.NotFound, "orderdesk.error.no_link")
		}
		if err != nil {
			return fmt.Errorf("link %d: %w", linkID, err)
		}
		secret, err = l.derive(ctx, tx, row.Nonce)
		return err
	})
	return seal.NewSecret(string(secret)), err
}

// Follow returns the order that a link leads to. It is NotFound for no link
// of ours, and for one whose time is over.
func (l *Letters) Follow(ctx context.Context, t token.Token) (orders.ID, error) {
	row, err := sqlq.New(l.pool).LinkByHash(ctx, t.Hash())
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !l.clock.Now().Before(row.ExpiresAt) {
		return 0, fault.New(fault.NotFound, "orderdesk.error.no_link")
	}
	if err != nil {
		return 0, fmt.Errorf("follow link: %w", err)
	}
	return orders.ID(row.OrderID), nil
}

func (l *Letters) derive(ctx context.Context, tx pgx.Tx, nonce []byte) (token.Token, error) {
	tag, err := l.keyring.MAC(ctx, tx, "order_links.token", hex.EncodeToString(nonce))
	if err != nil {
		return "", fmt.Errorf("token of a link: %w", err)
	}
	return token.Token(base64.RawURLEncoding.EncodeToString(tag)), nil
}

// OrderMoved tells a customer who is asked something, with a link to where
// they answer. It is an orders.Watcher.
func (l *Letters) OrderMoved(ctx context.Context, tx pgx.Tx, now time.Time, moved orders.Order, s orders.Step) error {
	if s.Verb != orders.Hold {
		return nil
	}
	link, err := l.Link(ctx, tx, now, moved.ID)
	if err != nil {
		return err
	}
	return l.Tell(ctx, tx, now, moved, fmt.Sprintf("order:%d:question:%d", moved.ID, link), notify.Message{
		Kind: notify.OrderQuestion, Detail: notify.Detail{Link: link},
	})
}
