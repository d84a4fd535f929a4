package board

import (
	"context"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// Time is an order's promise at one instant.
type Time struct {
	Now    time.Time
	Due    time.Time     // zero: no clock has begun
	Left   time.Duration // working time; negative: late by so much of it
	Open   time.Duration // for how long working time runs on from Now; 0: the desk is closed
	Paused bool          // the order waits for its customer
	Ended  bool          // no clock runs any more
}

// time judges a row's clock by the calendar that it began with.
func (b *Board) time(ctx context.Context, now time.Time, r sqlq.QueueRowsRow) (Time, error) {
	t := Time{Now: now, Due: zeroable(r.DueAt)}
	if r.CalendarVersionID == nil {
		t.Ended = true
		return t, nil
	}
	version, err := b.calendars.Version(ctx, b.pool, *r.CalendarVersionID)
	if err != nil {
		return Time{}, err
	}
	t.Left = version.Engine.Remaining(now, t.Due)
	t.Open = OpenFor(version.Engine, now)
	t.Paused = r.State == string(orders.WaitingCustomer)
	return t, nil
}

// OpenFor returns for how long working time runs on from now without a break;
// 0 when the desk is closed.
func OpenFor(e *sla.Engine, now time.Time) time.Duration {
	const farthest = 24 * time.Hour
	if !e.OpenAt(now) {
		return 0
	}
	var until time.Duration
	for _, s := range e.Segments(now, now.Add(farthest)) {
		if s.Start.Sub(now) > until {
			break
		}
		until = s.End.Sub(now)
	}
	return until
}

// Opening returns when the desk opens next: now when it is open. ok is false
// when the calendar has no opening left.
func (b *Board) Opening(ctx context.Context) (at time.Time, open, ok bool, err error) {
	now := b.clock.Now()
	version, err := b.calendars.Newest(ctx, b.pool)
	if err != nil {
		return time.Time{}, false, false, err
	}
	at, ok = version.Engine.NextOpening(now)
	return at, version.Engine.OpenAt(now), ok, nil
}
