package club

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/club/internal/sqlq"
	"pishkhan/internal/db"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// Earn counts a completed order, and the fees that it brought, for its
// customer, and lifts them to the tier that they have reached. An order
// counts once, however often it is completed.
func (l *Ledger) Earn(ctx context.Context, tx pgx.Tx, now time.Time, orderID, customerID int64, fees money.Rials) error {
	club, err := l.pricing.Club(ctx, tx)
	if err != nil {
		return err
	}
	q := sqlq.New(tx)
	tier, err := q.LockStanding(ctx, customerID, now)
	if err != nil {
		return fmt.Errorf("standing of customer %d: %w", customerID, err)
	}
	earned, err := q.InsertEarning(ctx, sqlq.InsertEarningParams{
		OrderID: orderID, CustomerID: customerID, FeesRials: int64(fees), EarnedAt: now,
	})
	if err != nil {
		return fmt.Errorf("count order %d in the club: %w", orderID, err)
	}
	if earned == 0 {
		return nil
	}
	return recount(ctx, q, now, club, []sqlq.LockStandingsBeforeRow{{CustomerID: customerID, Tier: tier}})
}

// batch is how many customers are counted in one transaction.
const batch = 500

// RecomputeAll counts every customer again who was last counted before an
// instant: old orders leave the club's period as time passes, and the tariff
// changes. Run again with the same instant, or by several processes at once,
// it goes on where it was left.
func (l *Ledger) RecomputeAll(ctx context.Context, before time.Time) error {
	now := l.clock.Now()
	if before.After(now) { // by a clock that is ahead of ours: nobody would ever be done
		before = now
	}
	for more := true; more; {
		err := db.InTx(ctx, l.pool, func(ctx context.Context, tx pgx.Tx) error {
			club, err := l.pricing.Club(ctx, tx)
			if err != nil {
				return err
			}
			q := sqlq.New(tx)
			customers, err := q.LockStandingsBefore(ctx, before, batch)
			if err != nil {
				return fmt.Errorf("recompute the club: %w", err)
			}
			more = len(customers) == batch
			return recount(ctx, q, now, club, customers)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recount writes down where customers stand now. Their standings are locked.
func recount(ctx context.Context, q *sqlq.Queries, now time.Time, club pricing.Club, customers []sqlq.LockStandingsBeforeRow) error {
	ids := make([]int64, len(customers))
	for i, customer := range customers {
		ids[i] = customer.CustomerID
	}
	rows, err := q.Earned(ctx, ids, since(club, now))
	if err != nil {
		return fmt.Errorf("count in the club: %w", err)
	}
	earned := make(map[int64]sqlq.EarnedRow, len(rows))
	for _, row := range rows {
		earned[row.CustomerID] = row
	}
	standings := sqlq.SaveStandingsParams{At: now, CustomerIds: ids}
	changes := sqlq.InsertChangesParams{At: now}
	for _, customer := range customers {
		sum := earned[customer.CustomerID]
		tier, _ := club.Reached(int(sum.Orders), money.Rials(sum.FeesRials))
		standings.Tiers = append(standings.Tiers, tier.Key)
		standings.Orders = append(standings.Orders, sum.Orders)
		standings.FeesRials = append(standings.FeesRials, sum.FeesRials)
		if tier.Key != customer.Tier {
			changes.CustomerIds = append(changes.CustomerIds, customer.CustomerID)
			changes.FromTiers = append(changes.FromTiers, customer.Tier)
			changes.ToTiers = append(changes.ToTiers, tier.Key)
		}
	}
	if err := q.SaveStandings(ctx, standings); err != nil {
		return fmt.Errorf("save standings: %w", err)
	}
	if err := q.InsertChanges(ctx, changes); err != nil {
		return fmt.Errorf("save changes of tier: %w", err)
	}
	return nil
}
