package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// NoticeKind is what happened to somebody's order without them.
type NoticeKind string

// The kinds of notices.
const (
	Stolen     NoticeKind = "stolen"      // a supervisor took it
	Returned   NoticeKind = "returned"    // a supervisor gave it back to the queue
	HandedOver NoticeKind = "handed_over" // it is theirs now
	HandedAway NoticeKind = "handed_away" // somebody gave it to a colleague
	Lapsed     NoticeKind = "lapsed"      // it went back: nobody worked on it
)

// Notice is news about an order, for one person, until they have read it.
type Notice struct {
	ID     int64
	Kind   NoticeKind
	Code   string // of the order
	By     string // the name of who did it
	Reason string
	At     time.Time
}

// Warning is a claim that goes back to the queue soon, because its claimant
// does nothing about it.
type Warning struct {
	Code      string // of the order
	ReturnsAt time.Time
}

// tell leaves a notice for somebody about what by did.
func (q *Queue) tell(ctx context.Context, tx pgx.Tx, now time.Time, by audit.Actor, memberID int64, o orders.Order, kind NoticeKind, reason string) error {
	err := sqlq.New(tx).InsertNotice(ctx, sqlq.InsertNoticeParams{
		MemberID: memberID, OrderID: int64(o.ID), Kind: string(kind), ByName: by.Name, Reason: reason, At: now,
	})
	if err != nil {
		return fmt.Errorf("tell member %d of order %d: %w", memberID, o.ID, err)
	}
	return nil
}

// mostNotices is how many notices are shown at once.
const mostNotices = 20

// News returns what somebody has not read yet, newest first, at most 20, and
// which of their claims go back to the queue soon.
func (q *Queue) News(ctx context.Context, member audit.Actor) ([]Notice, []Warning, error) {
	db := sqlq.New(q.pool)
	rows, err := db.UnreadNotices(ctx, member.ID, mostNotices)
	if err != nil {
		return nil, nil, fmt.Errorf("notices of member %d: %w", member.ID, err)
	}
	notices := make([]Notice, len(rows))
	for i, r := range rows {
		notices[i] = Notice{ID: r.ID, Kind: NoticeKind(r.Kind), Code: r.Code, By: r.ByName, Reason: r.Reason, At: r.At}
	}
	claims, err := db.WarnedClaims(ctx, member.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("warnings of member %d: %w", member.ID, err)
	}
	warnings := make([]Warning, len(claims))
	for i, c := range claims {
		warnings[i] = Warning{Code: c.Code, ReturnsAt: c.ReturnsAt}
	}
	return notices, warnings, nil
}

// Acknowledge notes that somebody has read a notice of theirs; any other is
// NotFound.
func (q *Queue) Acknowledge(ctx context.Context, member audit.Actor, id int64) error {
	now := q.clock.Now()
	n, err := sqlq.New(q.pool).ReadNotice(ctx, &now, id, member.ID)
	if err != nil {
		return fmt.Errorf("read notice %d: %w", id, err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return nil
}
