package board

import (
	"context"
	"fmt"
	"time"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
)

func (b *Board) outcomes(ctx context.Context, f Figure, after Mark, most int) (Behind, error) {
	ids, err := b.outcomeIDs(ctx, f, after, int32(most+1))
	if err != nil {
		return Behind{}, fmt.Errorf("orders behind %s: %w", f.Of, err)
	}
	more := len(ids) > most
	if more {
		ids = ids[:most]
	}
	rows, err := sqlq.New(b.pool).OutcomeRows(ctx, ids)
	if err != nil {
		return Behind{}, fmt.Errorf("outcomes: %w", err)
	}
	page := Behind{Outcomes: make([]Outcome, len(rows))}
	for i, r := range rows {
		page.Outcomes[i] = Outcome{
			ClockID: r.ClockID, OrderID: orders.ID(r.OrderID), Code: r.Code, ServiceVersionID: r.ServiceVersionID,
			State: orders.State(r.State), Total: money.Rials(r.TotalRials), DoneAt: r.DoneAt, Promised: r.FirstDueAt,
			InTime: r.InTime, MemberID: r.MemberID, MemberName: r.MemberName,
		}
		if r.HandlingSeconds != nil {
			page.Outcomes[i].Handling, page.Outcomes[i].Measured = time.Duration(*r.HandlingSeconds)*time.Second, true
		}
	}
	if more {
		last := page.Outcomes[len(rows)-1]
		page.Next = &Mark{At: last.DoneAt, ID: last.ClockID}
	}
	return page, nil
}

func (b *Board) outcomeIDs(ctx context.Context, f Figure, after Mark, most int32) ([]int64, error) {
	tx, end, err := b.indexed(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	q, from, to := sqlq.New(tx), f.Range.Since(), f.Range.Until()
	switch {
	case f.MemberID != 0:
		var hour *int32
		if f.Hour != nil {
			h := int32(*f.Hour)
			hour = &h
		}
		return q.OutcomesOfMember(ctx, sqlq.OutcomesOfMemberParams{
			MemberID: f.MemberID, FromAt: from, ToAt: to, AfterAt: after.At, AfterID: after.ID, InTime: f.InTime, Hour: hour, Most: most,
		})
	case f.ServiceID != 0:
		return q.OutcomesOfService(ctx, sqlq.OutcomesOfServiceParams{
			ServiceID: f.ServiceID, FromAt: from, ToAt: to, AfterAt: after.At, AfterID: after.ID, InTime: f.InTime, Most: most,
		})
	}
	return q.OutcomesDone(ctx, sqlq.OutcomesDoneParams{
		FromAt: from, ToAt: to, AfterAt: after.At, AfterID: after.ID, InTime: f.InTime, Most: most,
	})
}
