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
	"pishkhan/internal/db"
	"pishkhan/internal/fault"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// same compares quotes as they are written and read.
var same = cmp.Options{
	cmp.Comparer(func(a, b money.Foreign) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
}

func inTx(t testing.TB, pool *pgxpool.Pool, fn func(ctx context.Context, tx pgx.Tx) error) {
	t.Helper()
	if err := db.InTx(t.Context(), pool, fn); err != nil {
		t.Fatal(err)
	}
}

func (b bench) adjust(t testing.TB, quote pricing.Quote, c pricing.Circumstances) (adjusted pricing.Quote) {
	t.Helper()
	inTx(t, b.pool, func(ctx context.Context, tx pgx.Tx) (err error) {
		adjusted, err = b.pricing.Adjust(ctx, tx, b.clock.Now(), quote, b.steam, c)
		return err
	})
	return adjusted
}

func TestManyAreFrozenAsOneIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var amounts []money.Foreign
	for i := range 1000 {
		currency := money.USD
		if i%3 == 0 {
			currency = money.EUR
		}
		amounts = append(amounts, money.Foreign{Amount: decimal.New(int64(500+i), -2), Currency: currency})
	}
	c := pricing.Circumstances{Orders: len(amounts), Tier: "gold", Code: &pricing.CodeTerms{CampaignID: 7, Code: "نوروز", Percent: decimal.New(5, 0)}}
	var quotes []pricing.Quote
	inTx(t, b.pool, func(ctx context.Context, tx pgx.Tx) (err error) {
		quotes, err = b.pricing.FreezeAll(ctx, tx, b.clock.Now(), b.steam, amounts, c)
		return err
	})
	ids := make([]pricing.QuoteID, len(quotes))
	for i, quote := range quotes {
		ids[i] = quote.ID
	}
	read, err := b.pricing.Quotes(t.Context(), b.pool, ids)
	if err != nil || len(read) != len(amounts) {
		t.Fatalf("%d of %d, %v", len(read), len(amounts), err)
	}
	for i, quote := range quotes {
		if !quote.Amount.Equal(amounts[i]) {
			t.Fatalf("the quote %d is for %s, not %s", i, quote.Amount, amounts[i])
		}
		if diff := cmp.Diff(quote, read[quote.ID], same); diff != "" {
			t.Fatal(diff)
		}
		again, err := pricing.Compute(read[quote.ID].Inputs, quote.Amount, quote.RateRials)
		if diff := cmp.Diff(quote.Lines, again); err != nil || diff != "" {
			t.Fatalf("what is kept makes other lines: %v %s", err, diff)
		}
	}
	inTx(t, b.pool, func(ctx context.Context, tx pgx.Tx) error {
		none, err := b.pricing.FreezeAll(ctx, tx, b.clock.Now(), b.steam, nil, pricing.Alone)
		if len(none) != 0 {
			t.Errorf("%d quotes for nothing", len(none))
		}
		return err
	})
	if _, err := b.pricing.Quotes(t.Context(), b.pool, append(ids, 1<<40)); !fault.Is(err, fault.NotFound) {
		t.Errorf("one does not exist: %v", err)
	}
	if none, err := b.pricing.Quotes(t.Context(), b.pool, nil); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
}

func TestAdjustingKeepsRateTariffAndTimes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	quote := b.freeze(t, usd("50"))

	// Whatever changes meanwhile is for new quotes.
	b.clock.Advance(10 * time.Minute)
	if _, err := b.pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, 1_700_000); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pricing.PublishTariff(t.Context(), finance, b.draft(t, "4000010").Revision, ""); err != nil {
		t.Fatal(err)
	}

	if pair := b.adjust(t, quote, pricing.Circumstances{Orders: 2}); pair.ID != quote.ID {
		t.Error("two orders made another quote, with the same lines")
	}
	group := b.adjust(t, quote, pricing.Circumstances{Orders: 3, Tier: "gold"})
	want := quote
	want.ID, want.Inputs, want.Lines, want.TotalRials = group.ID, group.Inputs, group.Lines, group.TotalRials
	if diff := cmp.Diff(want, group, same); diff != "" || group.ID == quote.ID {
		t.Errorf("%d: %s", group.ID, diff)
	}
	// A fee of 5,050,000: 5 % and 10 % off.
	if group.TotalRials != 85_300_000 || group.Fees() != 5_050_000-252_500-505_000 || quote.Fees() != 5_050_000 {
		t.Errorf("%+v", group.Lines)
	}
	read, err := b.pricing.Quote(t.Context(), b.pool, group.ID)
	if diff := cmp.Diff(group, read, same); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	back := b.adjust(t, group, pricing.Alone)
	if diff := cmp.Diff(quote.Lines, back.Lines); diff != "" {
		t.Error(diff)
	}

	b.clock.Advance(20 * time.Minute)
	if late := b.adjust(t, quote, pricing.Circumstances{Orders: 50}); late.ID != quote.ID {
		t.Error("a price that has run out was adjusted")
	}
}

// A quote of before the tariff was kept with lines alone.
func TestOldQuotesAreStillRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var id int64
	err := b.pool.QueryRow(t.Context(), `INSERT INTO quotes
		(service_version_id, amount, currency, rate_id, rate_rials, lines, total_rials, quoted_at, expires_at)
		SELECT $1, 50, 'USD', id, 1620000,
			'[{"kind": "currency", "rials": 81000000}, {"kind": "fee", "rials": 5050000},
			  {"kind": "cost", "name": {"fa": "بانک", "en": "Bank"}, "rials": 1500000}]',
			87550000, $2, $3
		FROM exchange_rates WHERE currency = 'USD' RETURNING id`, b.steam.VersionID, noon, noon.Add(time.Hour)).Scan(&id)
	if err != nil {
		t.Fatal(err)
	}
	old, err := b.pricing.Quote(t.Context(), b.pool, pricing.QuoteID(id))
	if err != nil || old.TariffID != 0 || old.TotalRials != old.Lines.Total() || old.Fees() != 5_050_000 || old.Lines[2].Name.EN != "Bank" {
		t.Fatalf("%+v, %v", old, err)
	}
	if diff := cmp.Diff(pricing.Inputs{}, old.Inputs); diff != "" {
		t.Error(diff)
	}
	if adjusted := b.adjust(t, old, pricing.Circumstances{Orders: 50, Tier: "gold"}); adjusted.ID != old.ID {
		t.Error("its terms are not known, and it was adjusted")
	}
}
