package queue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue/internal/sqlq"
)

// Presence is whether somebody takes orders at this moment.
type Presence string

// The presences. Who is not here is given no order, and keeps those they hold.
const (
	Here  Presence = "here"
	Break Presence = "break" // back soon
	Away  Presence = "away"  // gone for the day
)

// Presences lists them in the order to offer them in.
var Presences = []Presence{Here, Break, Away}

// ClaimsGo is what becomes of somebody's claims while they are away. Its zero
// value is no answer.
type ClaimsGo struct {
	Do     ClaimsDo
	To     int64  // the colleague to hand over to
	Reason string // for the record; needed unless they are kept
}

// ClaimsDo is one answer to what becomes of claims.
type ClaimsDo string

// The answers.
const (
	Keep       ClaimsDo = "keep"
	ReleaseAll ClaimsDo = "release"   // what waits for a customer stays
	HandAll    ClaimsDo = "hand_over" // all to one colleague
)

// SetPresence says whether the member takes orders from now on. Who goes away
// with orders in hand says what becomes of them: without an answer it is a
// Conflict that names them (queue.error.claims_open). It returns Invalid
// (fields presence, claims, to, reason), and the refusals of Release and
// HandOver: then nothing has changed.
func (q *Queue) SetPresence(ctx context.Context, member audit.Actor, p Presence, claims ClaimsGo) error {
	if !slices.Contains(Presences, p) {
		var wrong fault.Fields
		wrong.Add("presence", "queue.error.presence")
		return wrong.Err()
	}
	return db.InTx(ctx, q.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := q.clock.Now()
		to, err := q.lockToLeave(ctx, tx, member, claims)
		if err != nil {
			return err
		}
		err = sqlq.New(tx).SetPresence(ctx, member.ID, string(p), &now)
		if err != nil {
			return fmt.Errorf("presence of member %d: %w", member.ID, err)
		}
		if p == Away {
			if err := q.settleClaims(ctx, tx, now, member, claims, to); err != nil {
				return err
			}
		}
		detail := map[string]any{"presence": p}
		if p == Away && claims.Do != "" {
			detail["claims"] = claims.Do
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: member, Verb: "staff.presence", Subject: fmt.Sprintf("member:%d", member.ID), Detail: detail,
		})
	})
}

// lockToLeave locks the member, and who they hand over to, by their ids.
func (q *Queue) lockToLeave(ctx context.Context, tx pgx.Tx, member audit.Actor, claims ClaimsGo) (*colleague, error) {
	var to *colleague
	lockTo := func() (err error) {
		if claims.Do == HandAll && claims.To != 0 {
			to, err = q.lockColleague(ctx, tx, claims.To)
		}
		return err
	}
	lockSelf := func() error {
		_, err := q.lockMember(ctx, tx, member.ID)
		return err
	}
	steps := []func() error{lockSelf, lockTo}
	if claims.To != 0 && claims.To < member.ID {
		slices.Reverse(steps)
	}
	for _, lock := range steps {
		if err := lock(); err != nil {
			return nil, err
		}
	}
	return to, nil
}

// settleClaims does what the member said with the claims that they have.
func (q *Queue) settleClaims(ctx context.Context, tx pgx.Tx, now time.Time, member audit.Actor, claims ClaimsGo, to *colleague) error {
	open, err := sqlq.New(tx).OpenClaims(ctx, member.ID)
	if err != nil {
		return fmt.Errorf("claims of member %d: %w", member.ID, err)
	}
	if len(open) == 0 || claims.Do == Keep {
		return nil
	}
	if claims.Do == "" {
		codes := make([]string, len(open))
		for i, c := range open {
			codes[i] = c.Code
		}
		return fault.New(fault.Conflict, "queue.error.claims_open", "n", len(open), "codes", strings.Join(codes, " "))
	}
	reason, err := claims.check(to)
	if err != nil {
		return err
	}
	for _, c := range open {
		o, held, err := q.LockHeld(ctx, tx, member, c.Code)
		if fault.Is(err, fault.Conflict) {
			continue // it went meanwhile
		}
		if err != nil {
			return err
		}
		switch {
		case claims.Do == HandAll:
			err = q.handOver(ctx, tx, now, member, o, held, to, reason)
		case o.State == orders.InProgress:
			err = q.release(ctx, tx, now, member, o, held, reason)
		}
		if f := fault.Of(err); f != nil && f.Key == "queue.error.purchase_open" {
			return fault.New(fault.Conflict, "queue.error.purchase_open_of", "code", o.Code)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// check says what is missing to part from claims.
func (c ClaimsGo) check(to *colleague) (string, error) {
	var wrong fault.Fields
	switch {
	case c.Do != ReleaseAll && c.Do != HandAll:
		wrong.Add("claims", "queue.error.claims")
	case c.Do == HandAll && to == nil:
		wrong.Add("to", "queue.error.to_empty")
	}
	reason, err := checkText("reason", c.Reason)
	if f := fault.Of(err); f != nil {
		wrong = append(wrong, f.Fields...)
	}
	return reason, wrong.Err()
}

// OpenClaim is an order that somebody holds.
type OpenClaim struct {
	OrderID          orders.ID
	Code             string
	ServiceVersionID int64
	State            orders.State
	DueAt            *time.Time
	ClaimedAt        time.Time
	PurchaseOpen     bool // under way, or its outcome unknown
}

// OpenClaims returns what somebody holds, oldest order first.
func (q *Queue) OpenClaims(ctx context.Context, memberID int64) ([]OpenClaim, error) {
	rows, err := sqlq.New(q.pool).OpenClaims(ctx, memberID)
	if err != nil {
		return nil, fmt.Errorf("claims of member %d: %w", memberID, err)
	}
	list := make([]OpenClaim, len(rows))
	for i, r := range rows {
		list[i] = OpenClaim{
			OrderID: orders.ID(r.OrderID), Code: r.Code, ServiceVersionID: r.ServiceVersionID, State: orders.State(r.State),
			DueAt: r.DueAt, ClaimedAt: r.ClaimedAt, PurchaseOpen: r.PurchaseSince != nil,
		}
	}
	return list, nil
}
