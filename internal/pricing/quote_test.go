package pricing_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/catalog"
	"pishkhan/internal/clock"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var noon = time.Date(2026, 10, 5, 8, 30, 0, 0, time.UTC)

type bench struct {
	pool    *pgxpool.Pool
	clock   *clock.Fixed
	pricing *pricing.Pricing
	steam   catalog.Service
}

// setup returns a pricing with the program's tariff and services and the
// sample rates, and the Steam service.
func setup(t testing.TB) bench {
	t.Helper()
	b := bench{pool: dbtest.NewLike(t, furnish), clock: clock.At(noon)}
	b.pricing = pricing.New(b.pool, b.clock, pricing.Terms{})
	var err error
	if b.steam, err = catalog.New(b.pool, b.clock).Service(t.Context(), "steam-wallet"); err != nil {
		t.Fatal(err)
	}
	return b
}

func furnish(ctx context.Context, pool *pgxpool.Pool) error {
	c := clock.At(noon)
	prices := pricing.New(pool, c, pricing.Terms{})
	if err := prices.LoadTariff(ctx); err != nil {
		return err
	}
	if err := prices.LoadSampleRates(ctx); err != nil {
		return err
	}
	defs, err := catalog.Embedded()
	if err != nil {
		return err
	}
	return catalog.New(pool, c).Load(ctx, defs)
}

func usd(amount string) money.Foreign {
	return money.Foreign{Amount: decimal.RequireFromString(amount), Currency: money.USD}
}

func (b bench) freeze(t *testing.T, amount money.Foreign) pricing.Quote {
	t.Helper()
	var quote pricing.Quote
	err := db.InTx(t.Context(), b.pool, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		quote, err = b.pricing.Freeze(ctx, tx, b.clock.Now(), b.steam, amount, pricing.Alone)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return quote
}

func (b bench) count(t *testing.T, table string) (n int) {
	t.Helper()
	if err := b.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAQuoteIsAFrozenFact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	frozen := b.freeze(t, usd("50"))
	if frozen.TotalRials != 86_050_000 || frozen.RateRials != 1_620_000 || frozen.ServiceVersionID != b.steam.VersionID {
		t.Errorf("%+v", frozen)
	}

	b.clock.Advance(29 * time.Minute)
	if _, err := b.pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, 1_750_000); err != nil {
		t.Fatal(err)
	}
	read, err := b.pricing.Quote(t.Context(), b.pool, frozen.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(frozen, read, same); diff != "" {
		t.Error(diff)
	}
	if read.Lines.Total() != read.TotalRials {
		t.Errorf("the kept lines add up to %d, the total is %d", read.Lines.Total(), read.TotalRials)
	}
	if read.Expired(b.clock.Now()) {
		t.Error("expired before its time")
	}
	b.clock.Advance(time.Minute)
	if !read.Expired(b.clock.Now()) {
		t.Error("still holds after 30 minutes")
	}
	if again := b.freeze(t, frozen.Amount); again.RateRials != 1_750_000 || again.TotalRials <= frozen.TotalRials {
		t.Errorf("a new quote at the old rate: %+v", again)
	}
	if _, err := b.pricing.Quote(t.Context(), b.pool, 999); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such quote: %v", err)
	}
}

func TestPreviewSaysTheSameAndKeepsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	preview, err := b.pricing.Preview(t.Context(), b.steam, usd("50"), pricing.Alone)
	if err != nil {
		t.Fatal(err)
	}
	if preview.ID != 0 || b.count(t, "quotes") != 0 {
		t.Errorf("a preview was kept: %d", preview.ID)
	}
	frozen := b.freeze(t, usd("50"))
	preview.ID = frozen.ID
	if diff := cmp.Diff(frozen, preview); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBePriced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	yen := b.steam
	yen.Definition.Limits = []catalog.Limit{{Currency: "KRW", Min: decimal.New(1, 0), Max: decimal.New(1, 6)}}
	for name, c := range map[string]struct {
		service catalog.Service
		amount  money.Foreign
		kind    fault.Kind
		key     string
	}{
		"no rate":       {yen, money.Foreign{Amount: decimal.New(1000, 0), Currency: "KRW"}, fault.Unavailable, "pricing.error.no_rate"},
		"not taken":     {b.steam, money.Foreign{Amount: decimal.New(10, 0), Currency: "CHF"}, fault.Invalid, "money.error.currency"},
		"too much":      {b.steam, usd("500.01"), fault.Invalid, "catalog.error.amount_max"},
		"too little":    {b.steam, usd("4.99"), fault.Invalid, "catalog.error.amount_min"},
		"less than nil": {b.steam, usd("-50"), fault.Invalid, "catalog.error.amount_min"},
	} {
		_, err := b.pricing.Preview(t.Context(), c.service, c.amount, pricing.Alone)
		f := fault.Of(err)
		if f == nil || f.Kind != c.kind {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if key := append(f.Fields, fault.Field{Key: f.Key})[0].Key; key != c.key {
			t.Errorf("%s: %s", name, key)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	samples := b.count(t, "exchange_rates")
	set, err := b.pricing.SetRate(t.Context(), finance, money.EUR, 0, 1_900_000)
	if err != nil || set.Rate.SetBy != 1 {
		t.Fatalf("%+v, %v", set, err)
	}
	if err := b.pricing.LoadSampleRates(t.Context()); err != nil { // leaves it alone
		t.Fatal(err)
	}
	rates, err := b.pricing.Rates(t.Context())
	if err != nil || len(rates) != samples {
		t.Fatalf("%d rates of %d currencies, %v", len(rates), samples, err)
	}
	for _, rate := range rates {
		if rate.Currency == money.EUR && rate.SellRials != 1_900_000 {
			t.Errorf("the euro at %d", rate.SellRials)
		}
		if !rate.Currency.Known() {
			t.Errorf("a sample rate of %s", rate.Currency)
		}
	}
	if n := b.count(t, "audit_entries WHERE verb = 'rate.set' AND actor_id = 1"); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	for currency, sell := range map[money.Currency]money.Rials{"XXX": 10, "USD": 0, "EUR": -10, "GBP": 15, "AED": money.Max + 10} {
		if _, err := b.pricing.SetRate(t.Context(), finance, currency, 0, sell); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s at %d: %v", currency, sell, err)
		}
	}
	if n := b.count(t, "exchange_rates"); n != samples+1 {
		t.Errorf("%d rates are kept", n)
	}
}

// Each service that comes with the product can be priced in each currency
// that it takes, at both of its limits, with the demo's rates.
func TestEmbeddedServicesCanBePriced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	services, err := catalog.New(b.pool, b.clock).Showcase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, service := range services {
		for _, limit := range service.Definition.Limits {
			for _, amount := range []decimal.Decimal{limit.Min, limit.Max} {
				_, err := b.pricing.Preview(t.Context(), service, money.Foreign{Amount: amount, Currency: limit.Currency}, pricing.Alone)
				if err != nil {
					t.Errorf("%s, %s %s: %v", service.Definition.Slug, amount, limit.Currency, err)
				}
			}
		}
	}
}
