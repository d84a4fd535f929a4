package pricing

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/db"
	"pishkhan/internal/i18n"
	"pishkhan/internal/inet"
	"pishkhan/internal/money"
	"pishkhan/internal/notify"
	"pishkhan/internal/pricing/internal/sqlq"
	"pishkhan/internal/staff"
)

// Watch looks after the rates when nobody does: it reads the feeds, and tells
// finance of rates that grow old.
type Watch struct {
	pricing  *Pricing
	catalog  *catalog.Catalog
	staff    *staff.Staff
	notices  *notify.Notices
	http     *http.Client
	loopback bool
	samples  bool
}

// WatchOptions are what a demo may do, and a production may not.
type WatchOptions struct {
	Loopback    bool // feeds may be on this machine
	SampleRates bool // sample rates are kept fresh
}

// NewWatch returns the watch over the rates of p.
func NewWatch(p *Pricing, c *catalog.Catalog, s *staff.Staff, n *notify.Notices, o WatchOptions) *Watch {
	return &Watch{
		pricing: p, catalog: c, staff: s, notices: n, http: inet.NewClient(feedTimeout, o.Loopback),
		loopback: o.Loopback, samples: o.SampleRates,
	}
}

// InUse returns the currencies that the services on offer take, in the order
// in which currencies are offered.
func (w *Watch) InUse(ctx context.Context) ([]money.Currency, error) {
	services, err := w.catalog.Showcase(ctx)
	if err != nil {
		return nil, err
	}
	var inUse []money.Currency
	for _, currency := range money.Currencies() {
		if slices.ContainsFunc(services, func(s catalog.Service) bool {
			_, ok := s.Definition.Limit(currency)
			return ok
		}) {
			inUse = append(inUse, currency)
		}
	}
	return inUse, nil
}

// Check tells finance, by one e-mail each, of the rates in use that are stale
// or about to be: once of each rate, however often it is called. Under a demo
// it first sets the sample rates again that have grown old.
func (w *Watch) Check(ctx context.Context) error {
	if w.samples {
		if err := w.pricing.LoadSampleRates(ctx); err != nil {
			return err
		}
	}
	inUse, err := w.InUse(ctx)
	if err != nil {
		return err
	}
	members, err := w.finance(ctx)
	if err != nil {
		return err
	}
	return db.InTx(ctx, w.pricing.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.pricing.clock.Now()
		rates, err := newestRates(ctx, tx)
		if err != nil {
			return err
		}
		var last int64
		var told []string
		for _, rate := range rates {
			if !slices.Contains(inUse, rate.Currency) || !rate.Stale(now) && !rate.StaleSoon(now) {
				continue
			}
			id, err := sqlq.New(tx).InsertAlert(ctx, string(rate.Currency), int64(rate.ID), now)
			if errors.Is(err, pgx.ErrNoRows) {
				continue
			}
			if err != nil {
				return fmt.Errorf("note that %s grows old: %w", rate.Currency, err)
			}
			last, told = id, append(told, string(rate.Currency))
		}
		if len(told) == 0 {
			return nil
		}
		return w.tell(ctx, tx, now, members, notify.RatesStale, fmt.Sprintf("rate_alert:%d", last), told...)
	})
}

// finance are those who set rates.
func (w *Watch) finance(ctx context.Context) ([]staff.Member, error) {
	members, err := w.staff.List(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(members, func(m staff.Member) bool {
		return m.DisabledAt != nil || !slices.Contains(m.Roles, audit.Finance)
	}), nil
}

// tell queues an e-mail to each of the members. key names what is told of.
func (w *Watch) tell(ctx context.Context, tx pgx.Tx, now time.Time, members []staff.Member, kind notify.Kind, key string, currencies ...string) error {
	for _, m := range members {
		err := w.notices.Enqueue(ctx, tx, now, notify.Message{
			BusinessKey: fmt.Sprintf("%s:%d", key, m.ID), Kind: kind, Channel: notify.Email, Recipient: m.Email, Lang: i18n.FA,
			Detail: notify.Detail{Name: m.Name, Currencies: currencies},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
