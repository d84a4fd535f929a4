package pricing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// ProposalID identifies a proposal.
type ProposalID int64

// Proposal is a rate that jumps too far to hold before a second person
// agrees. A currency has at most one.
type Proposal struct {
	ID         ProposalID
	Currency   money.Currency
	BuyRials   money.Rials // 0: not told
	SellRials  money.Rials
	Source     Source
	ProposedAt time.Time
	ProposedBy int64 // the staff member, for a feed who switched it on; 0: the command line
}

// Proposals returns the open proposals, oldest first.
func (p *Pricing) Proposals(ctx context.Context) ([]Proposal, error) {
	rows, err := sqlq.New(p.pool).OpenProposals(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the proposed rates: %w", err)
	}
	proposals := make([]Proposal, len(rows))
	for i, row := range rows {
		proposals[i] = proposalFrom(row)
	}
	return proposals, nil
}

// ApproveRate lets a proposed rate hold from now on, as the second person.
// Faults: NotFound; Forbidden (pricing.error.own_proposal) for who proposed
// it; Conflict (pricing.error.proposal_decided) when it is open no more, and
// (pricing.error.proposal_old) when it is older than a rate may be.
func (p *Pricing) ApproveRate(ctx context.Context, actor audit.Actor, id ProposalID) (Rate, error) {
	var rate Rate
	err := p.decide(ctx, id, func(ctx context.Context, tx pgx.Tx, now time.Time, proposed Proposal) error {
		terms, err := rateTerms(ctx, tx)
		if err != nil {
			return err
		}
		if now.Sub(proposed.ProposedAt) > terms.MaxAge {
			return fault.New(fault.Conflict, "pricing.error.proposal_old")
		}
		if err := judge(ctx, tx, now, actor, proposed, "approved"); err != nil {
			return err
		}
		rate, err = insertRate(ctx, tx, actor, "rate.approve", Rate{
			Currency: proposed.Currency, BuyRials: proposed.BuyRials, SellRials: proposed.SellRials,
			Source: proposed.Source, SetAt: now, SetBy: proposed.ProposedBy, ApprovedBy: actor.ID,
		})
		return err
	})
	return rate, err
}

// RejectRate ends a proposal without a rate; who proposed it takes it back.
// Faults: NotFound; Conflict (pricing.error.proposal_decided).
func (p *Pricing) RejectRate(ctx context.Context, actor audit.Actor, id ProposalID) error {
	return p.decide(ctx, id, func(ctx context.Context, tx pgx.Tx, now time.Time, proposed Proposal) error {
		verb := "rate.reject"
		if proposed.ProposedBy == actor.ID {
			verb = "rate.withdraw"
			if err := proposed.end(ctx, tx, now, "withdrawn"); err != nil {
				return err
			}
		} else if err := judge(ctx, tx, now, actor, proposed, "rejected"); err != nil {
			return err
		}
		return proposed.record(ctx, tx, now, actor, verb)
	})
}

// decide does something to an open proposal under its currency's lock.
func (p *Pricing) decide(ctx context.Context, id ProposalID, do func(context.Context, pgx.Tx, time.Time, Proposal) error) error {
	return db.InTx(ctx, p.pool, func(ctx context.Context, tx pgx.Tx) error {
		q := sqlq.New(tx)
		row, err := q.ReadProposal(ctx, int64(id))
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		if err != nil {
			return fmt.Errorf("read the proposed rate %d: %w", id, err)
		}
		if err := q.LockRate(ctx, row.Currency); err != nil {
			return fmt.Errorf("decide on the proposed rate %d: %w", id, err)
		}
		open, err := openProposal(ctx, tx, money.Currency(row.Currency))
		if err != nil {
			return err
		}
		if open == nil || open.ID != id {
			return fault.New(fault.Conflict, "pricing.error.proposal_decided")
		}
		return do(ctx, tx, p.clock.Now(), *open)
	})
}

// judge writes down the second person's word.
func judge(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, proposed Proposal, verdict string) error {
	if proposed.ProposedBy == actor.ID {
		return fault.New(fault.Forbidden, "pricing.error.own_proposal")
	}
	_, err := sqlq.New(tx).DecideProposal(ctx, sqlq.DecideProposalParams{
		ID: int64(proposed.ID), At: &now, DecidedBy: actor.ID, Verdict: &verdict,
	})
	if err != nil {
		return fmt.Errorf("decide on the proposed rate %d: %w", proposed.ID, err)
	}
	return nil
}

// propose keeps an offer for a second person, in the place of the open
// proposal, if any. A feed does not replace what a person has proposed, nor
// its own proposal by the same again.
func propose(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, source Source, offer Offer, open *Proposal) (Setting, error) {
	if open != nil && source == FeedRate && (open.Source != FeedRate || open.offer() == offer) {
		return Setting{Proposal: open}, nil
	}
	if err := open.giveWay(ctx, tx, now, source); err != nil {
		return Setting{}, err
	}
	by, err := proposer(ctx, tx, actor, source, offer)
	if err != nil {
		return Setting{}, err
	}
	row, err := sqlq.New(tx).InsertProposal(ctx, sqlq.InsertProposalParams{
		Currency: string(offer.Currency), BuyRials: orNull(int64(offer.BuyRials)), SellRials: int64(offer.SellRials),
		Source: string(source), ProposedAt: now, ProposedBy: by,
	})
	if err != nil {
		return Setting{}, fmt.Errorf("propose the rate of %s: %w", offer.Currency, err)
	}
	proposal := proposalFrom(row)
	return Setting{Proposal: &proposal}, proposal.record(ctx, tx, now, actor, "rate.propose")
}

// proposer is who cannot be the second person: for a feed, whoever told it
// where to read.
func proposer(ctx context.Context, tx pgx.Tx, actor audit.Actor, source Source, offer Offer) (*int64, error) {
	if source != FeedRate {
		return member(actor), nil
	}
	feed, err := sqlq.New(tx).ReadFeed(ctx, string(offer.Currency))
	if err != nil {
		return nil, fmt.Errorf("read the rate feed of %s: %w", offer.Currency, err)
	}
	return feed.EnabledBy, nil
}

// giveWay ends an open proposal where a newer word replaces it: anybody's,
// but a feed's only what it has proposed itself.
func (p *Proposal) giveWay(ctx context.Context, tx pgx.Tx, now time.Time, to Source) error {
	if p == nil || to == FeedRate && p.Source != FeedRate {
		return nil
	}
	return p.end(ctx, tx, now, "replaced")
}

func (p *Proposal) end(ctx context.Context, tx pgx.Tx, now time.Time, verdict string) error {
	if err := sqlq.New(tx).EndProposal(ctx, &now, &verdict, int64(p.ID)); err != nil {
		return fmt.Errorf("end the proposed rate %d: %w", p.ID, err)
	}
	return nil
}

func (p *Proposal) record(ctx context.Context, tx pgx.Tx, now time.Time, actor audit.Actor, verb string) error {
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Actor: actor, Verb: verb, Subject: fmt.Sprintf("rate_proposal:%d", p.ID),
		Detail: map[string]any{"currency": p.Currency, "buy_rials": p.BuyRials, "sell_rials": p.SellRials, "source": p.Source},
	})
}

func (p *Proposal) offer() Offer {
	return Offer{Currency: p.Currency, BuyRials: p.BuyRials, SellRials: p.SellRials}
}

// openProposal returns the open proposal of a currency, or nil.
func openProposal(ctx context.Context, q sqlq.DBTX, currency money.Currency) (*Proposal, error) {
	row, err := sqlq.New(q).OpenProposal(ctx, string(currency))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the proposed rate of %s: %w", currency, err)
	}
	proposal := proposalFrom(row)
	return &proposal, nil
}

func proposalFrom(row sqlq.RateProposal) Proposal {
	return Proposal{
		ID: ProposalID(row.ID), Currency: money.Currency(row.Currency), Source: Source(row.Source),
		BuyRials: money.Rials(orZero(row.BuyRials)), SellRials: money.Rials(row.SellRials),
		ProposedAt: row.ProposedAt, ProposedBy: orZero(row.ProposedBy),
	}
}
