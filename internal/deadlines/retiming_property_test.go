package deadlines_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// Whatever calendars come one after the other, and however orders are held,
// answered and extended in between: after a retiming each clock is what a
// fresh replay of its life by the newest calendar says, and the dry run had
// told so.
func TestRetimingIsAFreshReplay(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	w.Many(t, testworld.Crowd{Paid: 20, InProgress: 60, Waiting: 20})
	var moved, stuck int
	for range 8 {
		live(t, w, random)
		w.Clock.Advance(time.Duration(random.IntN(600)) * time.Minute)
		live(t, w, random)
		version := publish(t, w, anyCalendar(t, random))
		forecast, err := w.House.Deadlines.DryRun(t.Context(), version.Calendar)
		testworld.Must(t, err)
		r, err := w.House.Deadlines.Approve(t.Context(), w.Admin, version.ID)
		testworld.Must(t, err)
		if r = inPieces(t, w, r.ID, int32(1+random.IntN(60))); r.Done != 100 || r.Tally != forecast.Tally {
			t.Errorf("%+v, forecast %+v", r, forecast)
		}
		asPlayedAnew(t, w)
		if n := w.Count(t, "SELECT count(*) FROM order_events WHERE (detail->>'retiming')::bigint = $1", r.ID); n != r.Moved {
			t.Errorf("%d lines in histories, %d moved", n, r.Moved)
		}
		moved, stuck = moved+r.Moved, stuck+r.Stuck
		if t.Failed() {
			return
		}
	}
	if moved < 100 || stuck != 0 {
		t.Errorf("%d moved, %d stuck in 8 calendars", moved, stuck)
	}
	if n := w.Count(t, "SELECT count(*) FROM order_clocks WHERE extra_micros > 0"); n == 0 {
		t.Error("none was extended")
	}
}

// live lets some of the orders be held, answered and extended.
func live(t *testing.T, w *testworld.World, random *rand.Rand) {
	t.Helper()
	now := w.Clock.Now()
	for range 12 {
		id := int64(random.IntN(100) + w.Count(t, "SELECT min(order_id) FROM order_clocks"))
		err := db.InTx(t.Context(), w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
			o, err := w.House.Orders.LockByID(ctx, tx, orders.ID(id))
			if err != nil {
				return err
			}
			step := orders.Step{Order: o, Verb: orders.Hold, Actor: audit.Machine}
			switch {
			case o.State == orders.WaitingCustomer:
				step.Verb = orders.Answer
			case o.State == orders.Paid:
				step.Verb = orders.Claim
			case random.IntN(2) == 0:
				c, err := w.House.Orders.Clock(ctx, tx, o.ID)
				if err != nil {
					return err
				}
				from := c.DueAt
				if from.Before(now) {
					from = now
				}
				until, _ := c.Calendar.Due(from, time.Duration(1+random.IntN(300))*time.Minute)
				step.Verb = orders.Extend
				_, err = w.House.Orders.Extend(ctx, tx, now, step, until)
				return err
			}
			return w.House.Orders.Move(ctx, tx, now, step)
		})
		if err != nil && !fault.Is(err, fault.Invalid) { // an extension of nothing
			t.Fatal(err)
		}
	}
}

// anyCalendar has some hours on most days of the week, and a few dates of
// its own around the world's time.
func anyCalendar(t *testing.T, random *rand.Rand) sla.Calendar {
	t.Helper()
	window := func(from, to int) string {
		a := from + random.IntN(to-from-60)
		b := a + 15 + random.IntN(to-a-15)
		return fmt.Sprintf("%02d:%02d-%02d:%02d", a/60, a%60, b/60, b%60)
	}
	hours := func() string {
		switch random.IntN(4) {
		case 0:
			return "[]"
		case 1:
			return fmt.Sprintf(`[%q, %q]`, window(0, 12*60), window(13*60, 24*60))
		}
		return fmt.Sprintf(`[%q]`, window(6*60, 20*60))
	}
	text := fmt.Sprintf(`{"time_zone": "Asia/Tehran", "week": {"saturday": [%q]`, window(8*60, 17*60))
	for _, day := range []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday"} {
		text += fmt.Sprintf(`, %q: %s`, day, hours())
	}
	text += `}, "dates": [`
	for i := range 4 {
		if i > 0 {
			text += ", "
		}
		rule := `"windows": ` + hours()
		if random.IntN(2) == 0 || rule == `"windows": []` {
			rule = `"closed": true`
		}
		text += fmt.Sprintf(`{"date": "2026-10-%02d", "name": "day", %s}`, 3+3*i+random.IntN(3), rule)
	}
	c, err := sla.Parse([]byte(text + "]}"))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return c
}
