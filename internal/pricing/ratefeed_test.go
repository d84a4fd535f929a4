package pricing_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/notify"
	"pishkhan/internal/pricing"
	"pishkhan/internal/staff"
)

// watchBench is a bench with the watch over its rates, and one of finance.
type watchBench struct {
	bench
	watch *pricing.Watch
	other func(pricing.WatchOptions) *pricing.Watch
}

func setupWatch(t *testing.T) watchBench {
	t.Helper()
	b := setup(t)
	b.hire(t)
	_, err := b.pool.Exec(t.Context(), "INSERT INTO staff_roles (member_id, role, granted_at) VALUES (1, 'finance', $1)", noon)
	must(t, err)
	queuer, err := river.NewClient(riverpgxv5.New(b.pool), &river.Config{})
	must(t, err)
	services, members, notices := catalog.New(b.pool, b.clock), staff.New(b.pool, b.clock), notify.New(b.pool, b.clock, queuer)
	open := func(o pricing.WatchOptions) *pricing.Watch {
		return pricing.NewWatch(b.pricing, services, members, notices, o)
	}
	return watchBench{bench: b, watch: open(pricing.WatchOptions{Loopback: true}), other: open}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// market is a server that says what the dollar costs.
type market struct {
	*httptest.Server
	asked atomic.Int64
	body  atomic.Pointer[http.HandlerFunc]
}

func newMarket(t *testing.T) *market {
	t.Helper()
	m := &market{}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.asked.Add(1)
		(*m.body.Load())(w, r)
	}))
	t.Cleanup(m.Close)
	return m
}

func (m *market) says(body string) {
	m.answers(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
}

func (m *market) answers(how http.HandlerFunc) { m.body.Store(&how) }

func (m *market) feed() pricing.Feed {
	return pricing.Feed{
		Currency: money.USD, URL: m.URL, SellPath: "$.usd.sell", BuyPath: "$.usd.buy", Unit: pricing.InToman, EveryMinutes: 5,
	}
}

// run reads the feed once more, and returns how it stands then.
func run(t *testing.T, b watchBench) pricing.Feed {
	t.Helper()
	b.clock.Advance(5 * time.Minute)
	must(t, b.watch.RunFeeds(t.Context()))
	feed, err := b.watch.Feed(t.Context(), money.USD)
	must(t, err)
	return feed
}

func TestAFeedSetsTheRate(t *testing.T) {
	t.Parallel()
	b, m := setupWatch(t), newMarket(t)
	feed := m.feed()
	feed.MarginPercent = decimal.New(15, -1)
	must(t, b.watch.SetFeed(t.Context(), finance, feed, true))

	for body, want := range map[string][2]money.Rials{ // buy, and sell with 1.5 percent
		`{"usd": {"sell": 160000, "buy": 158000}}`:           {1_580_000, 1_624_000},
		`{"usd": {"sell": "160,000", "buy": "158,000"}}`:     {1_580_000, 1_624_000},
		`{"usd": {"sell": "۱۶۰٬۰۰۰", "buy": " ۱۵۸٬۰۰۰٫۹ "}}`: {1_580_000, 1_624_000},
		`{"usd": {"sell": 1.6e5, "buy": "158000.99"}}`:       {1_580_000, 1_624_000},
		`{"usd": {"sell": 160000.01, "buy": 158000}}`:        {1_580_000, 1_624_010},
	} {
		m.says(body)
		if got := run(t, b); got.LastError != "" {
			t.Errorf("%s: %s %s", body, got.LastError, got.LastDetail)
		}
		rate := b.dollar(t)
		if rate.Source != pricing.FeedRate || rate.BuyRials != want[0] || rate.SellRials != want[1] || rate.SetBy != 0 {
			t.Errorf("%s: %+v", body, rate)
		}
	}

	feed.SellPath, feed.BuyPath, feed.Unit, feed.MarginPercent = "$[?@.code == 'USD'].price", "", pricing.InRial, decimal.Zero
	must(t, b.watch.SetFeed(t.Context(), finance, feed, true))
	m.says(`[{"code": "EUR", "price": 1}, {"code": "USD", "price": 1630000}]`)
	if got := run(t, b); got.LastError != "" || b.dollar(t).SellRials != 1_630_000 || b.dollar(t).BuyRials != 0 {
		t.Errorf("%+v, %+v", got, b.dollar(t))
	}
}

func TestAFeedThatSaysTheSameKeepsTheRateFresh(t *testing.T) {
	t.Parallel()
	b, m := setupWatch(t), newMarket(t)
	must(t, b.pricing.SetRateTerms(t.Context(), finance, 4*time.Hour, decimal.New(10, 0)))
	must(t, b.watch.SetFeed(t.Context(), finance, m.feed(), true))
	m.says(`{"usd": {"sell": 160000, "buy": 158000}}`)
	first := run(t, b)
	rate := b.dollar(t)
	b.clock.Advance(49 * time.Minute)
	run(t, b)
	if b.dollar(t) != rate {
		t.Error("the same rate was set again within a quarter of its time")
	}
	b.clock.Advance(time.Minute)
	if run(t, b); b.dollar(t).ID == rate.ID {
		t.Error("the rate grows old under a feed that works")
	}
	if !first.LastRunAt.Before(b.clock.Now()) {
		t.Error("it never ran")
	}
}

func TestAFeedThatJumpsWaitsForAPerson(t *testing.T) {
	t.Parallel()
	b, m := setupWatch(t), newMarket(t)
	must(t, b.watch.SetFeed(t.Context(), finance, m.feed(), true))
	open := func() []pricing.Proposal {
		t.Helper()
		open, err := b.pricing.Proposals(t.Context())
		must(t, err)
		return open
	}
	m.says(`{"usd": {"sell": 1600000, "buy": 1580000}}`) // ten times as much: the unit is wrong
	run(t, b)
	first := open()
	run(t, b)
	if again := open(); len(again) != 1 || again[0] != first[0] || again[0].Source != pricing.FeedRate {
		t.Fatalf("%+v", again)
	}
	if b.dollar(t).SellRials != 1_620_000 {
		t.Error("it holds already")
	}
	if _, err := b.pricing.ApproveRate(t.Context(), finance, first[0].ID); keyOf(err) != "pricing.error.own_proposal" {
		t.Errorf("who has set the feed approves what it says: %v", err)
	}
	m.says(`{"usd": {"sell": 162000, "buy": 158000}}`)
	if run(t, b); len(open()) != 0 {
		t.Error("what the feed took back is still proposed")
	}
	_, err := b.pricing.SetRate(t.Context(), finance, money.USD, 0, 3_000_000)
	must(t, err)
	m.says(`{"usd": {"sell": 162010, "buy": 158000}}`)
	if run(t, b); len(open()) != 1 || b.dollar(t).SellRials != 1_620_100 {
		t.Error("the feed has thrown away what a person proposed")
	}
	m.says(`{"usd": {"sell": 400000, "buy": 158000}}`)
	if run(t, b); len(open()) != 1 || open()[0].SellRials != 3_000_000 {
		t.Error("the feed has taken the place of a person")
	}
}

func TestWhatAFeedMayAnswer(t *testing.T) {
	t.Parallel()
	b, m := setupWatch(t), newMarket(t)
	elsewhere := newMarket(t)
	elsewhere.says(`{"usd": {"sell": 160000, "buy": 158000}}`)
	must(t, b.watch.SetFeed(t.Context(), finance, m.feed(), true))
	b.watch.Hurry(500 * time.Millisecond)
	before := b.dollar(t)
	released := make(chan struct{})
	text := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
	}
	failures := 0
	for _, c := range []struct {
		want   string
		answer http.HandlerFunc
	}{
		{"rates.feed.error.json", text(`{"usd": `)},
		{"rates.feed.error.json", text(`<html>`)},
		{"rates.feed.error.json", text(``)},
		{"rates.feed.error.json", text(`{"usd": {"sell": 160000, "buy": 158000}} {}`)},
		{"rates.feed.error.path", text(`{"eur": {"sell": 160000}}`)},
		{"rates.feed.error.path", text(`{"usd": {"sell": 160000}}`)}, // no buy
		{"rates.feed.error.number", text(`{"usd": {"sell": null, "buy": 1}}`)},
		{"rates.feed.error.number", text(`{"usd": {"sell": "1,60,000", "buy": 1}}`)},
		{"rates.feed.error.number", text(`{"usd": {"sell": -160000, "buy": 1}}`)},
		{"rates.feed.error.number", text(`{"usd": {"sell": {"now": 160000}, "buy": 1}}`)},
		{"rates.feed.error.number", text(`{"usd": {"sell": 1e999999, "buy": 1}}`)},
		{"rates.feed.error.range", text(`{"usd": {"sell": 0, "buy": 1}}`)},
		{"rates.feed.error.range", text(`{"usd": {"sell": 1e99, "buy": 1}}`)},
		{"rates.feed.error.range", text(`{"usd": {"sell": 160000, "buy": 0.5}}`)},
		{"rates.feed.error.buy_over_sell", text(`{"usd": {"sell": 160000, "buy": 160001}}`)},
		{"rates.feed.error.status", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusBadGateway) }},
		{"rates.feed.error.moved", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		}},
		{"rates.feed.error.too_large", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"usd": {"sell": 160000, "buy": 158000}, "more": "`+strings.Repeat("x", 1<<20)+`"}`)
		}},
		{"rates.feed.error.slow", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-released
		}},
		{"rates.feed.error.unreachable", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	} {
		m.answers(c.answer)
		got := run(t, b)
		failures++
		if got.LastError != c.want || got.Failures != failures {
			t.Errorf("want %s, got %s %s, %d failures", c.want, got.LastError, got.LastDetail, got.Failures)
		}
		for _, lang := range i18n.Langs() {
			if !lang.Has(got.LastError) {
				t.Errorf("%s has no words for %s", lang, got.LastError)
			}
		}
	}
	close(released)
	if b.dollar(t) != before || elsewhere.asked.Load() != 0 {
		t.Errorf("the rate is %+v, elsewhere was asked %d times", b.dollar(t), elsewhere.asked.Load())
	}
	// However often it fails, finance hears of it once; what works begins anew.
	mails := "messages WHERE kind = 'feed_failing' AND recipient = 'finance@demo.test'"
	if n := b.count(t, mails); n != 1 {
		t.Errorf("%d e-mails", n)
	}
	m.says(`{"usd": {"sell": 160000, "buy": 158000}}`)
	if got := run(t, b); got.LastError != "" || got.Failures != 0 {
		t.Errorf("%+v", got)
	}
	m.says("")
	for i := range 4 {
		run(t, b)
		if n := b.count(t, mails); n != 1 && i < 2 || n != 2 && i >= 2 {
			t.Errorf("%d e-mails after %d failures more", n, i+1)
		}
	}
}

func TestOneOfManyReadsAFeedThatIsDue(t *testing.T) {
	t.Parallel()
	b, m := setupWatch(t), newMarket(t)
	m.says(`{"usd": {"sell": 160000, "buy": 158000}}`)
	must(t, b.watch.SetFeed(t.Context(), finance, m.feed(), true))
	round := func(want int64) {
		t.Helper()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if err := b.watch.RunFeeds(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := m.asked.Load(); n != want {
			t.Errorf("asked %d times, want %d", n, want)
		}
	}
	round(1)
	b.clock.Advance(5*time.Minute - time.Second)
	round(1)
	b.clock.Advance(time.Second)
	round(2)
	must(t, b.watch.SetFeed(t.Context(), finance, m.feed(), false))
	b.clock.Advance(time.Hour)
	round(2)
}

func TestWhatIsNoFeed(t *testing.T) {
	t.Parallel()
	b, m := setupWatch(t), newMarket(t)
	for want, change := range map[string]func(*pricing.Feed){
		"currency money.error.currency":     func(f *pricing.Feed) { f.Currency = "XXX" },
		"url rates.error.url":               func(f *pricing.Feed) { f.URL = "https://" },
		"url rates.error.https":             func(f *pricing.Feed) { f.URL = "http://example.com/rates" },
		"url rates.error.private":           func(f *pricing.Feed) { f.URL = "https://169.254.169.254/latest" },
		"sell_path rates.error.path":        func(f *pricing.Feed) { f.SellPath = "usd.sell" },
		"buy_path rates.error.path":         func(f *pricing.Feed) { f.BuyPath = "$..usd..buy" },
		"unit rates.error.unit":             func(f *pricing.Feed) { f.Unit = "dirham" },
		"margin_percent rates.error.margin": func(f *pricing.Feed) { f.MarginPercent = decimal.New(501, -1) },
		"every_minutes rates.error.every":   func(f *pricing.Feed) { f.EveryMinutes = 4 },
	} {
		feed := m.feed()
		change(&feed)
		if err := b.watch.SetFeed(t.Context(), finance, feed, true); keyOf(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := b.watch.Feed(t.Context(), money.USD); !fault.Is(err, fault.NotFound) {
		t.Errorf("a feed that nobody has set: %v", err)
	}
	guarded := b.other(pricing.WatchOptions{})
	if err := guarded.SetFeed(t.Context(), finance, m.feed(), true); keyOf(err) != "url rates.error.https" {
		t.Errorf("this machine, in production: %v", err)
	}
	must(t, b.watch.SetFeed(t.Context(), finance, m.feed(), true))
	must(t, guarded.RunFeeds(t.Context()))
	feed, err := guarded.Feed(t.Context(), money.USD)
	if err != nil || feed.LastError != "rates.feed.error.private" || m.asked.Load() != 0 {
		t.Errorf("%+v, %v", feed, err)
	}
}

// Finance hears of each rate once, and before it is too late.
func TestFinanceHearsOfRatesThatGrowOldOnce(t *testing.T) {
	t.Parallel()
	b := setupWatch(t)
	must(t, b.pricing.SetRateTerms(t.Context(), finance, 10*time.Hour, decimal.New(10, 0)))
	mails := func() int { return b.count(t, "messages WHERE kind = 'rates_stale'") }
	check := func(want int) {
		t.Helper()
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := b.watch.Check(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := mails(); n != want {
			t.Errorf("at %s: %d e-mails, want %d", b.clock.Now(), n, want)
		}
	}
	b.clock.Advance(5 * time.Hour)
	_, err := b.pricing.SetRate(t.Context(), finance, money.USD, 0, 1_620_000)
	must(t, err)
	b.clock.Advance(4*time.Hour - time.Second)
	check(0)
	b.clock.Advance(time.Second)
	check(1)
	b.clock.Advance(2 * time.Hour) // too old by now, and told of already
	check(1)
	b.clock.Advance(3 * time.Hour) // the dollar as well
	check(2)
	told := b.count(t, "messages WHERE kind = 'rates_stale' AND detail->'currencies' = '[\"USD\"]' AND recipient = 'finance@demo.test'")
	if told != 1 {
		t.Errorf("%d tell of the dollar alone", told)
	}
	inUse, err := b.watch.InUse(t.Context())
	must(t, err)
	if alerts := b.count(t, "rate_alerts"); alerts != len(inUse) {
		t.Errorf("%d alerts for %d currencies in use", alerts, len(inUse))
	}
}

// A demo's rates are set again by themselves; a production's never.
func TestOnlyADemoKeepsSampleRatesFresh(t *testing.T) {
	t.Parallel()
	b := setupWatch(t)
	must(t, b.pricing.SetRateTerms(t.Context(), finance, 10*time.Hour, decimal.New(10, 0)))
	b.clock.Advance(11 * time.Hour)
	must(t, b.watch.Check(t.Context()))
	if rates, err := b.pricing.Rates(t.Context()); err != nil || len(rates) != 0 {
		t.Fatalf("%v, %v", rates, err)
	}
	demo := b.other(pricing.WatchOptions{SampleRates: true})
	must(t, demo.Check(t.Context()))
	if rates, err := b.pricing.Rates(t.Context()); err != nil || len(rates) == 0 {
		t.Errorf("%v, %v", rates, err)
	}
}
