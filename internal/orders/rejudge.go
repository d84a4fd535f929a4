package orders

import (
	"time"

	"pishkhan/internal/fault"
	"pishkhan/internal/orders/internal/sqlq"
	"pishkhan/internal/sla"
)

// rejudged is an open clock with what a calendar makes of it.
type rejudged struct {
	row   sqlq.ClocksBehindRow
	clock Clock
	stuck bool
	aside string // why nothing can be made of it; "": it can
	Shift        // From and To are equal when the deadline stays
}

func (r rejudged) stays() bool { return r.stuck || r.aside != "" }

func (r rejudged) moved() bool { return !r.stays() && !r.From.Equal(r.To) }

// rejudge plays what happened to an open clock again, by another calendar. A
// clock that cannot be played, or whose holds end in another state than its
// own, keeps nobody else from moving: it says why.
func rejudge(row sqlq.ClocksBehindRow, version sla.Version, now time.Time) rejudged {
	r := rejudged{row: row, clock: Clock{ID: row.ID, VersionID: version.ID, Calendar: version.Engine}}
	r.OrderID, r.Code = ID(row.OrderID), row.Code
	for i, from := range row.HoldFroms {
		r.clock.Holds = append(r.clock.Holds, sla.Hold{From: from, To: row.HoldTos[i]})
	}
	budget, extra := time.Duration(row.BudgetSeconds)*time.Second, time.Duration(row.ExtraMicros)*time.Microsecond
	before := sla.Clock{
		Budget: budget, Extra: extra, StartedAt: row.StartedAt, RunningSince: zeroable(row.RunningSince),
		PausedAt: zeroable(row.PausedAt), DueAt: row.DueAt,
	}
	after, err := sla.Replay(version.Engine, row.StartedAt, budget, extra, r.clock.Holds)
	switch {
	case fault.Is(err, fault.Invalid):
		r.stuck = true // not enough open time
	case err != nil:
		r.aside = "its holds cannot be played: " + err.Error()
	case after.OnHold() != before.OnHold():
		r.aside = "its holds do not say whether it is on hold"
	default:
		r.clock.Clock = after
		r.From, r.To, r.WasLate, r.IsLate = row.DueAt, after.DueAt, before.Breached(now), after.Breached(now)
	}
	return r
}

func (t *Tally) add(r rejudged) {
	switch {
	case r.aside != "":
		t.Aside++
	case r.stuck:
		t.Stuck++
	case r.moved():
		t.Moved++
		if r.WasLate && !r.IsLate {
			t.Cured++
		}
		if !r.WasLate && r.IsLate {
			t.Broken++
		}
	}
}
