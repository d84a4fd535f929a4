package deadlines

import (
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
)

// Deadlines is the room's door.
type Deadlines struct {
	pool      *pgxpool.Pool
	clock     clock.Clock
	book      *orders.Book
	calendars *sla.Calendars
	catalog   *catalog.Catalog
	staff     *staff.Staff
	notices   *notify.Notices
	queuer    *river.Client[pgx.Tx]
	rules     *sync.Map // id → RulesVersion: a version never changes
}

// New returns the watch over the clocks of book. Its own jobs are inserted by
// queuer.
func New(
	pool *pgxpool.Pool, c clock.Clock, book *orders.Book, calendars *sla.Calendars, services *catalog.Catalog,
	members *staff.Staff, notices *notify.Notices, queuer *river.Client[pgx.Tx],
) *Deadlines {
	return &Deadlines{
		pool: pool, clock: c, book: book, calendars: calendars, catalog: services, staff: members, notices: notices, queuer: queuer,
		rules: &sync.Map{},
	}
}
