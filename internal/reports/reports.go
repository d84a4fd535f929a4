// Package reports keeps what a supervisor runs the day by: what became of each
// order, counted as it happens, the target of the day, and who wants the day's
// summary by e-mail. What pages show of it is read by package board.
package reports

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/audit"
	"pishkhan/internal/clock"
	"pishkhan/internal/jalali"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/queue"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
)

// Needs is what the room works with.
type Needs struct {
	Pool      *pgxpool.Pool
	Clock     clock.Clock
	Calendars *sla.Calendars
	Book      *orders.Book
	Queue     *queue.Queue
	Staff     *staff.Staff
	Notices   *notify.Notices
	// MaySee tells who may see the board, and so get its summary.
	MaySee func(audit.Actor) bool
	// Figures are those of the board at this moment.
	Figures func(ctx context.Context) (notify.DaySummary, error)
}

// Reports is the room's door.
type Reports struct {
	Needs
}

// New returns the reports of a house.
func New(n Needs) *Reports { return &Reports{Needs: n} }

// dayOf is the day in Tehran on which t falls, as the database keeps dates.
func dayOf(t time.Time) time.Time {
	year, month, day := t.In(jalali.Tehran).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
