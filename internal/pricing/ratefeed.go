package pricing

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"github.com/theory/jsonpath"

	"pishkhan/internal/audit"
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/inet"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing/internal/sqlq"
)

// Unit is what a feed counts money in.
type Unit string

// The units of feeds.
const (
	InRial  Unit = "rial"
	InToman Unit = "toman"
)

// Feed is an address from which the rate of a currency is read by itself.
type Feed struct {
	Currency      money.Currency
	URL           string
	SellPath      string // RFC 9535; it must lead to one number
	BuyPath       string // ""; it names no price for buying
	Unit          Unit
	MarginPercent decimal.Decimal // added to what it sells for
	EveryMinutes  int
	EnabledAt     *time.Time // nil: off
	EnabledBy     int64      // the staff member
	LastRunAt     *time.Time // nil: never, as it is set now
	LastError     string     // a message key with the argument "detail"; "": it went well
	LastDetail    string
	Failures      int // in a row
}

// The bounds of a feed.
const (
	MinEvery = 5
	MaxEvery = 24 * 60

	maxFeedText = 2000
	maxPath     = 200
)

var maxMargin = decimal.New(50, 0)

// Feeds returns all feeds by their currency.
func (w *Watch) Feeds(ctx context.Context) (map[money.Currency]Feed, error) {
	rows, err := sqlq.New(w.pricing.pool).Feeds(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the rate feeds: %w", err)
	}
	feeds := make(map[money.Currency]Feed, len(rows))
	for _, row := range rows {
		feeds[money.Currency(row.Currency)] = feedFrom(row)
	}
	return feeds, nil
}

// Feed returns the feed of a currency. Fault: NotFound.
func (w *Watch) Feed(ctx context.Context, currency money.Currency) (Feed, error) {
	row, err := sqlq.New(w.pricing.pool).ReadFeed(ctx, string(currency))
	if errors.Is(err, pgx.ErrNoRows) {
		return Feed{}, fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return Feed{}, fmt.Errorf("read the rate feed of %s: %w", currency, err)
	}
	return feedFrom(row), nil
}

// SetFeed sets where the rate of a currency is read from, and switches that
// on or off, on the record. What was known of earlier runs is forgotten. Fault:
// Invalid with the fields currency, url, sell_path, buy_path, unit,
// margin_percent and every_minutes.
func (w *Watch) SetFeed(ctx context.Context, actor audit.Actor, feed Feed, on bool) error {
	feed.URL, feed.SellPath, feed.BuyPath = strings.TrimSpace(feed.URL), strings.TrimSpace(feed.SellPath), strings.TrimSpace(feed.BuyPath)
	if err := w.checkFeed(feed); err != nil {
		return err
	}
	return db.InTx(ctx, w.pricing.pool, func(ctx context.Context, tx pgx.Tx) error {
		now := w.pricing.clock.Now()
		row := sqlq.SaveFeedParams{
			Currency: string(feed.Currency), Url: feed.URL, SellPath: feed.SellPath, BuyPath: feed.BuyPath, Unit: string(feed.Unit),
			MarginPercent: feed.MarginPercent, EveryMinutes: int32(feed.EveryMinutes),
		}
		if on {
			row.EnabledAt, row.EnabledBy = &now, &actor.ID
		}
		if err := sqlq.New(tx).SaveFeed(ctx, row); err != nil {
			return fmt.Errorf("set the rate feed of %s: %w", feed.Currency, err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			At: now, Actor: actor, Verb: "rate_feed.set", Subject: "rate_feed:" + string(feed.Currency),
			// The address itself may hold a key.
			Detail: map[string]any{"host": hostOf(feed.URL), "sell_path": feed.SellPath, "margin_percent": feed.MarginPercent, "on": on},
		})
	})
}

func (w *Watch) checkFeed(feed Feed) error {
	var wrong fault.Fields
	if !feed.Currency.Known() {
		wrong.Add("currency", "money.error.currency")
	}
	if key := w.wrongAddress(feed.URL); key != "" {
		wrong.Add("url", key)
	}
	if !isPath(feed.SellPath) {
		wrong.Add("sell_path", "rates.error.path")
	}
	if feed.BuyPath != "" && !isPath(feed.BuyPath) {
		wrong.Add("buy_path", "rates.error.path")
	}
	if feed.Unit != InRial && feed.Unit != InToman {
		wrong.Add("unit", "rates.error.unit")
	}
	if m := feed.MarginPercent; m.IsNegative() || m.GreaterThan(maxMargin) || !m.Equal(m.Round(2)) {
		wrong.Add("margin_percent", "rates.error.margin")
	}
	if feed.EveryMinutes < MinEvery || feed.EveryMinutes > MaxEvery {
		wrong.Add("every_minutes", "rates.error.every", "least", MinEvery, "most", MaxEvery)
	}
	return wrong.Err()
}

// wrongAddress says what is wrong with an address. What a name leads to is
// looked at when we ask there.
func (w *Watch) wrongAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || len(address) > maxFeedText {
		return "rates.error.url"
	}
	ip, err := netip.ParseAddr(u.Hostname())
	literal := err == nil
	switch {
	case u.Scheme == "http" && literal && ip.IsLoopback() && w.loopback:
		return ""
	case u.Scheme != "https":
		return "rates.error.https"
	case literal && !inet.MayDial(ip, w.loopback):
		return "rates.error.private"
	}
	return ""
}

// isPath reports whether a path can be read, and in bearable time: each ".."
// walks through all that the one before it has found.
func isPath(path string) bool {
	if len(path) > maxPath || strings.Count(path, "..") > 1 {
		return false
	}
	_, err := jsonpath.Parse(path)
	return err == nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func feedFrom(row sqlq.RateFeed) Feed {
	return Feed{
		Currency: money.Currency(row.Currency), URL: row.Url, SellPath: row.SellPath, BuyPath: row.BuyPath, Unit: Unit(row.Unit),
		MarginPercent: row.MarginPercent, EveryMinutes: int(row.EveryMinutes), EnabledAt: row.EnabledAt, EnabledBy: orZero(row.EnabledBy),
		LastRunAt: row.LastRunAt, LastError: row.LastError, LastDetail: row.LastDetail, Failures: int(row.Failures),
	}
}
