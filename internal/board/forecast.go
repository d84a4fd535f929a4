package board

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/board/internal/sqlq"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
)

// What is expected of an order is learnt from the newest that were done.
const (
	LearnFrom   = 50               // of a service: the median of so many
	LearnLeast  = 5                // fewer than so many teach nothing
	LearnAll    = 200              // of all services together, for one that has not enough
	UsualEffort = 15 * time.Minute // while there are not enough of these either
)

// Forecast is how the day goes on at today's pace: the people who are there
// work off what is in hand, then the queue by due time, each order taking what
// its service usually takes.
type Forecast struct {
	Staff int           // by how many the work is shared
	Work  time.Duration // working time that all running orders still take together
	Clear time.Time     // when all is done; zero: nobody is there, or the calendar has no such time
	Late  []Doomed      // orders in time still that will be late, in the order of the work
}

// Doomed is an order that will be late at today's pace.
type Doomed struct {
	ID     orders.ID
	Due    time.Time
	Finish time.Time
}

// foresee shares the work out: claimed says since when a held order is held.
func foresee(e *sla.Engine, now time.Time, list []running, claimed map[orders.ID]time.Time, expected func(service int64) time.Duration, staff int) Forecast {
	f := Forecast{Staff: staff}
	finish := func() (time.Time, bool) {
		if staff == 0 {
			return time.Time{}, false
		}
		return e.Due(now, f.Work/time.Duration(staff))
	}
	for _, inHand := range []bool{true, false} {
		for _, r := range list {
			if r.free == inHand {
				continue
			}
			effort := expected(r.service)
			if since, held := claimed[r.id]; held && inHand {
				effort = max(effort-e.Elapsed(since, now), time.Minute)
			}
			f.Work += effort
			if at, ok := finish(); ok && r.due.After(now) && at.After(r.due) {
				f.Late = append(f.Late, Doomed{ID: r.id, Due: r.due, Finish: at})
			}
		}
	}
	if at, ok := finish(); ok && len(list) > 0 {
		f.Clear = at
	} else if ok {
		f.Clear = now
	}
	return f
}

// expected returns what an order of a service usually takes.
func (b *Board) expected(ctx context.Context, tx pgx.Tx) (func(service int64) time.Duration, error) {
	q := sqlq.New(tx)
	rows, err := q.HandlingTimes(ctx, LearnFrom)
	if err != nil {
		return nil, fmt.Errorf("handling times: %w", err)
	}
	all, err := q.HandlingTime(ctx, LearnAll)
	if err != nil {
		return nil, fmt.Errorf("handling times: %w", err)
	}
	otherwise := UsualEffort
	if all.N >= LearnLeast {
		otherwise = seconds(all.MedianSeconds)
	}
	learnt := map[int64]time.Duration{}
	for _, r := range rows {
		if r.N >= LearnLeast {
			learnt[r.ServiceID] = seconds(r.MedianSeconds)
		}
	}
	return func(service int64) time.Duration {
		if d, ok := learnt[service]; ok {
			return d
		}
		return otherwise
	}, nil
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
