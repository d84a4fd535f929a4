package pricing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// Offer is a rate that somebody asks for.
type Offer struct {
	Currency  money.Currency
	BuyRials  money.Rials // 0: not told
	SellRials money.Rials
}

// Setting is what came of an offer: the rate holds from now on, or it jumps
// too far and waits for a second person.
type Setting struct {
	Rate     Rate
	Proposal *Proposal // nil: the rate holds
}

// SetRate sets the rate of one currency. See SetRates.
func (p *Pricing) SetRate(ctx context.Context, actor audit.Actor, currency money.Currency, buy, sell money.Rials) (Setting, error) {
	settings, err := p.SetRates(ctx, actor, []Offer{{Currency: currency, BuyRials: buy, SellRials: sell}})
	if err != nil {
		return Setting{}, err
	}
	return settings[0], nil
}

// SetRates sets the rates of several currencies from now on, all or none, on
// the record. A rate that moves further than the terms permit becomes a
// proposal, whoever sets it; the first one of a currency cannot move. The
// settings come in the order of the offers. Faults: Invalid with the fields
// sell_USD (money.error.currency, pricing.error.rate) and buy_USD
// (pricing.error.rate, pricing.error.buy_over_sell), by the currency.
func (p *Pricing) SetRates(ctx context.Context, actor audit.Actor, offers []Offer) ([]Setting, error) {
	var wrong fault.Fields
	for _, offer := range offers {
		offer.check(&wrong)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	source := CommandRate
	if actor.Kind == audit.Staff {
		source = DeskRate
	}
	settings := make([]Setting, len(offers))
	err := db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := p.clock.Now()
		for _, i := range inOrder(offers) {
			var err error
			if settings[i], err = set(ctx, tx, now, actor, source, offers[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return settings, err
}

func (o Offer) check(wrong *fault.Fields) {
	sell, buy := "sell_"+string(o.Currency), "buy_"+string(o.Currency)
	if !o.Currency.Known() {
		wrong.Add(sell, "money.error.currency")
		return
	}
	if o.SellRials <= 0 || o.SellRials.Check() != nil {
		wrong.Add(sell, "pricing.error.rate")
		return
	}
	if o.BuyRials < 0 || o.BuyRials.Check() != nil {
		wrong.Add(buy, "pricing.error.rate")
	} else if o.BuyRials > o.SellRials {
		wrong.Add(buy, "pricing.error.buy_over_sell")
	}
}

// inOrder are the places of the offers, by currency: who sets many at once
// takes their locks in the same order as everybody.
func inOrder(offers []Offer) []int {
	places := make([]int, len(offers))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(offers[a].Currency, offers[b].Currency) })
	return places
}

// set lets an offer hold, or proposes it where it jumps.
func set(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, source Source, offer Offer) (Setting, error) {
	q := sqlq.New(tx)
	if err := q.LockRate(ctx, string(offer.Currency)); err != nil {
		return Setting{}, fmt.Errorf("set the rate of %s: %w", offer.Currency, err)
	}
	terms, err := rateTerms(ctx, tx)
	if err != nil {
		return Setting{}, err
	}
	open, err := openProposal(ctx, tx, offer.Currency)
	if err != nil {
		return Setting{}, err
	}
	newest, err := q.NewestRate(ctx, string(offer.Currency))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Setting{}, fmt.Errorf("read the rate of %s: %w", offer.Currency, err)
	}
	if err == nil && terms.jumps(rateFrom(newest.ExchangeRate), offer) {
		return propose(ctx, tx, now, actor, source, offer, open)
	}
	if err := open.giveWay(ctx, tx, now, source); err != nil {
		return Setting{}, err
	}
	rate, err := insertRate(ctx, tx, actor, "rate.set", Rate{
		Currency: offer.Currency, BuyRials: offer.BuyRials, SellRials: offer.SellRials,
		Source: source, SetAt: now, SetBy: orZero(member(actor)),
	})
	return Setting{Rate: rate}, err
}

// insertRate lets a rate hold, on the record.
func insertRate(ctx context.Context, tx pgx.Tx, actor audit.Actor, verb string, rate Rate) (Rate, error) {
	row, err := sqlq.New(tx).InsertRate(ctx, sqlq.InsertRateParams{
		Currency: string(rate.Currency), BuyRials: orNull(int64(rate.BuyRials)), SellRials: int64(rate.SellRials),
		Source: string(rate.Source), SetAt: rate.SetAt, SetBy: orNull(rate.SetBy), ApprovedBy: orNull(rate.ApprovedBy),
	})
	if err != nil {
		return Rate{}, fmt.Errorf("set the rate of %s: %w", rate.Currency, err)
	}
	return rateFrom(row), audit.Record(ctx, tx, audit.Entry{
		At: rate.SetAt, Actor: actor, Verb: verb, Subject: fmt.Sprintf("rate:%d", row.ID),
		Detail: map[string]any{
			"currency": rate.Currency, "buy_rials": rate.BuyRials, "sell_rials": rate.SellRials, "source": rate.Source,
		},
	})
}

// member is the staff member that somebody is, or nil.
func member(actor audit.Actor) *int64 {
	if actor.Kind != audit.Staff {
		return nil
	}
	return &actor.ID
}
