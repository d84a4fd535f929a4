package board

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
)

// View is one way to look at the queue.
type View string

// The views.
const (
	Free   View = "free" // waits to be claimed
	Mine   View = "mine" // claimed by the reader
	OnHold View = "hold" // waits for its customer
	Late   View = "late" // its due time has passed, and its clock runs
	Open   View = "open" // everything that is not finished
)

// Views lists all views in the order in which a page offers them.
var Views = []View{Free, Mine, OnHold, Late, Open}

// Row is one order in a list.
type Row struct {
	ID               orders.ID
	Code             string
	ServiceVersionID int64
	Total            money.Rials
	Site             string
	State            orders.State
	StateSince       time.Time
	Name             string // of the customer
	Mobile           string
	HolderID         int64 // who has claimed it; 0: nobody
	HolderName       string
	HeldSince        time.Time
	Time             Time
}

// After is where a page of a list begins: behind the order with that due time and id.
type After struct {
	Due time.Time
	ID  orders.ID
}

// Page is one page of the queue.
type Page struct {
	Rows []Row
	Next *After // nil: this is the last page
}

// Queue returns a page of a view, the earliest due first. memberID is the
// reader's, for Mine. An unknown view is Free.
func (b *Board) Queue(ctx context.Context, view View, memberID int64, after After) (Page, error) {
	now := b.clock.Now()
	ids, err := b.ids(ctx, now, view, memberID, after)
	if err != nil {
		return Page{}, fmt.Errorf("list of %s orders: %w", view, err)
	}
	ids, more := cut(ids)
	rows, err := b.rows(ctx, now, ids)
	if err != nil {
		return Page{}, err
	}
	page := Page{Rows: rows}
	if more && len(rows) > 0 {
		last := rows[len(rows)-1]
		page.Next = &After{Due: last.Time.Due, ID: last.ID}
	}
	return page, nil
}

func (b *Board) ids(ctx context.Context, now time.Time, view View, memberID int64, after After) ([]int64, error) {
	q, id, most := sqlq.New(b.pool), int64(after.ID), int32(PageSize+1)
	switch view {
	case Mine:
		return q.OrdersOfMember(ctx, sqlq.OrdersOfMemberParams{MemberID: memberID, AfterDue: after.Due, AfterID: id, Most: most})
	case OnHold:
		return q.HeldOrders(ctx, after.Due, id, most)
	case Late:
		return q.LateOrders(ctx, sqlq.LateOrdersParams{Now: now, AfterDue: after.Due, AfterID: id, Most: most})
	case Open:
		return q.OpenOrders(ctx, after.Due, id, most)
	}
	return q.FreeOrders(ctx, after.Due, id, most)
}

// Row returns one order as the lists show it.
func (b *Board) Row(ctx context.Context, id orders.ID) (Row, error) {
	rows, err := b.rows(ctx, b.clock.Now(), []int64{int64(id)})
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, fmt.Errorf("order %d is in no list", id)
	}
	return rows[0], nil
}

func (b *Board) rows(ctx context.Context, now time.Time, ids []int64) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := sqlq.New(b.pool).QueueRows(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("rows of orders: %w", err)
	}
	rows := make([]Row, len(list))
	for i, r := range list {
		rows[i] = Row{
			ID: orders.ID(r.ID), Code: r.Code, ServiceVersionID: r.ServiceVersionID, Total: money.Rials(r.TotalRials),
			Site: r.Site, State: orders.State(r.State), StateSince: r.StateSince, Name: r.Name, Mobile: r.Mobile,
			HeldSince: zeroable(r.HeldSince),
		}
		if r.HolderID != nil && r.HolderName != nil {
			rows[i].HolderID, rows[i].HolderName = *r.HolderID, *r.HolderName
		}
		if rows[i].Time, err = b.time(ctx, now, r); err != nil {
			return nil, err
		}
	}
	return rows, nil
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
	return map[View]int{Free: int(n.Free), Mine: int(n.Mine), OnHold: int(n.Held), Late: int(n.Late)}, nil
}
