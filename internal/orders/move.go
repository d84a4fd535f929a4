package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders/internal/sqlq"
)

// Step is one transition that somebody asks for.
type Step struct {
	Order  Order // as read; its state may have changed since
	Verb   Verb
	Actor  audit.Actor
	Reason string
	Detail map[string]any // for the history; never a secret
}

// Move carries out a step within tx: the state, the clock and the history
// change together or not at all. It returns a Conflict when the order is no
// longer in the state that the verb starts from.
func (b *Book) Move(ctx context.Context, tx pgx.Tx, now time.Time, s Step) error {
	_, err := b.Moved(ctx, tx, now, s)
	return err
}

// Moved is Move, and returns the order as it is afterwards.
func (b *Book) Moved(ctx context.Context, tx pgx.Tx, now time.Time, s Step) (Order, error) {
	t, err := b.choose(ctx, tx, s)
	if err != nil {
		return Order{}, err
	}
	clock, err := b.turnClock(ctx, tx, now, t.clock, s.Order)
	if err != nil {
		return Order{}, err
	}
	move := sqlq.MoveOrderParams{ID: int64(s.Order.ID), FromState: string(t.from), ToState: string(t.to), At: now}
	if clock != nil {
		move.DueAt = &clock.DueAt
		s.Detail = withClock(s.Detail, *clock, now)
	}
	switch s.Verb {
	case Settle, SettleUnproven:
		move.SettledAt = &now
	case Verify:
		move.VerifiedAt = &now
	}
	row, err := sqlq.New(tx).MoveOrder(ctx, move)
	if errors.Is(err, pgx.ErrNoRows) {
		return Order{}, movedOn(s.Order)
	}
	if err != nil {
		return Order{}, fmt.Errorf("%s order %d: %w", s.Verb, s.Order.ID, err)
	}
	if err := b.note(ctx, tx, now, s, t.from, t.to); err != nil {
		return Order{}, err
	}
	if clock != nil {
		turned := Turned{OrderID: s.Order.ID, ServiceVersionID: s.Order.ServiceVersionID, Clock: *clock, Cause: causes[t.clock]}
		if err := b.tellTurned(ctx, tx, now, turned); err != nil {
			return Order{}, err
		}
	}
	if err := b.tell(ctx, tx, now, row, s); err != nil {
		return Order{}, err
	}
	return fromRow(row)
}

// choose returns the transition that the step makes. Only from the right
// state does the clock's own word make sense, and of several only one fits:
// the order is then locked first.
func (b *Book) choose(ctx context.Context, tx pgx.Tx, s Step) (transition, error) {
	ways := arrows(s.Verb)
	if len(ways) == 0 {
		return transition{}, fmt.Errorf("order %d: %q is not a transition", s.Order.ID, s.Verb)
	}
	if len(ways) == 1 && ways[0].clock == leave {
		return ways[0], nil
	}
	o, err := b.LockByID(ctx, tx, s.Order.ID)
	if err != nil {
		return transition{}, err
	}
	i := slices.IndexFunc(ways, func(t transition) bool { return t.from == o.State })
	if i < 0 {
		return transition{}, movedOn(s.Order)
	}
	return ways[i], nil
}

func movedOn(o Order) error {
	return fault.New(fault.Conflict, "orders.error.moved_on", "code", o.Code)
}

// Note leaves a line in the history of an order without changing its state.
func (b *Book) Note(ctx context.Context, tx pgx.Tx, now time.Time, s Step) error {
	return b.note(ctx, tx, now, s, "", "")
}

// MarkVerified remembers, for an order that is not paid yet, that the
// identity behind it is verified. An order in another state is left alone.
func (b *Book) MarkVerified(ctx context.Context, tx pgx.Tx, now time.Time, id ID) error {
	_, err := sqlq.New(tx).MarkVerified(ctx, &now, int64(id))
	if err != nil {
		return fmt.Errorf("mark order %d verified: %w", id, err)
	}
	return nil
}

func (b *Book) note(ctx context.Context, tx pgx.Tx, now time.Time, s Step, from, to State) error {
	detail := []byte("{}")
	if len(s.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(s.Detail); err != nil {
			return fmt.Errorf("%s order %d: %w", s.Verb, s.Order.ID, err)
		}
	}
	event := sqlq.InsertEventParams{
		OrderID: int64(s.Order.ID), At: now, ActorKind: string(s.Actor.Kind), ActorID: s.Actor.ID,
		ActorName: s.Actor.Name, Verb: string(s.Verb), Reason: s.Reason, Detail: detail,
	}
	if from != "" {
		f, t := string(from), string(to)
		event.FromState, event.ToState = &f, &t
	}
	if err := sqlq.New(db.Behind(tx)).InsertEvent(ctx, event); err != nil {
		return fmt.Errorf("%s order %d: %w", s.Verb, s.Order.ID, err)
	}
	if b.written != nil {
		db.AfterCommit(tx, b.written)
	}
	return nil
}

// ReplaceCase ties an order that still waits for its identity to a new case.
func (b *Book) ReplaceCase(ctx context.Context, tx pgx.Tx, id ID, caseID, customerID int64) error {
	q := sqlq.New(tx)
	if err := q.ReplaceCase(ctx, caseID, customerID, int64(id)); err != nil {
		return fmt.Errorf("new identity case of order %d: %w", id, err)
	}
	if err := q.IndexOrder(ctx, int64(id)); err != nil {
		return fmt.Errorf("new identity case of order %d: %w", id, err)
	}
	return nil
}
