package deadlines

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/catalog"
	"pishkhan/internal/deadlines/internal/sqlq"
	"pishkhan/internal/orders"
)

// Turned keeps the alarms of clocks in step with them, in the transaction that
// turns them. A clock has one alarm, the next: 100,000 clocks that move to
// another calendar cost a few statements a batch, where a job for each warning,
// breach and step would be 600,000 rows to take out of the queue and as many to
// put in. A sweep every few seconds looks at those whose alarm has come.
func (d *Deadlines) Turned(ctx context.Context, tx pgx.Tx, now time.Time, turned []orders.Turned) error {
	rules, err := d.newest(ctx, tx)
	if err != nil {
		return err
	}
	var ids, stopped []int64
	for _, t := range turned {
		ids = append(ids, t.Clock.ID)
		if !t.Clock.Running() {
			stopped = append(stopped, t.Clock.ID)
		}
	}
	if len(stopped) > 0 {
		if err := sqlq.New(tx).Disarm(ctx, stopped); err != nil {
			return fmt.Errorf("disarm %d clocks: %w", len(stopped), err)
		}
	}
	if len(stopped) == len(turned) && turned[0].Cause != orders.Retimed {
		return nil
	}
	told, err := d.lift(ctx, tx, now, turned, ids)
	if err != nil {
		return err
	}
	var next alarms
	for _, t := range turned {
		facts, err := d.factsOf(ctx, tx, rules.Rules, t.ServiceVersionID, t.Clock)
		if err != nil {
			return err
		}
		next.add(t.OrderID, t.Clock.ID, facts, told)
	}
	return next.keep(ctx, tx, rules.ID)
}

// factsOf is the plan of a clock of an order for a service.
func (d *Deadlines) factsOf(ctx context.Context, db orders.DB, rules Rules, serviceVersion int64, c orders.Clock) ([]fact, error) {
	if !c.Running() {
		return nil, nil
	}
	shares := rules.Shares
	if len(rules.Services) > 0 {
		service, err := d.catalog.Version(ctx, db, catalog.VersionID(serviceVersion))
		if err != nil {
			return nil, err
		}
		shares = rules.sharesOf(service.Definition.Slug)
	}
	return plan(c, shares, rules.Steps), nil
}

// lift lifts what the turns have undone, and returns what stands.
func (d *Deadlines) lift(ctx context.Context, tx pgx.Tx, now time.Time, turned []orders.Turned, ids []int64) (told map[key]bool, err error) {
	rows, err := sqlq.New(tx).AlertsOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("alerts of %d clocks: %w", len(ids), err)
	}
	told = map[key]bool{}
	if len(rows) == 0 {
		return told, nil
	}
	clocks := map[int64]orders.Turned{}
	for _, t := range turned {
		clocks[t.Clock.ID] = t
	}
	var over []int64
	for _, row := range rows {
		k, t := key{row.ClockID, Kind(row.Kind), int(row.Level)}, clocks[row.ClockID]
		if (t.Cause == orders.Extended || t.Cause == orders.Retimed) && undone(k, t.Clock, now) {
			over = append(over, row.ID)
		} else {
			told[k] = true
		}
	}
	if len(over) == 0 {
		return told, nil
	}
	if err := sqlq.New(tx).LiftAlerts(ctx, &now, over); err != nil {
		return nil, fmt.Errorf("lift %d alerts: %w", len(over), err)
	}
	return told, nil
}

// alarms are clocks with when to look at each next, and those with nothing
// left to tell.
type alarms struct {
	clocks, orders []int64
	nexts          []time.Time
	over           []int64
}

// add sets the alarm of a clock to the first of its facts that is not told yet.
func (a *alarms) add(order orders.ID, clock int64, facts []fact, told map[key]bool) {
	var next time.Time
	for _, f := range facts {
		if !told[f.key(clock)] && (next.IsZero() || f.At.Before(next)) {
			next = f.At
		}
	}
	if next.IsZero() {
		a.over = append(a.over, clock)
		return
	}
	a.clocks, a.orders, a.nexts = append(a.clocks, clock), append(a.orders, int64(order)), append(a.nexts, next)
}

func (a *alarms) keep(ctx context.Context, tx pgx.Tx, rulesID int64) error {
	q := sqlq.New(tx)
	if len(a.over) > 0 {
		if err := q.Disarm(ctx, a.over); err != nil {
			return fmt.Errorf("disarm %d clocks: %w", len(a.over), err)
		}
	}
	if len(a.clocks) == 0 {
		return nil
	}
	if err := q.Arm(ctx, sqlq.ArmParams{Clocks: a.clocks, Orders: a.orders, Nexts: a.nexts, RulesID: rulesID}); err != nil {
		return fmt.Errorf("arm %d clocks: %w", len(a.clocks), err)
	}
	return nil
}
