package deadlines

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/deadlines/internal/sqlq"
	"pishkhan/internal/orders"
)

// glance is how many orders one transaction looks at.
const glance = 200

// Sweep puts on record what has come true of the promises since the last one,
// and queues the messages that tell of it, in one transaction: what is on
// record is told, whenever the process dies. Any number may sweep at once, as
// often as they like: each fact is recorded and told once. It returns how many
// orders it looked at.
func (d *Deadlines) Sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		var n int
		err := db.InTx(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) (err error) {
			n, err = d.look(ctx, tx, d.clock.Now())
			return err
		})
		if total += n; err != nil || n == 0 {
			return total, err
		}
	}
}

// look is one batch of a sweep.
func (d *Deadlines) look(ctx context.Context, tx pgx.Tx, now time.Time) (int, error) {
	rules, err := d.newest(ctx, tx)
	if err != nil {
		return 0, err
	}
	q := sqlq.New(tx)
	numbers, err := q.LockDue(ctx, now, glance)
	if err == nil && len(numbers) == 0 {
		numbers, err = q.LockOutdated(ctx, rules.ID, glance)
	}
	if err != nil {
		return 0, fmt.Errorf("clocks to look at: %w", err)
	}
	if len(numbers) == 0 {
		return 0, nil
	}
	armed, err := q.StillArmed(ctx, numbers, now, rules.ID)
	if err != nil {
		return 0, fmt.Errorf("clocks to look at: %w", err)
	}
	return len(numbers), d.judge(ctx, tx, now, rules, numbers, armed)
}

// judge records and tells what has come true of the armed clocks of locked
// orders, and sets their next alarms.
func (d *Deadlines) judge(ctx context.Context, tx pgx.Tx, now time.Time, rules RulesVersion, locked, armed []int64) error {
	if len(armed) == 0 {
		return nil
	}
	ids := make([]orders.ID, len(locked))
	for i, id := range locked {
		ids[i] = orders.ID(id)
	}
	live, err := d.book.LiveClocks(ctx, tx, ids...)
	if err != nil {
		return err
	}
	rows, err := sqlq.New(tx).AlertsOf(ctx, armed)
	if err != nil {
		return fmt.Errorf("alerts of %d clocks: %w", len(armed), err)
	}
	told := map[key]bool{}
	for _, row := range rows {
		told[key{row.ClockID, Kind(row.Kind), int(row.Level)}] = true
	}
	pending := map[int64]bool{}
	for _, id := range armed {
		pending[id] = true
	}
	var next alarms
	var fresh []truth
	for _, l := range live {
		if !pending[l.Clock.ID] {
			continue
		}
		delete(pending, l.Clock.ID)
		facts, err := d.factsOf(ctx, tx, rules.Rules, l.ServiceVersionID, l.Clock)
		if err != nil {
			return err
		}
		for _, f := range facts {
			if !f.At.After(now) && !told[f.key(l.Clock.ID)] {
				fresh, told[f.key(l.Clock.ID)] = append(fresh, truth{fact: f, LiveClock: l}), true
			}
		}
		next.add(l.OrderID, l.Clock.ID, facts, told)
	}
	for id := range pending { // ended
		next.over = append(next.over, id)
	}
	if fresh, err = d.record(ctx, tx, now, fresh); err != nil {
		return err
	}
	if err := d.tell(ctx, tx, now, rules.Rules, fresh); err != nil {
		return err
	}
	return next.keep(ctx, tx, rules.ID)
}

// truth is a fact that has come true of an order.
type truth struct {
	fact
	orders.LiveClock
	alertID int64
}

// verbs are how the history of an order says it.
var verbs = map[Kind]orders.Verb{Warning: orders.Warned, Breach: orders.Breached, Escalation: orders.Escalated}

// record writes the facts that are not on record yet, and returns those.
func (d *Deadlines) record(ctx context.Context, tx pgx.Tx, now time.Time, facts []truth) ([]truth, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	var p sqlq.InsertAlertsParams
	p.NotedAt = now
	for _, f := range facts {
		p.Clocks, p.Orders = append(p.Clocks, f.Clock.ID), append(p.Orders, int64(f.OrderID))
		p.Kinds, p.Levels = append(p.Kinds, string(f.Kind)), append(p.Levels, int32(f.Level))
		p.Ats, p.Dues = append(p.Ats, f.At), append(p.Dues, f.Clock.DueAt)
	}
	rows, err := sqlq.New(tx).InsertAlerts(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("record %d alerts: %w", len(facts), err)
	}
	ids := map[key]int64{}
	for _, row := range rows {
		ids[key{row.ClockID, Kind(row.Kind), int(row.Level)}] = row.ID
	}
	var fresh []truth
	for _, f := range facts {
		if f.alertID = ids[f.key(f.Clock.ID)]; f.alertID == 0 {
			continue
		}
		fresh = append(fresh, f)
		detail := map[string]any{"due": f.Clock.DueAt, "since": f.At}
		switch f.Kind {
		case Warning:
			detail["percent"] = f.Level
		case Escalation:
			detail["late_minutes"] = f.Level
		}
		err := d.book.Note(ctx, tx, now, orders.Step{
			Order: orders.Order{ID: f.OrderID, Code: f.Code}, Verb: verbs[f.Kind], Actor: audit.Machine, Detail: detail,
		})
		if err != nil {
			return nil, err
		}
	}
	return fresh, nil
}
