package pricing_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"pishkhan/internal/db"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

const (
	fiveYears  = 5 * 365 * 24 // rates of one currency, one an hour
	manyRules  = 1000
	manyOrders = 1000
)

// BenchmarkQuote prices an order with 1,000 fee rules and five years of rates
// of ten currencies, one an hour, beside the shortest query that there is.
func BenchmarkQuote(b *testing.B) {
	w := setup(b)
	w.hire(b)
	w.manyRates(b, fiveYears)
	w.manyRules(b)
	c := pricing.Circumstances{Orders: 10, Tier: "gold", Code: &pricing.CodeTerms{CampaignID: 1, Code: "NOWRUZ", Percent: decimal.New(10, 0)}}
	measure := func(name string, each int, do func(ctx context.Context) error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := do(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N*each), "ms/quote")
		})
	}
	measure("select 1", 1, func(ctx context.Context) error {
		var one int
		return w.pool.QueryRow(ctx, "SELECT 1").Scan(&one)
	})
	measure("preview", 1, func(ctx context.Context) error {
		_, err := w.pricing.Preview(ctx, w.steam, usd("50"), c)
		return err
	})
	measure("freeze", 1, func(ctx context.Context) error {
		return db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
			_, err := w.pricing.Freeze(ctx, tx, w.clock.Now(), w.steam, usd("50"), c)
			return err
		})
	})
	amounts := make([]money.Foreign, manyOrders)
	for i := range amounts {
		amounts[i] = usd("50")
	}
	measure("freeze 1000", manyOrders, func(ctx context.Context) error {
		return db.InTx(ctx, w.pool, func(ctx context.Context, tx pgx.Tx) error {
			_, err := w.pricing.FreezeAll(ctx, tx, w.clock.Now(), w.steam, amounts, c)
			return err
		})
	})
}

// manyRates gives each of ten currencies so many rates, one an hour until now.
func (b bench) manyRates(t testing.TB, hours int) {
	t.Helper()
	if _, err := b.pool.Exec(t.Context(), `INSERT INTO exchange_rates (currency, sell_rials, source, set_at)
		SELECT currency, 1000000 + 10 * hour, 'feed', $1::timestamptz - ($2 - hour) * interval '1 hour'
		FROM generate_series(1, $2) AS hour,
			unnest('{USD,EUR,GBP,CAD,AUD,AED,TRY,CNY,CHF,JPY}'::text[]) AS currency
		ORDER BY hour`, noon, hours); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pool.Exec(t.Context(), "VACUUM ANALYZE exchange_rates"); err != nil {
		t.Fatal(err)
	}
}

// manyRules publishes a tariff of so many rules, the one that counts for
// Steam after nearly all of them.
func (b bench) manyRules(t testing.TB) {
	t.Helper()
	draft, err := b.pricing.TariffDraft(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tariff := draft.Tariff
	rest := tariff.Fees
	tariff.Fees = nil
	for i := range manyRules - len(rest) {
		rule := rest[0]
		rule.Services = []string{fmt.Sprintf("service-%d", i)}
		tariff.Fees = append(tariff.Fees, rule)
	}
	tariff.Fees = append(tariff.Fees, rest...)
	text, err := tariff.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if draft, err = b.pricing.SaveTariffDraft(t.Context(), finance, draft.Revision, text); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pricing.PublishTariff(t.Context(), finance, draft.Revision, ""); err != nil {
		t.Fatal(err)
	}
}

// asked remembers the queries that go to the database.
type asked struct {
	mu      sync.Mutex
	queries []pgx.TraceQueryStartData
}

func (a *asked) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.queries = append(a.queries, q)
	return ctx
}

func (a *asked) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// However many rates and rules there are, a quote asks twice, and finds the
// rate by its index.
func TestAQuoteCostsTwoShortQueries(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.manyRates(t, 1000)
	config, heard := b.pool.Config(), &asked{}
	config.ConnConfig.Tracer = heard
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	prices := pricing.New(pool, b.clock, pricing.Terms{})
	for range 2 { // the tariff itself is read once
		heard.queries = nil
		if _, err := prices.Preview(t.Context(), b.steam, usd("50"), pricing.Alone); err != nil {
			t.Fatal(err)
		}
	}
	if len(heard.queries) > 2 {
		t.Errorf("%d queries", len(heard.queries))
	}
	seen := false
	for _, q := range heard.queries {
		rows, err := b.pool.Query(t.Context(), "EXPLAIN "+q.SQL, q.Args...)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "\n")
		if !strings.Contains(plan, "exchange_rates") {
			continue
		}
		seen = true
		if strings.Contains(plan, "Seq Scan on exchange_rates") || strings.Contains(plan, "Sort") {
			t.Error(plan)
		}
	}
	if !seen {
		t.Error("no rate was read")
	}
}
