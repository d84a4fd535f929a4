package club_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"pgregory.net/rapid"

	"pishkhan/internal/club"
	"pishkhan/internal/db"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
	"pishkhan/internal/testworld"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// world is a house in which orders can be completed by a stroke of the pen.
type world struct {
	*testworld.World
	rules  pricing.Club
	sample orders.Order
}

func newWorld(t *testing.T) world {
	t.Helper()
	w := testworld.New(t)
	rules, err := w.House.Pricing.Club(t.Context(), w.House.Pool)
	testworld.Must(t, err)
	if len(rules.Tiers) < 2 || rules.PeriodDays < 2 {
		t.Fatalf("a club without steps: %+v", rules)
	}
	return world{w, rules, w.Placed(t).Orders[0]}
}

func (w world) period() time.Duration { return time.Duration(w.rules.PeriodDays) * 24 * time.Hour }

// customers makes so many, who have never ordered.
func (w world) customers(t *testing.T, n int) []int64 {
	t.Helper()
	rows, err := w.House.Pool.Query(t.Context(), `INSERT INTO customers (mobile, created_at)
		SELECT '0935' || to_char((SELECT count(*) FROM customers) + g, 'FM0000000'), now() FROM generate_series(1, $1) g RETURNING id`, n)
	testworld.Must(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	testworld.Must(t, err)
	return ids
}

// orders makes so many copies of one order: the club looks at their number alone.
func (w world) orders(t *testing.T, n int) []int64 {
	t.Helper()
	rows, err := w.House.Pool.Query(t.Context(), `WITH copies AS (
			INSERT INTO quotes (service_version_id, amount, currency, rate_id, rate_rials, lines, total_rials, quoted_at, expires_at)
			SELECT service_version_id, amount, currency, rate_id, rate_rials, lines, total_rials, quoted_at, expires_at
			FROM quotes, generate_series(1, $2) WHERE id = $3 RETURNING id)
		INSERT INTO orders (code, checkout_id, customer_id, identity_case_id, service_version_id, quote_id, answers,
			total_rials, budget_seconds, lang, state, state_since, placed_at, pay_before)
		SELECT translate(to_char(copies.id, 'FM0000000'), '01', 'AB'), checkout_id, customer_id, identity_case_id, service_version_id, copies.id,
			answers, total_rials, budget_seconds, lang, state, state_since, placed_at, pay_before
		FROM orders, copies WHERE orders.id = $1 RETURNING id`, int64(w.sample.ID), n, w.sample.QuoteID)
	testworld.Must(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	testworld.Must(t, err)
	return ids
}

func (w world) earn(ctx context.Context, order, customer int64, fees money.Rials) error {
	return db.InTx(ctx, w.House.Pool, func(ctx context.Context, tx pgx.Tx) error {
		return w.House.Club.Earn(ctx, tx, w.Clock.Now(), order, customer, fees)
	})
}

func (w world) standing(t testing.TB, customer int64) club.Standing {
	t.Helper()
	s, err := w.House.Club.Standing(t.Context(), w.House.Pool, customer)
	testworld.Must(t, err)
	return s
}

// A completed order counts with its fee less discounts, and nobody who has
// not completed one stands anywhere.
func TestCompletionCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.Done(t)
	quote, err := w.House.Pricing.Quote(t.Context(), w.House.Pool, pricing.QuoteID(o.QuoteID))
	testworld.Must(t, err)
	if quote.Fees() <= 0 {
		t.Fatal("an order without a fee")
	}
	if got := w.standing(t, o.CustomerID); got != (club.Standing{Orders: 1, Fees: quote.Fees()}) {
		t.Errorf("%+v", got)
	}
	claimed := w.Claimed(t)
	for _, nobody := range []int64{0, 999, claimed.CustomerID} {
		if got := w.standing(t, nobody); got != (club.Standing{}) {
			t.Errorf("customer %d: %+v", nobody, got)
		}
	}
}

// An order counts once, even when it is completed again.
func TestAnOrderCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	customer, order := w.customers(t, 1)[0], w.orders(t, 1)[0]
	testworld.Must(t, w.earn(t.Context(), order, customer, 1000))
	w.Clock.Advance(time.Hour)
	testworld.Must(t, w.earn(t.Context(), order, customer, 5000))
	if got := w.standing(t, customer); got != (club.Standing{Orders: 1, Fees: 1000}) {
		t.Errorf("%+v", got)
	}
}

// Orders of one customer that are completed at once all count.
func TestEarnRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	customer := w.customers(t, 1)[0]
	tier := w.rules.Tiers[0]
	var wg sync.WaitGroup
	for _, order := range w.orders(t, tier.Orders) {
		wg.Go(func() {
			if err := w.earn(t.Context(), order, customer, 10); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Go(func() {
		if err := w.House.Club.RecomputeAll(t.Context(), w.Clock.Now()); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	if got := w.standing(t, customer); got != (club.Standing{Tier: tier.Key, Orders: tier.Orders, Fees: money.Rials(10 * tier.Orders)}) {
		t.Errorf("%+v", got)
	}
	if n := w.Count(t, "SELECT count(*) FROM club_changes WHERE from_tier = '' AND to_tier = $1", tier.Key); n != 1 {
		t.Errorf("%d changes of tier", n)
	}
}

// A tier is reached by fees as well as by orders, and lost when the order
// that brought it is exactly one period old, not a moment before.
func TestTheBorderOfThePeriod(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	customer, order := w.customers(t, 1)[0], w.orders(t, 1)[0]
	tier := w.rules.Tiers[1]
	testworld.Must(t, w.earn(t.Context(), order, customer, tier.FeesRials))
	earned := w.Clock.Now()
	for _, tt := range []struct {
		at   time.Time
		want club.Standing
	}{
		{earned, club.Standing{Tier: tier.Key, Orders: 1, Fees: tier.FeesRials}},
		{earned.Add(w.period() - time.Microsecond), club.Standing{Tier: tier.Key, Orders: 1, Fees: tier.FeesRials}},
		{earned.Add(w.period()), club.Standing{}},
	} {
		w.Clock.Set(tt.at)
		testworld.Must(t, w.House.Club.RecomputeAll(t.Context(), w.Clock.Now()))
		if got := w.standing(t, customer); got != tt.want {
			t.Errorf("at %s: %+v", tt.at, got)
		}
	}
	if n := w.Count(t, "SELECT count(*) FROM club_changes WHERE customer_id = $1 AND to_tier = '' AND at = $2", customer, w.Clock.Now()); n != 1 {
		t.Errorf("%d losses on record", n)
	}
}

// More customers than are counted at once, by several processes at once:
// each is counted, and no change is written down twice.
func TestRecomputeAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.customers(t, 1202)
	many := w.Count(t, "SELECT count(*) FROM customers")
	// Silver, so it was said a year ago; the orders are long gone.
	_, err := w.House.Pool.Exec(t.Context(), `INSERT INTO club_standings (customer_id, tier, orders, fees_rials, computed_at)
		SELECT id, 'silver', 7, 70, $1 FROM customers`, w.Clock.Now().Add(-w.period()))
	testworld.Must(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := w.House.Club.RecomputeAll(t.Context(), w.Clock.Now()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	testworld.Must(t, w.House.Club.RecomputeAll(t.Context(), w.Clock.Now()))
	if n := w.Count(t, "SELECT count(*) FROM club_standings WHERE tier = '' AND orders = 0 AND fees_rials = 0 AND computed_at = $1", w.Clock.Now()); n != many {
		t.Errorf("%d of %d counted", n, many)
	}
	if n := w.Count(t, "SELECT count(*) FROM club_changes"); n != many {
		t.Errorf("%d changes of tier", n)
	}
}

// A job that was cut off goes on, when it is tried again, with those who were
// not counted since it was made, and with the longest uncounted first.
func TestRecomputeGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.customers(t, 1202)
	made := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	_, err := w.House.Pool.Exec(t.Context(), `INSERT INTO club_standings (customer_id, tier, orders, fees_rials, computed_at)
		SELECT id, '', 0, 0, CASE WHEN id % 2 = 0 THEN $1::timestamptz ELSE $2 END FROM customers`, w.Clock.Now(), made.Add(-time.Hour))
	testworld.Must(t, err)
	counted := w.Count(t, "SELECT count(*) FROM club_standings WHERE computed_at = $1", w.Clock.Now())
	w.Clock.Advance(time.Minute)
	job := &river.Job[club.RecomputeArgs]{JobRow: &rivertype.JobRow{CreatedAt: made}}
	testworld.Must(t, (&club.RecomputeWorker{Club: w.House.Club}).Work(t.Context(), job))
	if n := w.Count(t, "SELECT count(*) FROM club_standings WHERE computed_at = $1", w.Clock.Now().Add(-time.Minute)); n != counted {
		t.Errorf("%d of %d who were counted are not counted again", n, counted)
	}
	if n := w.Count(t, "SELECT count(*) FROM club_standings WHERE computed_at < $1", made); n != 0 {
		t.Errorf("%d are not counted", n)
	}
}

// earning is a completed order, for the slow reference.
type earning struct {
	customer int64
	fees     money.Rials
	at       time.Time
}

// counted is a customer's standing, counted from the whole history.
func (w world) counted(history []earning, customer int64, now time.Time) club.Standing {
	var s club.Standing
	for _, e := range history {
		if e.customer == customer && now.Sub(e.at) < w.period() {
			s.Orders++
			s.Fees += e.fees
		}
	}
	for _, tier := range w.rules.Tiers {
		if s.Orders >= tier.Orders || s.Fees >= tier.FeesRials {
			s.Tier = tier.Key
		}
	}
	return s
}

// Whatever customers do as time passes, each stands where a count of the
// whole history puts them; and a completed order never lowers a tier by itself.
func TestStandingsAgreeWithTheHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const most = 20
	rapid.Check(t, func(r *rapid.T) {
		w.Clock.Set(testworld.Noon)
		customers, ids := w.customers(t, 3), w.orders(t, most)
		var history []earning
		for len(history) < most && rapid.IntRange(0, 30).Draw(r, "stop") != 0 {
			w.Clock.Advance(rapid.SampledFrom([]time.Duration{
				0, time.Microsecond, time.Hour, w.period() / 20, w.period() / 3, w.period() - time.Microsecond, w.period(),
			}).Draw(r, "pause"))
			if rapid.IntRange(0, 4).Draw(r, "night") == 0 {
				testworld.Must(t, w.House.Club.RecomputeAll(t.Context(), w.Clock.Now()))
				for _, customer := range customers {
					if got, want := w.standing(t, customer), w.counted(history, customer, w.Clock.Now()); got != want {
						r.Fatalf("in the night: %+v, want %+v", got, want)
					}
				}
				continue
			}
			e := earning{
				customer: rapid.SampledFrom(customers).Draw(r, "customer"), at: w.Clock.Now(),
				fees: money.FromToman(rapid.Int64Range(0, 8_000_000).Draw(r, "fees")),
			}
			without := w.counted(history, e.customer, e.at)
			testworld.Must(t, w.earn(t.Context(), ids[len(history)], e.customer, e.fees))
			history = append(history, e)
			got := w.standing(t, e.customer)
			if want := w.counted(history, e.customer, e.at); got != want {
				r.Fatalf("after an order: %+v, want %+v", got, want)
			}
			if w.rank(got.Tier) < w.rank(without.Tier) {
				r.Fatalf("an order led from %q down to %q", without.Tier, got.Tier)
			}
		}
	})
}

func (w world) rank(tier string) int {
	return slices.IndexFunc(w.rules.Tiers, func(t pricing.Tier) bool { return t.Key == tier })
}

// What is missing to the next tier is just enough to reach it, by either way.
func TestMissing(t *testing.T) {
	t.Parallel()
	rules := pricing.Club{PeriodDays: 30, Tiers: []pricing.Tier{
		{Key: "silver", Orders: 5, FeesRials: 1000}, {Key: "gold", Orders: 12}, {Key: "platinum", FeesRials: 90_000},
	}}
	for _, tt := range []struct {
		at   club.Standing
		want string
	}{
		{club.Standing{}, "silver 5 1000"},
		{club.Standing{Orders: 4, Fees: 990}, "silver 1 10"},
		{club.Standing{Orders: 1, Fees: 5000}, "gold 11 0"},
		{club.Standing{Orders: 12, Fees: 5000}, "platinum 0 85000"},
		{club.Standing{Orders: 1, Fees: 90_000}, ""},
	} {
		step, ok := club.Missing(rules, tt.at)
		got := ""
		if ok {
			got = fmt.Sprintf("%s %d %d", step.Tier.Key, step.Orders, step.Fees)
		}
		if got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.at, got, tt.want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		at := club.Standing{Orders: rapid.IntRange(0, 15).Draw(r, "orders"), Fees: money.Rials(rapid.Int64Range(0, 100_000).Draw(r, "fees"))}
		step, ok := club.Missing(rules, at)
		if !ok {
			return
		}
		if step.Orders > 0 {
			if tier, _ := rules.Reached(at.Orders+step.Orders, at.Fees); tier.Key != step.Tier.Key {
				r.Fatalf("%d more orders from %+v lead to %q", step.Orders, at, tier.Key)
			}
		}
		if step.Fees > 0 {
			if tier, _ := rules.Reached(at.Orders, at.Fees+step.Fees); tier.Key != step.Tier.Key {
				r.Fatalf("%d more fees from %+v lead to %q", step.Fees, at, tier.Key)
			}
		}
	})
}

// The next night is never more than a day away, and always three o'clock.
func TestNightly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_700_000_000, 2_500_000_000).Draw(r, "now"), 0)
		next := club.Nightly{}.Next(now)
		if !next.After(now) || next.Sub(now) > 24*time.Hour || next.In(jalali.Tehran).Format("15:04:05") != "03:00:00" {
			r.Fatalf("after %s comes %s", now, next)
		}
	})
}

// The history cannot be rewritten.
func TestAppendOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Done(t)
	refused(t, w.House.Pool, "UPDATE club_earnings SET fees_rials = 0", "DELETE FROM club_earnings", "TRUNCATE club_changes")
}

func refused(t *testing.T, pool *pgxpool.Pool, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}
