package contacts

import (
	"context"
	"time"

	"pishkhan/internal/contacts/internal/sqlq"
	"pishkhan/internal/fault"
)

// Next is when to call again. Its zero value is never.
type Next struct {
	When When
	At   time.Time // for AtTime
}

// When is how the time of the next call is said.
type When string

// The ways to say it.
const (
	Never   When = "none"
	Soon    When = "soon"    // in half an hour of working time
	Morning When = "morning" // as work begins on the next working day
	AtTime  When = "at"
)

// Whens lists them in the order to offer them in.
var Whens = []When{Never, Soon, Morning, AtTime}

const (
	soon     = 30 * time.Minute
	farthest = 366 * 24 * time.Hour // further away a time is a slip of the pen
)

// when is the instant of the next call, or nil for none.
func (c *Contacts) when(ctx context.Context, db sqlq.DBTX, now time.Time, n Next) (*time.Time, error) {
	var wrong fault.Fields
	switch n.When {
	case "", Never:
		return nil, nil
	case Soon, Morning:
		return c.working(ctx, db, now, n.When)
	case AtTime:
		switch {
		case !n.At.After(now):
			wrong.Add("next_at", "contacts.error.passed")
		case n.At.Sub(now) > farthest:
			wrong.Add("next_at", "contacts.error.far")
		}
		at := n.At.Truncate(time.Second)
		return &at, wrong.Err()
	}
	wrong.Add("next", "contacts.error.next")
	return nil, wrong.Err()
}

// working is an instant by the calendar: half an hour of work from now, or
// the opening of the next working day.
func (c *Contacts) working(ctx context.Context, db sqlq.DBTX, now time.Time, w When) (*time.Time, error) {
	calendar, err := c.calendars.Newest(ctx, db)
	if err != nil {
		return nil, err
	}
	engine := calendar.Engine
	at, ok := engine.Due(now, soon)
	if w == Morning {
		local := now.In(engine.Location())
		at, ok = engine.NextOpening(time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, engine.Location()))
	}
	if !ok { // the calendar knows no more working hours
		var wrong fault.Fields
		wrong.Add("next", "contacts.error.no_hours")
		return nil, wrong.Err()
	}
	return &at, nil
}
