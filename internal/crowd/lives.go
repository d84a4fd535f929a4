package crowd

import (
	"context"
	"math/rand/v2"
	"time"

	"pishkhan/internal/house"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// livesOfAState is how many different lives the orders of a state lead.
const livesOfAState = 600

// lives returns the lives that a crowd shares, told by the clock's own verbs.
func lives(ctx context.Context, h *house.House, p Plan) ([]life, error) {
	calendar, err := h.Calendars.Newest(ctx, h.Pool)
	if err != nil {
		return nil, err
	}
	budgets := map[orders.ID]time.Duration{}
	for _, id := range p.Like {
		o, err := h.Orders.ByID(ctx, h.Pool, id)
		if err != nil {
			return nil, err
		}
		budgets[id] = o.Budget
	}
	random := rand.New(rand.NewPCG(1, 2))
	var all []life
	for state, n := range []int{p.Size.Paid, p.Size.InProgress, p.Size.Waiting, p.Size.Done} {
		for i := range min(n, livesOfAState) {
			like := p.Like[i%len(p.Like)]
			b := biographer{now: p.Now, calendar: calendar, random: random, life: life{
				State: state, Like: int64(like), Member: p.Members[i%len(p.Members)], Calendar: calendar.ID,
			}}
			if err := b.write(budgets[like]); err != nil {
				return nil, err
			}
			all = append(all, b.life)
		}
	}
	return all, nil
}

// biographer makes up one life.
type biographer struct {
	now      time.Time
	calendar sla.Version
	random   *rand.Rand
	end      time.Time // of what has happened so far
	clock    sla.Clock
	life
}

func (b *biographer) write(budget time.Duration) error {
	b.Started, b.end = b.now.Add(-min(time.Duration(b.random.ExpFloat64()*float64(time.Hour)), 30*time.Hour)).Truncate(time.Second), b.now
	if b.State == 3 {
		b.Started = b.now.Add(-150*time.Minute - b.upTo(300*24*time.Hour))
		b.end = b.Started.Add(10*time.Minute + b.upTo(140*time.Minute))
	}
	b.Placed = b.Started.Add(-time.Minute - b.upTo(time.Hour))
	whole := b.end.Sub(b.Started)
	var at [5]time.Time // claimed, held, answered, bought, done: in order
	for i := range at {
		at[i] = b.Started.Add(whole*time.Duration(i+1)/6 + b.upTo(whole/8)).Truncate(time.Second)
	}
	clock, err := sla.Start(b.calendar.Engine, b.Started, budget)
	if err != nil {
		return err
	}
	b.clock, b.Since = clock, b.Started
	b.note(b.Placed, "customer", orders.Place, "", "", nil)
	b.note(b.Placed.Add(30*time.Second), "system", orders.SettleUnproven, orders.AwaitingPayment, orders.AwaitingKYC, nil)
	b.note(b.Started, "reviewer", orders.Verify, orders.AwaitingKYC, orders.Paid, b.detail(b.Started))
	if b.State > 0 {
		b.Claimed, b.Since = &at[0], at[0]
		b.note(at[0], "staff", orders.Claim, orders.Paid, orders.InProgress, nil)
	}
	if b.State == 2 || b.State > 0 && b.random.IntN(5) == 0 {
		if err := b.hold(at[1], at[2]); err != nil {
			return err
		}
	}
	if b.State == 3 {
		if err := b.finish(at[3], at[4]); err != nil {
			return err
		}
	}
	b.keep()
	return nil
}

// hold asks the customer, who answers unless the order still waits.
func (b *biographer) hold(from, to time.Time) (err error) {
	if b.clock, err = b.clock.Hold(b.calendar.Engine, from); err != nil {
		return err
	}
	b.HeldFrom, b.Since = &from, from
	b.note(from, "staff", orders.Hold, orders.InProgress, orders.WaitingCustomer, b.detail(from))
	if b.State == 2 {
		return nil
	}
	if b.clock, err = b.clock.Resume(b.calendar.Engine, to); err != nil {
		return err
	}
	b.HeldTo, b.Since = &to, to
	b.note(to, "customer", orders.Answer, orders.WaitingCustomer, orders.InProgress, b.detail(to))
	return nil
}

func (b *biographer) finish(bought, done time.Time) (err error) {
	if b.clock, err = b.clock.Stop(b.calendar.Engine, done); err != nil {
		return err
	}
	b.Purchased, b.Since = &bought, done
	b.note(bought, "staff", orders.PurchaseStarted, "", "", nil)
	b.note(done, "staff", orders.ReceiptAdded, "", "", map[string]any{"name": "receipt.pdf"})
	b.note(done, "staff", orders.PurchaseEnded, "", "", map[string]any{"outcome": "paid", "amount": "50", "currency": "USD"})
	b.note(done, "staff", orders.Complete, orders.InProgress, orders.Done, b.detail(done))
	return nil
}

// keep puts the clock into the life.
func (b *biographer) keep() {
	given := func(at time.Time) *time.Time {
		if at.IsZero() {
			return nil
		}
		return &at
	}
	c := b.clock
	b.Running, b.Paused, b.Stopped = given(c.RunningSince), given(c.PausedAt), given(c.StoppedAt)
	b.Used, b.Due, b.FirstDue = int64(c.Used/time.Second), c.DueAt, c.FirstDueAt
}

func (b *biographer) note(at time.Time, by string, verb orders.Verb, from, to orders.State, detail map[string]any) {
	b.Events = append(b.Events, event{At: at, By: by, Verb: string(verb), From: string(from), To: string(to), Detail: detail})
}

// detail tells how the clock stood, as the order book does.
func (b *biographer) detail(at time.Time) map[string]any {
	c, state := b.clock, orders.ClockRuns
	switch {
	case c.Stopped():
		state = orders.ClockStopped
	case c.OnHold():
		state = orders.ClockHeld
	}
	return map[string]any{"clock": map[string]any{
		"calendar": b.calendar.ID, "state": state, "due": c.DueAt, "first_due": c.FirstDueAt,
		"used_seconds": int64(c.UsedAt(b.calendar.Engine, at) / time.Second), "left_seconds": int64(c.Remaining(b.calendar.Engine, at) / time.Second),
	}}
}

func (b *biographer) upTo(d time.Duration) time.Duration {
	return time.Duration(b.random.Int64N(int64(d/time.Second)+1)) * time.Second
}
