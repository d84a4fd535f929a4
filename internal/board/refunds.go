package board

import (
	"context"
	"fmt"
	"math"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/refunds"
)

// Refund is one refund in a list, with its order.
type Refund struct {
	ID        int64
	Code      string // of the order
	Name      string // of the customer
	Amount    money.Rials
	Reason    string
	State     refunds.State
	Since     time.Time
	Asker     string
	Approver  string
	Ender     string
	Masked    string
	Reference string
	Failure   string
}

// Refunds returns a page of the refunds in a state, behind the one with that
// id: what waits oldest first, what is over newest first. more tells whether
// others follow.
func (b *Board) Refunds(ctx context.Context, state refunds.State, after int64) (list []Refund, more bool, err error) {
	q := sqlq.New(b.pool)
	if state == refunds.Asked || state == refunds.Approved {
		rows, err := q.OldestRefunds(ctx, string(state), after, PageSize+1)
		if err != nil {
			return nil, false, fmt.Errorf("%s refunds: %w", state, err)
		}
		rows, more = cut(rows)
		for _, r := range rows {
			list = append(list, refundFrom(sqlq.NewestRefundsRow(r)))
		}
		return list, more, nil
	}
	if after == 0 {
		after = math.MaxInt64
	}
	rows, err := q.NewestRefunds(ctx, string(state), after, PageSize+1)
	if err != nil {
		return nil, false, fmt.Errorf("%s refunds: %w", state, err)
	}
	rows, more = cut(rows)
	for _, r := range rows {
		list = append(list, refundFrom(r))
	}
	return list, more, nil
}

// RefundCounts returns how many refunds wait to be approved and to be sent,
// but never more than CountCap.
func (b *Board) RefundCounts(ctx context.Context) (map[refunds.State]int, error) {
	n, err := sqlq.New(b.pool).RefundCounts(ctx, CountCap)
	if err != nil {
		return nil, fmt.Errorf("count refunds: %w", err)
	}
	return map[refunds.State]int{refunds.Asked: int(n.Asked), refunds.Approved: int(n.Approved)}, nil
}

func refundFrom(r sqlq.NewestRefundsRow) Refund {
	return Refund{
		ID: r.ID, Code: r.Code, Name: r.Name, Amount: money.Rials(r.AmountRials), Reason: r.Reason, State: refunds.State(r.State),
		Since: r.StateSince, Asker: r.AskedName, Approver: r.ApprovedName, Ender: r.EndedName, Masked: r.Masked,
		Reference: r.BankReference, Failure: r.Failure,
	}
}
