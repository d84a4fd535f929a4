// Package fulfil carries out a claimed order: the purchase at the
// destination site, the receipt, and the completion that tells the customer.
package fulfil

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/club"
	"pishkhan/internal/db"
	"pishkhan/internal/fulfil/internal/sqlq"
	"pishkhan/internal/letters"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
	"pishkhan/internal/queue"
	"pishkhan/internal/receipts"
	"pishkhan/internal/vault"
)

// Outcome is what became of a purchase; empty while it is under way.
type Outcome string

// The outcomes. Unknown keeps the order guarded until somebody finds out.
const (
	Paid    Outcome = "paid"
	NotPaid Outcome = "not_paid"
	Unknown Outcome = "unknown"
)

// Purchase is the operator's payment at the destination site.
type Purchase struct {
	ID        int64
	MemberID  int64
	StartedAt time.Time
	Outcome   Outcome
	OutcomeAt *time.Time
	Charged   money.Foreign // what the site really charged, once paid
	Reference string        // the site's own number for it
	Note      string
}

// Fulfilment is the room's door.
type Fulfilment struct {
	pool     *pgxpool.Pool
	clock    clock.Clock
	book     *orders.Book
	queue    *queue.Queue
	vault    *vault.Vault
	receipts *receipts.Receipts
	letters  *letters.Letters
	pricing  *pricing.Pricing
	club     *club.Ledger
}

// New returns the fulfilment of the orders in book.
func New(pool *pgxpool.Pool, c clock.Clock, book *orders.Book, q *queue.Queue, v *vault.Vault,
	r *receipts.Receipts, l *letters.Letters, prices *pricing.Pricing, ledger *club.Ledger) *Fulfilment {
	return &Fulfilment{
		pool: pool, clock: c, book: book, queue: q, vault: v, receipts: r, letters: l, pricing: prices, club: ledger,
	}
}

// Open reports whether a purchase is under way, or its outcome unknown.
func (p Purchase) Open() bool { return p.Outcome == "" || p.Outcome == Unknown }

// Purchases returns all purchases for an order, oldest first.
func (f *Fulfilment) Purchases(ctx context.Context, id orders.ID) ([]Purchase, error) {
	rows, err := sqlq.New(f.pool).PurchasesOfOrder(ctx, int64(id))
	if err != nil {
		return nil, fmt.Errorf("purchases of order %d: %w", id, err)
	}
	list := make([]Purchase, len(rows))
	for i, row := range rows {
		list[i] = fromRow(row)
	}
	return list, nil
}

// Live returns the purchase of an order that is under way, unknown or paid;
// ok is false when there is none.
func (f *Fulfilment) Live(ctx context.Context, tx pgx.Tx, id orders.ID) (p Purchase, ok bool, err error) {
	return f.live(ctx, tx, id)
}

// live returns the purchase of an order that is under way, unknown or paid;
// ok is false when there is none.
func (f *Fulfilment) live(ctx context.Context, tx pgx.Tx, id orders.ID) (p Purchase, ok bool, err error) {
	row, err := sqlq.New(tx).LivePurchase(ctx, int64(id))
	if errors.Is(err, pgx.ErrNoRows) {
		return Purchase{}, false, nil
	}
	if err != nil {
		return Purchase{}, false, fmt.Errorf("purchase of order %d: %w", id, err)
	}
	return fromRow(row), true, nil
}

// inTx runs fn in a transaction with one present instant.
func (f *Fulfilment) inTx(ctx context.Context, fn func(ctx context.Context, tx pgx.Tx, now time.Time) error) error {
	return db.InTx(ctx, f.pool, func(ctx context.Context, tx pgx.Tx) error { return fn(ctx, tx, f.clock.Now()) })
}

func fromRow(r sqlq.Purchase) Purchase {
	p := Purchase{
		ID: r.ID, MemberID: r.MemberID, StartedAt: r.StartedAt, OutcomeAt: r.OutcomeAt,
		Reference: r.Reference, Note: r.Note,
	}
	if r.Outcome != nil {
		p.Outcome = Outcome(*r.Outcome)
	}
	if r.ChargedAmount.Valid && r.ChargedCurrency != nil {
		p.Charged = money.Foreign{Amount: r.ChargedAmount.Decimal, Currency: money.Currency(*r.ChargedCurrency)}
	}
	return p
}
