package deadlines

import (
	"context"
	"strconv"
)

// SetAside is a retiming that could not judge some clocks anew.
type SetAside struct {
	RetimingID int64
	Clocks     int
}

// Subject is what a reader says that they have seen.
func (s SetAside) Subject() string { return "retiming:" + strconv.FormatInt(s.RetimingID, 10) }

// aside is the newest retiming, if it set clocks aside; one that sets none
// aside ends the warning.
func (d *Deadlines) aside(ctx context.Context) (*SetAside, error) {
	newest, err := d.book.Retimings(ctx, d.pool, 1)
	if err != nil || len(newest) == 0 || newest[0].Aside == 0 {
		return nil, err
	}
	return &SetAside{newest[0].ID, newest[0].Aside}, nil
}
