// Package board reads what desk lists show: joins over the tables of several
// rooms, by keyset, never further than one page. It writes nothing.
package board

import (
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/sla"
)

// PageSize is how many rows a page of a list holds.
const PageSize = 50

// Board is the room's door.
type Board struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	calendars *sla.Calendars
	services  sync.Map // service version → its service
}

// New returns the lists over pool, whose clocks are judged by calendars.
func New(pool *pgxpool.Pool, c clock.Clock, calendars *sla.Calendars) *Board {
	return &Board{pool: pool, clock: c, calendars: calendars}
}

// cut drops the row beyond the page, which was read to know that there is one.
func cut[T any](rows []T) (page []T, more bool) {
	if len(rows) > PageSize {
		return rows[:PageSize], true
	}
	return rows, false
}

// zeroable returns the zero time for what the database has no instant for.
func zeroable(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
