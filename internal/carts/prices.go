package carts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/campaigns"
	"pishkhan/internal/carts/internal/sqlq"
	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// prices are what makes the lines of one basket cheaper: how many they are,
// the customer's tier, and the campaign code, which the lines get in their
// order for as long as it has uses left.
type prices struct {
	carts  *Carts
	orders int
	who    campaigns.Asker // without a code: ""
	terms  map[string]term // by the service's slug
	left   int             // uses of the code; counted from the first service that it fits
	known  bool            // left is
}

// term is what a code gives an order of one service, or why it does not.
type term struct {
	code    *pricing.CodeTerms
	refused *fault.Fault
}

// prices returns what holds for a basket of so many orders.
func (c *Carts) prices(ctx context.Context, db sqlq.DBTX, now time.Time, o Owner, orders int) (*prices, error) {
	code, err := sqlq.New(db).Code(ctx, o.CustomerID, o.guest())
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("code of %s: %w", o.key(), err)
	}
	return c.pricesWith(ctx, db, now, o, orders, code)
}

func (c *Carts) pricesWith(ctx context.Context, db sqlq.DBTX, now time.Time, o Owner, orders int, code string) (*prices, error) {
	standing, err := c.club.Standing(ctx, db, o.CustomerID)
	return &prices{
		carts: c, orders: orders, terms: map[string]term{},
		who: campaigns.Asker{Code: code, CustomerID: o.CustomerID, Tier: standing.Tier},
	}, err
}

// next returns the circumstances of the next line, an order of d.
func (p *prices) next(ctx context.Context, db sqlq.DBTX, now time.Time, d catalog.Definition) (pricing.Circumstances, error) {
	c := pricing.Circumstances{Orders: p.orders, Tier: p.who.Tier}
	t, err := p.term(ctx, db, now, d)
	if err != nil || t.code == nil {
		return c, err
	}
	if !p.known {
		if p.left, err = p.carts.campaigns.Left(ctx, db, t.code.CampaignID, p.who.CustomerID); err != nil {
			return c, err
		}
		p.known = true
	}
	if p.left > 0 {
		p.left--
		c.Code = t.code
	}
	return c, nil
}

// term asks what the code gives an order of d, once for all orders of it.
func (p *prices) term(ctx context.Context, db sqlq.DBTX, now time.Time, d catalog.Definition) (term, error) {
	if p.who.Code == "" {
		return term{}, nil
	}
	if t, known := p.terms[d.Slug]; known {
		return t, nil
	}
	terms, err := p.carts.campaigns.Terms(ctx, db, now, p.who, d)
	t := term{code: &terms}
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			return term{}, err
		}
		t = term{refused: fault.Of(err)}
	}
	p.terms[d.Slug] = t
	return t, nil
}

// adjust brings the prices of lines that hold still to what the basket is
// now; their rate and their time stay.
func (p *prices) adjust(ctx context.Context, tx pgx.Tx, now time.Time, lines []Line) error {
	var ids, quotes []int64
	for i := range lines {
		line := &lines[i]
		c, err := p.next(ctx, tx, now, line.Service.Definition)
		if err != nil {
			return err
		}
		quote, err := p.carts.pricing.Adjust(ctx, tx, now, line.Quote, line.Service, c)
		if err != nil {
			return err
		}
		if quote.ID != line.Quote.ID {
			line.Quote = quote
			ids, quotes = append(ids, line.ID), append(quotes, int64(quote.ID))
		}
	}
	return setQuotes(ctx, tx, ids, quotes)
}

func setQuotes(ctx context.Context, tx pgx.Tx, ids, quotes []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if err := sqlq.New(tx).SetQuotes(ctx, ids, quotes); err != nil {
		return fmt.Errorf("prices of the basket: %w", err)
	}
	return nil
}

// freeze makes the price of the next line at the rate of now.
func (p *prices) freeze(ctx context.Context, tx pgx.Tx, now time.Time, s catalog.Service, amount money.Foreign) (pricing.Quote, error) {
	c, err := p.next(ctx, tx, now, s.Definition)
	if err != nil {
		return pricing.Quote{}, err
	}
	return p.carts.pricing.Freeze(ctx, tx, now, s, amount, c)
}

// freezeAll makes the prices of the next lines, all of one service. Those
// that get the code come first.
func (p *prices) freezeAll(ctx context.Context, tx pgx.Tx, now time.Time, s catalog.Service, amounts []money.Foreign) ([]pricing.Quote, error) {
	with, without := pricing.Circumstances{}, pricing.Circumstances{Orders: p.orders, Tier: p.who.Tier}
	n := 0
	for range amounts {
		c, err := p.next(ctx, tx, now, s.Definition)
		if err != nil {
			return nil, err
		}
		if c.Code == nil {
			break
		}
		with = c
		n++
	}
	quotes, err := p.carts.pricing.FreezeAll(ctx, tx, now, s, amounts[:n], with)
	if err != nil {
		return nil, err
	}
	rest, err := p.carts.pricing.FreezeAll(ctx, tx, now, s, amounts[n:], without)
	return append(quotes, rest...), err
}
