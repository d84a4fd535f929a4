package pricing_test

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"pishkhan/internal/audit"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// second is somebody else of finance.
var second = audit.Actor{Kind: audit.Staff, ID: 2, Name: "Second", Roles: []audit.Role{audit.Finance}}

// hireTwo gives both of finance a row of their own.
func (b bench) hireTwo(t testing.TB) {
	t.Helper()
	b.hire(t)
	if _, err := b.pool.Exec(t.Context(), `INSERT INTO staff_members (email, name, password_hash, created_at)
		VALUES ('second@demo.test', 'Second', 'x', $1)`, noon); err != nil {
		t.Fatal(err)
	}
}

func (b bench) set(t testing.TB, actor audit.Actor, buy, sell money.Rials) pricing.Setting {
	t.Helper()
	setting, err := b.pricing.SetRate(t.Context(), actor, money.USD, buy, sell)
	if err != nil {
		t.Fatal(err)
	}
	return setting
}

// dollar is the newest rate, whoever set it.
func (b bench) dollar(t testing.TB) pricing.Rate {
	t.Helper()
	history, err := b.pricing.RateHistory(t.Context(), money.USD, math.MaxInt64, 1)
	if err != nil || len(history) != 1 {
		t.Fatalf("%v, %v", history, err)
	}
	return history[0]
}

func keyOf(err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	if len(f.Fields) > 0 {
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	return f.Key
}

func TestAStaleRateMakesNoQuotes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	quote := b.freeze(t, usd("50"))
	b.clock.Advance(24 * time.Hour)
	if _, err := b.pricing.Preview(t.Context(), b.steam, usd("50"), pricing.Alone); err != nil {
		t.Errorf("at its last second: %v", err)
	}
	if rates, err := b.pricing.Rates(t.Context()); err != nil || len(rates) == 0 {
		t.Errorf("%v, %v", rates, err)
	}
	b.clock.Advance(time.Second)
	_, err := b.pricing.Preview(t.Context(), b.steam, usd("50"), pricing.Alone)
	if !fault.Is(err, fault.Unavailable) || keyOf(err) != "pricing.error.stale_rate" {
		t.Fatalf("a second later: %v", err)
	}
	for _, lang := range i18n.Langs() {
		if f := fault.Of(err); !strings.Contains(lang.T(f.Key, f.Args...), "USD") {
			t.Errorf("%s: %s", lang, lang.T(f.Key, f.Args...))
		}
	}
	if rates, err := b.pricing.Rates(t.Context()); err != nil || len(rates) != 0 {
		t.Errorf("rates that make no quotes are told: %v, %v", rates, err)
	}
	if held, err := b.pricing.Quote(t.Context(), b.pool, quote.ID); err != nil || held.TotalRials != quote.TotalRials {
		t.Errorf("a quote does not hold: %v", err)
	}

	// A rate set again, or other terms, let it be quoted.
	b.set(t, audit.Machine, 0, 1_620_000)
	if _, err := b.pricing.Preview(t.Context(), b.steam, usd("50"), pricing.Alone); err != nil {
		t.Errorf("after it was set again: %v", err)
	}
	b.clock.Advance(25 * time.Hour)
	if err := b.pricing.SetRateTerms(t.Context(), audit.Machine, 48*time.Hour, decimal.New(10, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.pricing.Preview(t.Context(), b.steam, usd("50"), pricing.Alone); err != nil {
		t.Errorf("under longer terms: %v", err)
	}
}

func TestTheLastTenthIsSoon(t *testing.T) {
	t.Parallel()
	rate := pricing.Rate{SetAt: noon, MaxAge: 100 * time.Minute}
	for age, want := range map[time.Duration][2]bool{
		90*time.Minute - time.Second: {false, false}, 90 * time.Minute: {true, false},
		100 * time.Minute: {true, false}, 100*time.Minute + time.Second: {false, true},
	} {
		now := noon.Add(age)
		if got := [2]bool{rate.StaleSoon(now), rate.Stale(now)}; got != want {
			t.Errorf("after %s: %v", age, got)
		}
	}
}

func TestTermsOfRates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hire(t)
	terms, err := b.pricing.RateTerms(t.Context())
	if err != nil || terms.MaxAge != 24*time.Hour || !terms.JumpPercent.Equal(decimal.New(10, 0)) || !terms.SetAt.IsZero() {
		t.Fatalf("%+v, %v", terms, err)
	}
	for want, c := range map[string]struct {
		age  time.Duration
		jump string
	}{
		"max_age pricing.error.max_age":           {9 * time.Minute, "5"},
		"jump_percent pricing.error.jump_percent": {time.Hour, "0"},
	} {
		if err := b.pricing.SetRateTerms(t.Context(), finance, c.age, decimal.RequireFromString(c.jump)); keyOf(err) != want {
			t.Errorf("%v: %v", c, err)
		}
	}
	for _, jump := range []string{"100.01", "-1", "2.345"} {
		if err := b.pricing.SetRateTerms(t.Context(), finance, time.Hour, decimal.RequireFromString(jump)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", jump, err)
		}
	}
	if err := b.pricing.SetRateTerms(t.Context(), finance, 90*time.Minute, decimal.New(25, -1)); err != nil {
		t.Fatal(err)
	}
	terms, err = b.pricing.RateTerms(t.Context())
	if err != nil || terms.MaxAge != 90*time.Minute || terms.JumpPercent.String() != "2.5" || terms.SetBy != 1 {
		t.Errorf("%+v, %v", terms, err)
	}
	if n := b.count(t, "audit_entries WHERE verb = 'rate_terms.set'"); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestWhatIsNoRate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for want, offer := range map[string]pricing.Offer{
		"sell_XXX money.error.currency":       {Currency: "XXX", SellRials: 10},
		"sell_USD pricing.error.rate":         {Currency: "USD", SellRials: 1_620_001},
		"buy_EUR pricing.error.rate":          {Currency: "EUR", SellRials: 1_890_000, BuyRials: -10},
		"buy_GBP pricing.error.buy_over_sell": {Currency: "GBP", SellRials: 2_170_000, BuyRials: 2_170_010},
		"sell_AED pricing.error.rate":         {Currency: "AED", BuyRials: 441_000},
		"buy_TRY pricing.error.rate":          {Currency: "TRY", SellRials: 38_500, BuyRials: 1},
		"sell_CNY pricing.error.rate":         {Currency: "CNY", SellRials: money.Max + 10},
		"buy_CAD pricing.error.buy_over_sell": {Currency: "CAD", SellRials: 10, BuyRials: money.Max},
		"sell_JPY pricing.error.rate":         {Currency: "JPY", SellRials: -10},
		"sell_ money.error.currency":          {SellRials: 10},
		"buy_AUD pricing.error.rate":          {Currency: "AUD", SellRials: money.Max, BuyRials: money.Max + 10},
		"sell_DKK pricing.error.rate":         {Currency: "DKK"},
	} {
		before := b.count(t, "exchange_rates")
		good := pricing.Offer{Currency: "CHF", SellRials: 2_000_000}
		if _, err := b.pricing.SetRates(t.Context(), audit.Machine, []pricing.Offer{good, offer}); keyOf(err) != want {
			t.Errorf("%s: %v", want, err)
		}
		if b.count(t, "exchange_rates") != before {
			t.Errorf("%s: a part was set", want)
		}
	}
}

func TestAJumpNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hireTwo(t)
	// From 1,620,000, ten percent up is 1,782,000 and down 1,458,000.
	for _, c := range []struct {
		buy, sell money.Rials
		jumps     bool
	}{
		{0, 1_782_000, false}, {0, 1_782_010, true}, {0, 1_458_000, false}, {0, 1_457_990, true},
	} {
		b := setup(t)
		b.hireTwo(t)
		if setting := b.set(t, finance, c.buy, c.sell); (setting.Proposal != nil) != c.jumps {
			t.Errorf("%d: %+v", c.sell, setting)
		}
		want := c.sell
		if c.jumps {
			want = 1_620_000
		}
		if got := b.dollar(t).SellRials; got != want {
			t.Errorf("%d: the dollar is at %d", c.sell, got)
		}
	}

	b.set(t, finance, 1_000_000, 1_620_000+10) // the sample's buy is 1,587,600: a jump of what it is bought for
	open, err := b.pricing.Proposals(t.Context())
	if err != nil || len(open) != 1 || open[0].ProposedBy != 1 || open[0].Source != pricing.DeskRate || open[0].BuyRials != 1_000_000 {
		t.Fatalf("%+v, %v", open, err)
	}
	if _, err := b.pricing.ApproveRate(t.Context(), finance, open[0].ID); keyOf(err) != "pricing.error.own_proposal" || !fault.Is(err, fault.Forbidden) {
		t.Errorf("approved their own: %v", err)
	}
	b.clock.Advance(time.Minute)
	rate, err := b.pricing.ApproveRate(t.Context(), second, open[0].ID)
	if err != nil || rate.SetBy != 1 || rate.ApprovedBy != 2 || !rate.SetAt.Equal(b.clock.Now()) || b.dollar(t) != rate {
		t.Fatalf("%+v, %v", rate, err)
	}
	if err := b.pricing.RejectRate(t.Context(), second, open[0].ID); keyOf(err) != "pricing.error.proposal_decided" {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := b.pricing.ApproveRate(t.Context(), second, 999); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such proposal: %v", err)
	}
	if n := b.count(t, "audit_entries WHERE verb IN ('rate.propose', 'rate.approve')"); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestProposalsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hireTwo(t)
	verdict := func(id pricing.ProposalID) (v string) {
		t.Helper()
		if err := b.pool.QueryRow(t.Context(), "SELECT coalesce(verdict, 'open') FROM rate_proposals WHERE id = $1", id).Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := b.set(t, finance, 0, 3_000_000).Proposal
	again := b.set(t, second, 0, 3_100_000).Proposal
	if verdict(first.ID) != "replaced" || verdict(again.ID) != "open" {
		t.Errorf("%s, %s", verdict(first.ID), verdict(again.ID))
	}
	b.set(t, finance, 0, 1_630_000)
	if verdict(again.ID) != "replaced" {
		t.Errorf("a rate was set, and the proposal is %s", verdict(again.ID))
	}
	own := b.set(t, finance, 0, 3_000_000).Proposal
	if err := b.pricing.RejectRate(t.Context(), finance, own.ID); err != nil || verdict(own.ID) != "withdrawn" {
		t.Errorf("%s, %v", verdict(own.ID), err)
	}
	theirs := b.set(t, audit.Machine, 0, 3_000_000).Proposal
	if theirs.Source != pricing.CommandRate || theirs.ProposedBy != 0 {
		t.Errorf("%+v", theirs)
	}
	if err := b.pricing.RejectRate(t.Context(), finance, theirs.ID); err != nil || verdict(theirs.ID) != "rejected" {
		t.Errorf("%s, %v", verdict(theirs.ID), err)
	}
	old := b.set(t, audit.Machine, 0, 3_000_000).Proposal
	b.clock.Advance(24*time.Hour + time.Second)
	if _, err := b.pricing.ApproveRate(t.Context(), finance, old.ID); keyOf(err) != "pricing.error.proposal_old" || verdict(old.ID) != "open" {
		t.Errorf("%v, %s", err, verdict(old.ID))
	}
	if open, err := b.pricing.Proposals(t.Context()); err != nil || len(open) != 1 {
		t.Errorf("%v, %v", open, err)
	}
}

func TestOfManyWhoDecideOneIsFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.hireTwo(t)
	proposal := b.set(t, finance, 0, 3_000_000).Proposal
	before := b.count(t, "exchange_rates")
	var wg sync.WaitGroup
	var mu sync.Mutex
	approved, decided := 0, 0
	for i := range 20 {
		wg.Go(func() {
			var err error
			if i%2 == 0 {
				_, err = b.pricing.ApproveRate(t.Context(), second, proposal.ID)
			} else {
				err = b.pricing.RejectRate(t.Context(), second, proposal.ID)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && i%2 == 0:
				approved++
				decided++
			case err == nil:
				decided++
			case keyOf(err) != "pricing.error.proposal_decided":
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if decided != 1 || b.count(t, "exchange_rates") != before+approved {
		t.Errorf("%d decided, %d approved, %d new rates", decided, approved, b.count(t, "exchange_rates")-before)
	}
}

// However many set a rate at once, each moves no further than the terms allow
// from the one before it.
func TestManyWhoSetTogetherStayWithinTheJump(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			sell := money.Rials(1_620_000 + (i%2*2-1)*100_000 + i*10) // about 6 % up or down
			if _, err := b.pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, sell); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	history, err := b.pricing.RateHistory(t.Context(), money.USD, math.MaxInt64, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(history) - 1 {
		if move := pricing.Move(history[i+1].SellRials, history[i].SellRials).Abs(); move.GreaterThan(decimal.New(10, 0)) {
			t.Errorf("from %d to %d is %s percent", history[i+1].SellRials, history[i].SellRials, move)
		}
	}
	if open, err := b.pricing.Proposals(t.Context()); err != nil || len(open) > 1 {
		t.Errorf("%d proposals are open, %v", len(open), err)
	}
}

// The percent is compared exactly: one toman more than the tenth is a jump.
func TestMoveIsExactAtTheTenth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := money.Rials(rapid.Int64Range(1, 1e12).Draw(t, "from") * 100)
		ten := decimal.New(10, 0)
		if !pricing.Move(from, from+from/10).Equal(ten) || !pricing.Move(from, from-from/10).Equal(ten.Neg()) {
			t.Fatalf("%d: %s", from, pricing.Move(from, from+from/10))
		}
		if !pricing.Move(from, from+from/10+10).GreaterThan(ten) {
			t.Fatalf("%d: one toman more is not more", from)
		}
	})
}

func TestSampleRatesStayFreshAndLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	samples := b.count(t, "exchange_rates")
	b.set(t, audit.Machine, 0, 1_630_000)
	b.clock.Advance(6 * time.Hour)
	load := func(want int) {
		t.Helper()
		if err := b.pricing.LoadSampleRates(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := b.count(t, "exchange_rates"); n != want {
			t.Errorf("%d rates, want %d", n, want)
		}
	}
	load(samples + 1)
	b.clock.Advance(time.Second)
	load(2 * samples) // all but the dollar, which somebody has set
	load(2 * samples)
	b.clock.Advance(365 * 24 * time.Hour)
	load(3*samples - 1)
	rates, err := b.pricing.Rates(t.Context())
	if err != nil || len(rates) != samples-1 {
		t.Errorf("%d rates make quotes, %v", len(rates), err)
	}
}

func TestTheCourseOfARate(t *testing.T) {
	t.Parallel()
	b := setup(t) // noon in Tehran, 1,620,000
	for _, sell := range []money.Rials{1_630_000, 1_700_000, 1_650_000} {
		b.clock.Advance(time.Hour)
		b.set(t, audit.Machine, 0, sell)
	}
	b.clock.Advance(24 * time.Hour)
	b.set(t, audit.Machine, 1_600_000, 1_640_000)
	points, err := b.pricing.RateCourse(t.Context(), money.USD, noon.Add(30*time.Minute), 24*time.Hour)
	if err != nil || len(points) != 3 {
		t.Fatalf("%+v, %v", points, err)
	}
	for i, want := range []pricing.RatePoint{
		{At: noon.Add(30 * time.Minute), SellRials: 1_620_000, BuyRials: 1_587_600, Low: 1_620_000, High: 1_620_000},
		{At: noon.Add(3 * time.Hour), SellRials: 1_650_000, Low: 1_630_000, High: 1_700_000},
		{At: noon.Add(27 * time.Hour), SellRials: 1_640_000, BuyRials: 1_600_000, Low: 1_640_000, High: 1_640_000},
	} {
		if got := points[i]; !got.At.Equal(want.At) || got.SellRials != want.SellRials || got.BuyRials != want.BuyRials || got.Low != want.Low || got.High != want.High {
			t.Errorf("%d: %+v", i, got)
		}
	}
	if none, err := b.pricing.RateCourse(t.Context(), "KRW", noon, time.Hour); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	page, err := b.pricing.RateHistory(t.Context(), money.USD, math.MaxInt64, 3)
	if err != nil || len(page) != 3 || page[0].SellRials != 1_640_000 {
		t.Fatalf("%+v, %v", page, err)
	}
	rest, err := b.pricing.RateHistory(t.Context(), money.USD, page[2].ID, 3)
	if err != nil || len(rest) != 2 || rest[1].Source != pricing.SampleRate {
		t.Errorf("%+v, %v", rest, err)
	}
}
