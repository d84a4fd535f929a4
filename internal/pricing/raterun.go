package pricing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/notify"
	"pishkhan/internal/pricing/internal/sqlq"
)

// failuresToTell is after how many failures in a row finance hears of a feed.
const failuresToTell = 3

// unchanged is the part of a rate's time in which a feed that says the same
// again makes no new row.
const unchanged = 4

// RunFeeds reads the feeds that are due. It may be called at will and from
// many sides: a feed is read by one of them.
func (w *Watch) RunFeeds(ctx context.Context) error {
	rows, err := sqlq.New(w.pricing.pool).TakeDueFeeds(ctx, w.pricing.clock.Now())
	if err != nil {
		return fmt.Errorf("find the rate feeds that are due: %w", err)
	}
	failed := make([]error, len(rows))
	var wg sync.WaitGroup
	for i, row := range rows { // there are no more than currencies
		wg.Go(func() {
			feed := feedFrom(row)
			offer, err := w.fetch(ctx, feed)
			failed[i] = w.conclude(ctx, feed, offer, err)
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

// conclude keeps what came of reading a feed.
func (w *Watch) conclude(ctx context.Context, feed Feed, offer Offer, failed error) error {
	var why trouble
	if failed != nil && !errors.As(failed, &why) {
		return failed
	}
	members, err := w.finance(ctx)
	if err != nil {
		return err
	}
	return db.InTx(ctx, w.pricing.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.pricing.clock.Now()
		failures, err := sqlq.New(tx).EndFeedRun(ctx, sqlq.EndFeedRunParams{
			Currency: string(feed.Currency), RunAt: *feed.LastRunAt, LastError: why.key, LastDetail: why.detail,
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("keep what came of the rate feed of %s: %w", feed.Currency, err)
		}
		if failed == nil {
			return take(ctx, tx, now, offer)
		}
		if failures != failuresToTell {
			return nil
		}
		key := fmt.Sprintf("rate_feed:%s:%d", feed.Currency, now.Unix())
		return w.tell(ctx, tx, now, members, notify.FeedFailing, key, string(feed.Currency))
	})
}

// take lets what a feed offers hold. The same again is kept only from time to
// time, to stay fresh: a history of each minute would tell nothing.
func take(ctx context.Context, tx pgx.Tx, now time.Time, offer Offer) error {
	q := sqlq.New(tx)
	if err := q.LockRate(ctx, string(offer.Currency)); err != nil {
		return fmt.Errorf("take the rate of %s: %w", offer.Currency, err)
	}
	row, err := q.NewestRate(ctx, string(offer.Currency))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read the rate of %s: %w", offer.Currency, err)
	}
	if rate := rateFrom(row.ExchangeRate); err == nil && rate.offer() == offer && rate.Age(now) < maxAge(row.MaxAgeMinutes)/unchanged {
		open, err := openProposal(ctx, tx, offer.Currency)
		if err != nil {
			return err
		}
		return open.giveWay(ctx, tx, now, FeedRate)
	}
	_, err = set(ctx, tx, now, audit.Machine, FeedRate, offer)
	return err
}

func (r Rate) offer() Offer {
	return Offer{Currency: r.Currency, BuyRials: r.BuyRials, SellRials: r.SellRials}
}
