package board

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
)

// Row is one order in a list.
type Row struct {
	ID               orders.ID
	Code             string
	ServiceVersionID int64
	Total            money.Rials
	Site             string
	State            orders.State
	StateSince       time.Time
	PlacedAt         time.Time
	DeadlineOn       time.Time // the day by which the destination wants to be paid; zero: none is known
	Name             string    // of the customer
	Mobile           string
	Tier             string // the customer's in the club; "" for none
	HolderID         int64  // who has claimed it; 0: nobody
	HolderName       string
	HeldSince        time.Time
	CallAt           time.Time // when the customer is to be called again, as agreed; zero: nothing is
	Time             Time
}

// After is where a page of a list begins: behind the order of that id, by
// what the list is sorted by.
type After struct {
	At     time.Time   // its due time, or when it was placed or paid
	Amount money.Rials // for ByAmount
	ID     orders.ID
}

// value is what the list is sorted by.
func (a After) value(f Filter) any {
	if f.Sort == ByAmount {
		return int64(a.Amount)
	}
	return a.At
}

// Page is one page of the queue.
type Page struct {
	Rows []Row
	Next *After // nil: this is the last page
}

// Queue returns a page of a list. With a filter that little fits, a page may
// hold few rows, or none, and yet have a next one: no page looks further
// than through some thousand orders. An unknown view is Free.
func (b *Board) Queue(ctx context.Context, f Filter, after After) (Page, error) {
	now := b.clock.Now()
	if _, ok := viewStates[f.View]; !ok {
		f.View = Free
	}
	found, next, err := b.find(ctx, now, f, after)
	if err != nil {
		return Page{}, fmt.Errorf("list of %s orders: %w", f.View, err)
	}
	rows, err := b.rows(ctx, now, found)
	return Page{Rows: rows, Next: next}, err
}

// find returns the ids of a page, and where the next one begins.
func (b *Board) find(ctx context.Context, now time.Time, f Filter, after After) (ids []int64, next *After, err error) {
	query, args := f.statement(now, after)
	rows, err := b.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, total int64
		var fits bool
		var due *time.Time
		var placed, since time.Time
		if err := rows.Scan(&id, &fits, &total, &due, &placed, &since); err != nil {
			return nil, nil, err
		}
		if len(ids) == PageSize {
			return ids, next, nil
		}
		at := zeroable(due)
		switch {
		case f.Sort == ByPlaced:
			at = placed
		case f.View == Unproven:
			at = since
		}
		next = &After{At: at, Amount: money.Rials(total), ID: orders.ID(id)}
		if !fits { // as far as this page looks
			return ids, next, nil
		}
		ids = append(ids, id)
	}
	return ids, nil, rows.Err()
}

// Row returns one order as the lists show it.
func (b *Board) Row(ctx context.Context, id orders.ID) (Row, error) {
	rows, err := b.Rows(ctx, []int64{int64(id)})
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, fmt.Errorf("order %d is in no list", id)
	}
	return rows[0], nil
}

// Rows returns orders as the lists show them, in the order of the ids.
func (b *Board) Rows(ctx context.Context, ids []int64) ([]Row, error) {
	return b.rows(ctx, b.clock.Now(), ids)
}

func (b *Board) rows(ctx context.Context, now time.Time, ids []int64) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := sqlq.New(b.pool).QueueRows(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("rows of orders: %w", err)
	}
	read := make(map[int64]Row, len(list))
	for _, r := range list {
		if read[r.ID], err = b.row(ctx, now, r); err != nil {
			return nil, err
		}
	}
	rows := make([]Row, 0, len(ids))
	for _, id := range ids {
		if row, ok := read[id]; ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (b *Board) row(ctx context.Context, now time.Time, r sqlq.QueueRowsRow) (Row, error) {
	row := Row{
		ID: orders.ID(r.ID), Code: r.Code, ServiceVersionID: r.ServiceVersionID, Total: money.Rials(r.TotalRials),
		Site: r.Site, State: orders.State(r.State), StateSince: r.StateSince, PlacedAt: r.PlacedAt, DeadlineOn: r.DeadlineOn.Time,
		Name: r.Name, Mobile: r.Mobile, Tier: r.Tier, HeldSince: zeroable(r.HeldSince),
		CallAt: zeroable(r.CallAt),
	}
	if r.HolderID != nil && r.HolderName != nil {
		row.HolderID, row.HolderName = *r.HolderID, *r.HolderName
	}
	var err error
	row.Time, err = b.time(ctx, now, r)
	return row, err
}

// CountCap is how far Counts counts: a page says "99+" beyond 99.
const CountCap = 100

// Counts returns how many orders the views hold, but never more than CountCap.
// Open is not counted.
func (b *Board) Counts(ctx context.Context, memberID int64) (map[View]int, error) {
	n, err := sqlq.New(b.pool).QueueCounts(ctx, CountCap, memberID, b.clock.Now())
	if err != nil {
		return nil, fmt.Errorf("counts of the queue: %w", err)
	}
	return map[View]int{Free: int(n.Free), Mine: int(n.Mine), OnHold: int(n.Held), Late: int(n.Late), Unproven: int(n.Unproven)}, nil
}
