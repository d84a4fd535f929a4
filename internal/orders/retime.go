package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/orders/internal/sqlq"
	"pishkhan/internal/sla"
)

// Retime does the next piece of a retiming within tx: at most so many orders,
// whose clocks are played again by the new version. Each deadline that moved
// has a line in its order's history; the watchers of clocks are told of all
// clocks at once. After the last piece the retiming is finished. A piece that
// was not committed has not happened, and comes again.
//
// It returns ErrRetiming while another process is at it, without waiting.
func (b *Book) Retime(ctx context.Context, tx pgx.Tx, now time.Time, id int64, most int32) (Retiming, error) {
	q := sqlq.New(tx)
	row, err := q.LockRetiming(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		r, err := b.Retiming(ctx, tx, id)
		if err == nil && !r.Finished() {
			err = ErrRetiming
		}
		return r, err
	}
	if err != nil {
		return Retiming{}, fmt.Errorf("retiming %d: %w", id, err)
	}
	locked, err := q.LockBehind(ctx, row.VersionID, row.LastOrderID, most)
	if err != nil {
		return Retiming{}, fmt.Errorf("retiming %d: lock orders: %w", id, err)
	}
	if len(locked) == 0 {
		row, err = q.FinishRetiming(ctx, now, id)
	} else {
		row, err = b.retime(ctx, tx, now, row, locked)
	}
	if err != nil {
		return Retiming{}, fmt.Errorf("retiming %d: %w", id, err)
	}
	return retimingFrom(row), nil
}

// retime moves the clocks of locked orders.
func (b *Book) retime(ctx context.Context, tx pgx.Tx, now time.Time, r sqlq.Retiming, locked []int64) (sqlq.Retiming, error) {
	version, err := b.calendars.Version(ctx, tx, r.VersionID)
	if err != nil {
		return sqlq.Retiming{}, err
	}
	q := sqlq.New(tx)
	rows, err := q.ClocksBehind(ctx, version.ID, locked)
	if err != nil {
		return sqlq.Retiming{}, fmt.Errorf("read clocks: %w", err)
	}
	var all, moved, aside []rejudged
	var tally Tally
	for _, row := range rows {
		one := rejudge(row, version, now)
		tally.add(one)
		if !one.stays() {
			all = append(all, one)
		}
		if one.moved() {
			moved = append(moved, one)
		}
		if one.aside != "" {
			aside = append(aside, one)
		}
	}
	if err := keepRejudged(ctx, q, version, all); err != nil {
		return sqlq.Retiming{}, err
	}
	if err := b.keepShifts(ctx, tx, now, r, moved); err != nil {
		return sqlq.Retiming{}, err
	}
	if err := setAside(ctx, tx, r.ID, aside); err != nil {
		return sqlq.Retiming{}, err
	}
	turned := make([]Turned, len(all))
	for i, one := range all {
		turned[i] = Turned{OrderID: one.OrderID, ServiceVersionID: one.row.ServiceVersionID, Clock: one.clock, Cause: Retimed}
	}
	if len(turned) > 0 {
		if err := b.tellTurned(ctx, tx, now, turned...); err != nil {
			return sqlq.Retiming{}, err
		}
	}
	return q.Advance(ctx, sqlq.AdvanceParams{
		ID: r.ID, LastOrderID: locked[len(locked)-1], Done: int32(len(rows)),
		Moved: int32(tally.Moved), Cured: int32(tally.Cured), Broken: int32(tally.Broken), Stuck: int32(tally.Stuck), Aside: int32(tally.Aside),
	})
}

func keepRejudged(ctx context.Context, q *sqlq.Queries, version sla.Version, all []rejudged) error {
	clocks := sqlq.RetimeClocksParams{Version: version.ID}
	for _, one := range all {
		clocks.Ids = append(clocks.Ids, one.clock.ID)
		clocks.Used = append(clocks.Used, int32(one.clock.Used/time.Second))
		clocks.Dues = append(clocks.Dues, one.clock.DueAt)
		clocks.FirstDues = append(clocks.FirstDues, one.clock.FirstDueAt)
	}
	if err := q.RetimeClocks(ctx, clocks); err != nil {
		return fmt.Errorf("keep clocks: %w", err)
	}
	return nil
}

// setAside lists, with the retiming, the clocks that it left as they were
// because nothing can be made of them.
func setAside(ctx context.Context, tx pgx.Tx, retimingID int64, aside []rejudged) error {
	if len(aside) == 0 {
		return nil
	}
	p := sqlq.InsertAsidesParams{RetimingID: retimingID}
	for _, one := range aside {
		p.Orders, p.Clocks, p.Whys = append(p.Orders, one.row.OrderID), append(p.Clocks, one.row.ID), append(p.Whys, one.aside)
	}
	if err := sqlq.New(tx).InsertAsides(ctx, p); err != nil {
		return fmt.Errorf("set %d clocks aside: %w", len(aside), err)
	}
	db.AfterCommit(tx, func() {
		for _, one := range aside {
			slog.Error("a clock was set aside: what is on record of it contradicts itself", "retiming", retimingID, "order", one.Code, "why", one.aside)
		}
	})
	return nil
}

// keepShifts writes down the deadlines that moved: on the orders, with the
// retiming, and in the histories.
func (b *Book) keepShifts(ctx context.Context, tx pgx.Tx, now time.Time, r sqlq.Retiming, moved []rejudged) error {
	if len(moved) == 0 {
		return nil
	}
	var ids []int64
	var dues []time.Time
	shifts := sqlq.InsertShiftsParams{RetimingID: r.ID}
	events := sqlq.InsertRetimedEventsParams{At: now, ActorKind: string(audit.Staff), ActorID: r.ApprovedBy, ActorName: r.ApprovedName, Verb: string(Retime)}
	for _, one := range moved {
		detail := map[string]any{
			"clock": noteOf(one.clock, now), "from": one.From, "to": one.To, "was_late": one.WasLate, "is_late": one.IsLate, "retiming": r.ID,
		}
		told, err := json.Marshal(detail)
		if err != nil {
			return fmt.Errorf("tell of order %d: %w", one.OrderID, err)
		}
		ids, dues = append(ids, one.row.OrderID), append(dues, one.To)
		shifts.Orders, shifts.Clocks = append(shifts.Orders, one.row.OrderID), append(shifts.Clocks, one.row.ID)
		shifts.Froms, shifts.Tos = append(shifts.Froms, one.From), append(shifts.Tos, one.To)
		shifts.WasLate, shifts.IsLate = append(shifts.WasLate, one.WasLate), append(shifts.IsLate, one.IsLate)
		events.Orders, events.Details = append(events.Orders, one.row.OrderID), append(events.Details, string(told))
	}
	q := sqlq.New(tx)
	if err := q.MoveDues(ctx, ids, dues); err != nil {
		return fmt.Errorf("move due times: %w", err)
	}
	if err := q.InsertShifts(ctx, shifts); err != nil {
		return fmt.Errorf("keep shifts: %w", err)
	}
	if err := q.InsertRetimedEvents(ctx, events); err != nil {
		return fmt.Errorf("tell histories: %w", err)
	}
	if b.written != nil {
		db.AfterCommit(tx, b.written)
	}
	return nil
}
