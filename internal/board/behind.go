package board

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
)

// Of names the orders behind a figure of the board.
type Of string

// The figures that have orders behind them.
const (
	OfLate     Of = "late"     // the due time has passed
	OfSoon     Of = "soon"     // due within SoonWithin
	OfFree     Of = "free"     // claimed by nobody
	OfDue      Of = "due"      // running, and due between two instants
	OfState    Of = "state"    // in one state; of those that came to nothing, today's
	OfHeld     Of = "held"     // claimed by one member
	OfForecast Of = "forecast" // in time still, and late at today's pace
	OfDone     Of = "done"     // completed in a range of days
)

// Ofs lists them all.
var Ofs = []Of{OfLate, OfSoon, OfFree, OfDue, OfState, OfHeld, OfForecast, OfDone}

// Figure is a figure of the board, by which the orders behind it are found.
type Figure struct {
	Of       Of
	State    orders.State // OfState
	MemberID int64        // OfHeld; OfDone: 0 is everybody
	From, To time.Time    // OfDue: after the one, and not after the other

	// OfDone
	Range     Range
	ServiceID int64 // 0: all; a member goes before it
	Hour      *int  // of the day in Tehran, with a member; nil: all
	InTime    *bool // nil: both
}

// Behind is one page of the orders behind a figure: Rows of orders that are
// not completed, or Outcomes.
type Behind struct {
	Rows     []Row
	Finish   map[orders.ID]time.Time // OfForecast: when each will be done
	Outcomes []Outcome
	Next     *Mark // nil: this is the last page
}

// Mark is where a page of a list begins: behind the row with that time and id.
type Mark struct {
	At time.Time
	ID int64
}

// Outcome is an order that was completed, once for each time that it was.
type Outcome struct {
	ClockID          int64
	OrderID          orders.ID
	Code             string
	ServiceVersionID int64
	State            orders.State // now: it may have been reopened
	Total            money.Rials
	DoneAt           time.Time
	Promised         time.Time // first
	InTime           bool
	MemberID         int64
	MemberName       string
	Handling         time.Duration
	Measured         bool // Handling is known
}

// Behind returns a page of the orders behind a figure, at most most of them:
// what is open by its due time, what is completed by when it was.
func (b *Board) Behind(ctx context.Context, f Figure, after Mark, most int) (Behind, error) {
	if f.Of == OfDone {
		return b.outcomes(ctx, f, after, most)
	}
	if f.Of == OfForecast {
		return b.doomed(ctx, after, most)
	}
	ids, err := b.idsBehind(ctx, f, after, int32(most+1))
	if err != nil {
		return Behind{}, fmt.Errorf("orders behind %s: %w", f.Of, err)
	}
	more := len(ids) > most
	if more {
		ids = ids[:most]
	}
	page := Behind{}
	if page.Rows, err = b.rows(ctx, b.clock.Now(), ids); err != nil {
		return Behind{}, err
	}
	place(page.Rows, ids)
	if more {
		last := page.Rows[len(page.Rows)-1]
		page.Next = &Mark{At: last.Time.Due, ID: int64(last.ID)}
		if f.Of == OfState {
			page.Next.At = last.StateSince
		}
	}
	return page, nil
}

func (b *Board) idsBehind(ctx context.Context, f Figure, after Mark, most int32) ([]int64, error) {
	tx, end, err := b.indexed(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	q, now := sqlq.New(tx), b.clock.Now()
	switch f.Of {
	case OfLate:
		return q.OrdersLate(ctx, sqlq.OrdersLateParams{Now: now, AfterDue: after.At, AfterID: after.ID, Most: most})
	case OfFree:
		return q.OrdersUnclaimed(ctx, after.At, after.ID, most)
	case OfHeld:
		return q.OrdersHeldBy(ctx, sqlq.OrdersHeldByParams{MemberID: f.MemberID, AfterDue: after.At, AfterID: after.ID, Most: most})
	case OfDue:
		return q.DueOrders(ctx, sqlq.DueOrdersParams{FromAt: f.From, ToAt: f.To, AfterDue: after.At, AfterID: after.ID, Most: most})
	case OfSoon:
		version, err := b.calendars.Newest(ctx, tx)
		if err != nil {
			return nil, err
		}
		soon, ok := version.Engine.Due(now, SoonWithin)
		if !ok {
			return nil, nil
		}
		return q.DueOrders(ctx, sqlq.DueOrdersParams{FromAt: now.Add(-time.Microsecond), ToAt: soon, AfterDue: after.At, AfterID: after.ID, Most: most})
	case OfState:
		if f.State == orders.Cancelled || f.State == orders.Expired {
			return q.OrdersEnded(ctx, sqlq.OrdersEndedParams{
				State: string(f.State), FromAt: midnight(now), AfterAt: after.At, AfterID: after.ID, Most: most,
			})
		}
		return q.OrdersInState(ctx, string(f.State), after.ID, most)
	}
	return nil, nil
}

// place puts rows into the order of their ids.
func place(rows []Row, ids []int64) {
	at := make(map[orders.ID]int, len(ids))
	for i, id := range ids {
		at[orders.ID(id)] = i
	}
	slices.SortFunc(rows, func(a, b Row) int { return at[a.ID] - at[b.ID] })
}

// doomed pages through the forecast of this moment. An order that is not in
// it any more leads to its beginning.
func (b *Board) doomed(ctx context.Context, after Mark, most int) (Behind, error) {
	o, err := b.Overview(ctx)
	if err != nil {
		return Behind{}, err
	}
	list := o.Forecast.Late
	o.Forecast.Late = list[slices.IndexFunc(list, func(d Doomed) bool { return int64(d.ID) == after.ID })+1:]
	return b.Foreseen(ctx, o, most)
}

// Foreseen returns the first orders of an overview's forecast.
func (b *Board) Foreseen(ctx context.Context, o Overview, most int) (Behind, error) {
	list := o.Forecast.Late
	page := Behind{Finish: map[orders.ID]time.Time{}}
	if len(list) > most {
		list = list[:most]
		page.Next = &Mark{At: list[most-1].Due, ID: int64(list[most-1].ID)}
	}
	ids := make([]int64, len(list))
	for i, d := range list {
		ids[i], page.Finish[d.ID] = int64(d.ID), d.Finish
	}
	rows, err := b.rows(ctx, o.At, ids)
	if err != nil {
		return Behind{}, err
	}
	place(rows, ids)
	page.Rows = rows
	return page, nil
}
