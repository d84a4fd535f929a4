package clients

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/clients/internal/sqlq"
	"pishkhan/internal/fault"
	"pishkhan/internal/token"
)

// Quote is a frozen price under the name that a client was told.
type Quote struct {
	ID       string
	QuoteID  int64 // at pricing
	Together int   // how many orders the price was made for
}

// KeepQuote gives a client a frozen price and returns its name, which nobody
// can guess.
func (c *Clients) KeepQuote(ctx context.Context, tx pgx.Tx, now time.Time, clientID, quoteID int64, together int) (Quote, error) {
	quote := Quote{ID: "qt_" + string(token.New())[:22], QuoteID: quoteID, Together: together} // 132 bits
	err := sqlq.New(tx).InsertQuote(ctx, sqlq.InsertQuoteParams{
		ID: quote.ID, ClientID: clientID, QuoteID: quoteID, Together: int32(together), CreatedAt: now,
	})
	if err != nil {
		return Quote{}, fmt.Errorf("quote for client %d: %w", clientID, err)
	}
	return quote, nil
}

// Quote returns a client's quote by its name. q is the pool, or the
// transaction that the caller is in. Fault: NotFound, also for another
// client's.
func (c *Clients) Quote(ctx context.Context, q sqlq.DBTX, clientID int64, id string) (Quote, error) {
	if strings.ContainsRune(id, 0) { // which Postgres does not take
		return Quote{}, fault.New(fault.NotFound, "clients.error.no_quote")
	}
	row, err := sqlq.New(q).QuoteOf(ctx, id, clientID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Quote{}, fault.New(fault.NotFound, "clients.error.no_quote")
	}
	if err != nil {
		return Quote{}, fmt.Errorf("quote of client %d: %w", clientID, err)
	}
	return Quote{ID: row.ID, QuoteID: row.QuoteID, Together: int(row.Together)}, nil
}
