package house

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/deadlines"
	"pishkhan/internal/notify"
	"pishkhan/internal/orders"
	"pishkhan/internal/sla"
	"pishkhan/internal/staff"
)

// OpenDeadlines builds what moves and watches clocks, over a migrated
// database, and nothing else: for a command, which has no key and no gateway.
// Whoever watches clocks in a whole house does so here, too.
func OpenDeadlines(pool *pgxpool.Pool, c clock.Clock) (*deadlines.Deadlines, error) {
	queuer, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("open the watch over deadlines: %w", err)
	}
	calendars := &sla.Calendars{}
	book := orders.New(pool, c, calendars)
	d := deadlines.New(pool, c, book, calendars, catalog.New(pool, c), staff.New(pool, c), notify.New(pool, c, queuer), queuer)
	watchClocks(book, d)
	return d, nil
}

func watchClocks(book *orders.Book, d *deadlines.Deadlines) {
	book.WatchClocks(d.Turned)
}
