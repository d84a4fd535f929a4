package desk_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// kinds is what the test knows of services without asking the board.
type kinds map[int64]struct{ slug, family string }

// crowded is a world with open orders of all kinds, amounts, ages and tiers.
func crowded(t *testing.T) (*testworld.World, kinds) {
	t.Helper()
	w := testworld.New(t)
	w.Many(t, testworld.Crowd{Paid: 120, InProgress: 80, Waiting: 40})
	w.Unproven(t)
	w.Unproven(t, "application-fee")
	for _, statement := range []string{
		"UPDATE orders SET total_rials = (id * 7919 % 90 + 10) * 1000000", // many are alike: the id decides
		"INSERT INTO club_standings (customer_id, tier, orders, fees_rials, computed_at) SELECT id, (ARRAY['silver', 'gold', ''])[id % 3 + 1], 9, 9, now() FROM customers ON CONFLICT (customer_id) DO UPDATE SET tier = excluded.tier",
	} {
		_, err := w.House.Pool.Exec(t.Context(), statement)
		testworld.Must(t, err)
	}
	versions, err := w.House.Catalog.AllVersions(t.Context())
	testworld.Must(t, err)
	known := kinds{}
	for _, v := range versions {
		known[int64(v.ID)] = struct{ slug, family string }{v.Slug, string(v.Family)}
	}
	return w, known
}

// everything returns all rows that any list could show.
func everything(t *testing.T, w *testworld.World) []board.Row {
	t.Helper()
	ids, err := w.House.Pool.Query(t.Context(), "SELECT id FROM orders WHERE state <> 'awaiting_payment'")
	testworld.Must(t, err)
	var all []int64
	for ids.Next() {
		var id int64
		testworld.Must(t, ids.Scan(&id))
		all = append(all, id)
	}
	rows, err := w.House.Board.Rows(t.Context(), all)
	testworld.Must(t, err)
	return rows
}

// wanted says in plain words of Go what a query of the queue's page asks for.
func (k kinds) wanted(q url.Values, r board.Row, me int64, now time.Time) bool {
	inView := map[string]bool{
		"free":     r.State == orders.Paid,
		"mine":     r.HolderID == me && (r.State == orders.InProgress || r.State == orders.WaitingCustomer),
		"hold":     r.State == orders.WaitingCustomer,
		"late":     (r.State == orders.Paid || r.State == orders.InProgress) && r.Time.Due.Before(now),
		"identity": r.State == orders.AwaitingKYC,
		"open":     r.State == orders.Paid || r.State == orders.InProgress || r.State == orders.WaitingCustomer,
	}[q.Get("view")]
	is := func(name, value string) bool { return q.Get(name) == "" || q.Get(name) == value }
	million := func(name string, otherwise int64) int64 {
		for n := range int64(100) {
			if text := q.Get(name); text == i18n.FA.Number(n*1_000_000) || text == strconv.FormatInt(n*1_000_000, 10) {
				return n * 10_000_000 // rials
			}
		}
		return otherwise
	}
	ages := map[string]time.Duration{"": -1000 * time.Hour, "30m": 30 * time.Minute, "1h": time.Hour, "2h": 2 * time.Hour, "1d": 24 * time.Hour, "3d": 72 * time.Hour}
	return inView && is("service", k[r.ServiceVersionID].slug) && is("family", k[r.ServiceVersionID].family) && is("state", string(r.State)) &&
		is("tier", r.Tier) && is("who", strconv.FormatInt(r.HolderID, 10)) && now.Sub(r.PlacedAt) >= ages[q.Get("age")] &&
		int64(r.Total) >= million("min", 0) && int64(r.Total) <= million("max", 1<<60)
}

// sorted orders rows as the page's address asks.
func sortedBy(q url.Values, rows []board.Row) []string {
	slices.SortFunc(rows, func(a, b board.Row) int {
		switch {
		case q.Get("sort") == "amount":
			return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(b.ID, a.ID))
		case q.Get("sort") == "placed":
			return cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.ID, b.ID))
		case q.Get("view") == "identity":
			return cmp.Or(a.StateSince.Compare(b.StateSince), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Or(a.Time.Due.Compare(b.Time.Due), cmp.Compare(a.ID, b.ID))
	})
	codes := []string{}
	for _, r := range rows {
		codes = append(codes, r.Code)
	}
	return codes
}

// asked makes up a query; each filter is set now and then.
func asked(rng *rand.Rand, w *testworld.World, k kinds) url.Values {
	q := url.Values{"view": {string(board.Views[rng.IntN(len(board.Views))])}, "sort": {string(board.Sorts[rng.IntN(len(board.Sorts))])}}
	one := func(name string, of ...string) {
		if rng.IntN(4) == 0 {
			q.Set(name, of[rng.IntN(len(of))])
		}
	}
	var slugs, families []string
	for _, kind := range k {
		slugs, families = append(slugs, kind.slug), append(families, kind.family)
	}
	slices.Sort(slugs)
	slices.Sort(families)
	one("service", slugs...)
	one("family", families...)
	one("state", "paid", "in_progress", "waiting_customer")
	one("min", "2000000", "۴٬۰۰۰٬۰۰۰", i18n.FA.Number(3_000_000))
	one("max", "7000000", i18n.FA.Number(8_000_000))
	one("tier", "silver", "gold")
	one("age", "30m", "1h", "2h", "1d", "3d")
	one("who", strconv.FormatInt(w.Operator.ID, 10), strconv.FormatInt(w.Operator2.ID, 10))
	return q
}

// pages follows a list to its end; between is called after each page.
func pages(t *testing.T, b *browser, q url.Values, between func()) []string {
	t.Helper()
	codes := []string{}
	for path, n := "/desk?"+q.Encode(), 0; path != ""; n++ {
		page := b.get(t, path).must(t, http.StatusOK)
		codes = append(codes, rowCodes(page)...)
		path = page.Find("a[rel=next]").AttrOr("href", "")
		between()
		if n > 20 {
			t.Fatal("the list never ends")
		}
	}
	return codes
}

// Whatever is asked, the pages joined are what a plain filter over the same
// rows gives: in order, without doubles and without gaps.
func TestFiltersAgreeWithAPlainOne(t *testing.T) {
	t.Parallel()
	w, k := crowded(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	all, found := everything(t, w), 0
	rng := rand.New(rand.NewPCG(5, 8))
	for i := range 60 {
		q := asked(rng, w, k)
		if i < len(board.Views)*len(board.Sorts) { // each view in each order
			q = url.Values{"view": {string(board.Views[i/len(board.Sorts)])}, "sort": {string(board.Sorts[i%len(board.Sorts)])}}
		}
		var want []board.Row
		for _, r := range all {
			if k.wanted(q, r, w.Operator.ID, w.Clock.Now()) {
				want = append(want, r)
			}
		}
		found += len(want)
		if got, want := pages(t, b, q, func() {}), sortedBy(q, want); !slices.Equal(got, want) {
			t.Errorf("%s shows %d rows, want %d\n%v\n%v", q.Encode(), len(got), len(want), got, want)
		}
	}
	if found < 1000 {
		t.Errorf("the queries found %d rows: too few to tell", found)
	}
}

// While colleagues claim between the pages, nothing comes twice, and what fits
// all the time is there.
func TestPagesWhileOrdersAreClaimed(t *testing.T) {
	t.Parallel()
	w, k := crowded(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	rng := rand.New(rand.NewPCG(1, 4))
	for _, view := range []string{"free", "open", "late"} {
		for _, sort := range board.Sorts {
			q := url.Values{"view": {view}, "sort": {string(sort)}}
			fit := func() map[string]bool {
				codes := map[string]bool{}
				for _, r := range everything(t, w) {
					codes[r.Code] = codes[r.Code] || k.wanted(q, r, w.Operator.ID, w.Clock.Now())
				}
				return codes
			}
			before := fit()
			got := pages(t, b, q, func() {
				for _, r := range everything(t, w) {
					if r.State == orders.Paid && rng.IntN(30) == 0 {
						_, err := w.House.Queue.Claim(t.Context(), w.Operator2, r.Code)
						testworld.Must(t, err)
					}
				}
			})
			after, seen := fit(), map[string]bool{}
			for _, code := range got {
				if seen[code] || !before[code] {
					t.Errorf("%s: %s comes twice, or should not", q.Encode(), code)
				}
				seen[code] = true
			}
			for code := range before {
				if before[code] && after[code] && !seen[code] {
					t.Errorf("%s: %s is left out", q.Encode(), code)
				}
			}
		}
	}
}

// What cannot be a filter is passed over, and stays typed.
func TestFiltersThatAreNone(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Paid(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	for _, query := range []string{"view=x&sort=y", "state=lost", "age=1y", "min=much&max=more", "who=me", "after=9-x", "after=99999999999999999999-1", "min=-5", "after=-1--1"} {
		if page := b.get(t, "/desk?filters=1&"+query).must(t, http.StatusOK); page.count("tbody#rows tr") != 1 {
			t.Errorf("%s shows %d rows", query, page.count("tbody#rows tr"))
		}
	}
	for _, query := range []string{"service=none", "family=none", "tier=none", "who=999999", "min=999999999999"} {
		b.get(t, "/desk?"+query).must(t, http.StatusOK).has(t, ".empty", "a[href='/desk?view=free']")
	}
	page := b.get(t, "/desk?min="+url.QueryEscape("۵ میلیون")+"&service="+fmt.Sprintf("%0100d", 0))
	if got := page.Find("[name=min]").AttrOr("value", ""); got != "۵ میلیون" {
		t.Errorf("what was typed is %q", got)
	}
}
