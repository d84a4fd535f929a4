package desk_test

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/testworld"
)

// second returns somebody else of finance.
func second(t *testing.T, w *testworld.World) audit.Actor {
	t.Helper()
	_, err := w.House.Pool.Exec(t.Context(), "INSERT INTO staff_roles (member_id, role, granted_at) VALUES ($1, 'finance', $2)", w.Operator2.ID, w.Clock.Now())
	testworld.Must(t, err)
	return w.Operator2
}

func sells(t *testing.T, w *testworld.World, currency money.Currency) int64 {
	t.Helper()
	history, err := w.House.Pricing.RateHistory(t.Context(), currency, math.MaxInt64, 1)
	testworld.Must(t, err)
	return history[0].SellRials.Toman()
}

func TestTheMorningsRates(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		w := testworld.New(t)
		b := signedIn(t, w, newApp(w), w.Finance).in(lang)
		page := b.get(t, "/desk/rates").must(t, http.StatusOK)
		page.has(t, "tr[data-currency=USD] input[name=sell_USD]", "tr[data-currency=USD] input[name=buy_USD]", "a[href='/desk/rates'][aria-current]")
		if got, want := page.text("tr[data-currency=USD] [data-sell]"), lang.Number(162_000); got != want {
			t.Errorf("%s: the dollar is at %q, want %q", lang, got, want)
		}
		if got := page.text("tr[data-currency=USD] td:last-child"); got != lang.T("rates.source.sample") {
			t.Errorf("%s: it comes from %q", lang, got)
		}

		// One side alone, Persian digits, both sides, and a jump.
		answer := b.post(t, "/desk/rates", "sell_USD", "۱۶۳٬۵۰۰", "buy_EUR", "186,000", "sell_TRY", "5000", "buy_TRY", "4900", "sell_GBP", " ")
		answer.leadsTo(t, "/desk/rates?set=USD.EUR&waits=TRY")
		page = b.get(t, answer.header.Get("Location")).must(t, http.StatusOK)
		if got := page.text("[data-set]"); !strings.Contains(got, "USD") || !strings.Contains(got, "EUR") || strings.Contains(got, "TRY") {
			t.Errorf("%s: was set: %q", lang, got)
		}
		if got := page.text("[data-waits]"); !strings.Contains(got, "TRY") {
			t.Errorf("%s: waits: %q", lang, got)
		}
		if got := page.text("[data-proposal=TRY]"); !strings.Contains(got, lang.T("rates.up", "percent", decimal.RequireFromString("29.9"))) {
			t.Errorf("%s: the proposal is %q", lang, got)
		}
		if got := page.text("tr[data-currency=USD]"); !strings.Contains(got, w.Finance.Name) || !strings.Contains(got, lang.Number(163_500)) {
			t.Errorf("%s: the row says %q", lang, got)
		}
		if sells(t, w, "EUR") != 189_000 || sells(t, w, "GBP") != 217_000 || sells(t, w, "TRY") != 3_850 {
			t.Error("what was left empty has changed")
		}
		for _, address := range []string{"?set=<b>.USD", "?set=XXX&waits=."} {
			b.get(t, "/desk/rates"+address).must(t, http.StatusOK).lacks(t, "[data-waits]", "main b")
		}
	}
}

func TestWrongRatesAreShownBesideTheirFields(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	before := w.Count(t, "SELECT count(*) FROM exchange_rates")
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, newApp(w), w.Finance).in(lang)
		page := b.post(t, "/desk/rates", "sell_USD", "abc", "buy_EUR", "190000", "sell_GBP", "218000", "sell_CAD", "-5", "sell_AED", "0", "buy_JPY", "1.5").
			must(t, http.StatusUnprocessableEntity)
		for _, name := range []string{"sell_USD", "sell_CAD", "sell_AED", "buy_JPY"} {
			page.has(t, "#f-"+name+"[aria-invalid]", "#f-"+name+"-error", ".notice-error a[href='#f-"+name+"']")
		}
		if v, _ := page.Find("#f-sell_GBP").Attr("value"); v != "218000" {
			t.Errorf("%s: what was right is lost: %q", lang, v)
		}
		if got := page.text(".notice-error a[href='#f-sell_USD']"); !strings.Contains(got, lang.T("currency.USD")) {
			t.Errorf("%s: the summary does not name the field: %q", lang, got)
		}
		b.post(t, "/desk/rates", "buy_EUR", "190000").must(t, http.StatusUnprocessableEntity).has(t, "#f-buy_EUR-error")
		empty := b.post(t, "/desk/rates").must(t, http.StatusUnprocessableEntity)
		if got := empty.text(".notice-error"); got != lang.T("rates.nothing") {
			t.Errorf("%s: nothing typed: %q", lang, got)
		}
	}
	if w.Count(t, "SELECT count(*) FROM exchange_rates") != before {
		t.Error("a part was set")
	}
}

func TestASecondPersonDecidesOnJumps(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	first, other := signedIn(t, w, app, w.Finance), signedIn(t, w, app, second(t, w))
	propose := func() string {
		t.Helper()
		first.post(t, "/desk/rates", "sell_USD", "200000").leadsTo(t, "/desk/rates?set=&waits=USD")
		open, err := w.House.Pricing.Proposals(t.Context())
		testworld.Must(t, err)
		return "/desk/rates/proposals/" + strconv.FormatInt(int64(open[0].ID), 10)
	}
	path := propose()
	page := first.get(t, "/desk/rates").must(t, http.StatusOK)
	page.lacks(t, "[formaction$='/approve']")
	page.has(t, "[formaction='"+path+"/reject']")
	first.post(t, path+"/approve").must(t, http.StatusForbidden).has(t, ".notice-error", "[data-proposal=USD]")
	other.get(t, "/desk/rates").has(t, "[formaction='"+path+"/approve']")
	other.post(t, path+"/approve").leadsTo(t, "/desk/rates?set=USD")
	if got := sells(t, w, "USD"); got != 200_000 {
		t.Errorf("the dollar is at %d", got)
	}
	if got := first.get(t, "/desk/rates").text("tr[data-currency=USD] td:last-child"); !strings.Contains(got, w.Finance.Name) || !strings.Contains(got, w.Operator2.Name) {
		t.Errorf("the row names %q", got)
	}
	other.post(t, path+"/reject").must(t, http.StatusConflict).has(t, ".notice-error")
	other.post(t, "/desk/rates/proposals/999/approve").must(t, http.StatusNotFound)

	_, err := w.House.Pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, money.FromToman(200_000))
	testworld.Must(t, err)
	first.post(t, "/desk/rates", "sell_USD", "300000")
	first.get(t, "/desk/rates").has(t, "[data-proposal=USD]")
	open, err := w.House.Pricing.Proposals(t.Context())
	testworld.Must(t, err)
	first.post(t, "/desk/rates/proposals/"+strconv.FormatInt(int64(open[0].ID), 10)+"/reject").leadsTo(t, "/desk/rates")
	first.get(t, "/desk/rates").lacks(t, "[data-proposal]")
}

func TestStaleRatesAreSeenAndTermsSet(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, newApp(w), w.Finance).in(lang)
		page := b.post(t, "/desk/rates/terms", "max_age", "۰", "jump_percent", "x").must(t, http.StatusUnprocessableEntity)
		page.has(t, "#f-jump_percent-error")
		b.post(t, "/desk/rates/terms", "max_age", "0", "jump_percent", "5").must(t, http.StatusUnprocessableEntity).has(t, "#f-max_age-error")
		b.post(t, "/desk/rates/terms", "max_age", "۲۰", "jump_percent", "۷٫۵").leadsTo(t, "/desk/rates#terms")
		terms, err := w.House.Pricing.RateTerms(t.Context())
		if err != nil || terms.MaxAge != 20*time.Hour || terms.JumpPercent.String() != "7.5" {
			t.Errorf("%+v, %v", terms, err)
		}
	}
	b := signedIn(t, w, newApp(w), w.Finance)
	w.Clock.Advance(19 * time.Hour)
	b.get(t, "/desk/rates").must(t, http.StatusSeeOther) // the session has ended meanwhile
	b = signedIn(t, w, newApp(w), w.Finance)
	b.get(t, "/desk/rates").must(t, http.StatusOK).has(t, "tr[data-currency=USD] [data-age=soon]")
	w.Clock.Advance(time.Hour + time.Second)
	page := signedIn(t, w, newApp(w), w.Supervisor).get(t, "/desk/rates").must(t, http.StatusOK)
	page.has(t, "tr[data-currency=USD] [data-age=stale]")
	if got := page.text("[data-stale-rates]"); !strings.Contains(got, "USD") {
		t.Errorf("the notice says %q", got)
	}
}

func TestTheCourseOfOneCurrency(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for i := range 60 {
		w.Clock.Advance(time.Hour)
		_, err := w.House.Pricing.SetRate(t.Context(), audit.Machine, money.USD, 0, money.Rials(1_620_000+i*100))
		testworld.Must(t, err)
	}
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, newApp(w), w.Finance).in(lang)
		for _, days := range []string{"7", "30", "365"} {
			page := b.get(t, "/desk/rates/USD?days="+days).must(t, http.StatusOK)
			page.has(t, "svg[data-chart='"+days+"'][aria-label]", "svg path[d^=M]", "[data-point]", "a[href='/desk/rates/USD?days="+days+"'][aria-current]")
			if got := page.text("svg[data-chart]"); !strings.Contains(got, lang.Digits("3")) && !strings.Contains(got, lang.Digits("1")) {
				t.Errorf("%s: the picture's words are %q", lang, got)
			}
		}
		page := b.get(t, "/desk/rates/USD?days=nonsense").must(t, http.StatusOK)
		page.has(t, "svg[data-chart='30']")
		if n := page.count("[data-rate]"); n != 50 {
			t.Errorf("%d rates on the first page", n)
		}
		next, _ := page.Find("a[rel=next]").Attr("href")
		if rest := b.get(t, next).must(t, http.StatusOK); rest.count("[data-rate]") != 11 || rest.count("a[rel=next]") != 0 {
			t.Errorf("%d rates on the second", rest.count("[data-rate]"))
		}
		none := b.get(t, "/desk/rates/KRW").must(t, http.StatusOK)
		none.lacks(t, "svg[data-chart]", "[data-rate]")
		none.has(t, ".empty")
	}
	b := signedIn(t, w, newApp(w), w.Finance)
	b.get(t, "/desk/rates/XXX").must(t, http.StatusNotFound)
	b.get(t, "/desk/rates/usd").must(t, http.StatusNotFound)
}

func TestSettingAFeed(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, newApp(w), w.Finance).in(lang)
		page := b.post(t, "/desk/rates/EUR/feed", "url", "ftp://example.com", "sell_path", "eur", "buy_path", "]", "unit", "", "margin_percent", "51", "every_minutes", "4", "on", "on").
			must(t, http.StatusUnprocessableEntity)
		for _, name := range []string{"url", "sell_path", "buy_path", "margin_percent", "every_minutes"} {
			page.has(t, "#f-"+name+"[aria-invalid]", "#f-"+name+"-error")
		}
		if v, _ := page.Find("#f-url").Attr("value"); v != "ftp://example.com" {
			t.Errorf("%s: what was typed is lost: %q", lang, v)
		}
		page.has(t, "#f-on[checked]")
		b.post(t, "/desk/rates/EUR/feed", "url", "https://example.com/rates?key=1", "sell_path", "$.eur", "unit", "rial", "margin_percent", "۱٫۵", "every_minutes", "۱۰", "on", "on").
			leadsTo(t, "/desk/rates/EUR#feed")
		page = b.get(t, "/desk/rates/EUR").must(t, http.StatusOK)
		page.has(t, "[data-feed=new]", "#f-on[checked]", "input[name=unit][value=rial][checked]", "#f-url[value='https://example.com/rates?key=1']")
	}
	feed, err := w.House.RateWatch.Feed(t.Context(), money.EUR)
	if err != nil || feed.MarginPercent.String() != "1.5" || feed.EveryMinutes != 10 || feed.EnabledBy != w.Finance.ID {
		t.Errorf("%+v, %v", feed, err)
	}
	_, err = w.House.Pool.Exec(t.Context(), "UPDATE rate_feeds SET last_error = 'rates.feed.error.status', last_detail = '503', failures = 2, last_run_at = $1", w.Clock.Now())
	testworld.Must(t, err)
	app := newApp(w)
	if got := signedIn(t, w, app, w.Finance).get(t, "/desk/rates").text("[data-failing]"); !strings.Contains(got, "EUR") {
		t.Errorf("the notice says %q", got)
	}
	// Who may only look sees what fails, and not the address: it may hold a key.
	page := signedIn(t, w, app, w.Auditor).get(t, "/desk/rates/EUR").must(t, http.StatusOK)
	page.has(t, "[data-feed=failed]")
	page.lacks(t, "form[action$='/feed']", "input[name=url]")
	if strings.Contains(page.body, "key=1") || !strings.Contains(page.text("[data-feed]"), "503") {
		t.Errorf("%q", page.text("[data-feed]"))
	}
}

func TestWhoSeesAndSetsRates(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	looks := signedIn(t, w, app, w.Supervisor)
	looks.get(t, "/desk/rates").must(t, http.StatusOK).lacks(t, "input[name^=sell_]", "form[action='/desk/rates/terms']")
	looks.post(t, "/desk/rates", "sell_USD", "163000").must(t, http.StatusForbidden)
	looks.post(t, "/desk/rates/terms", "max_age", "1", "jump_percent", "1").must(t, http.StatusForbidden)
	looks.post(t, "/desk/rates/USD/feed", "url", "https://example.com").must(t, http.StatusForbidden)
	operator := signedIn(t, w, app, w.Operator)
	operator.get(t, "/desk/rates").must(t, http.StatusForbidden)
	operator.get(t, "/desk/rates/USD").must(t, http.StatusForbidden)
	if got := sells(t, w, "USD"); got != 162_000 {
		t.Errorf("the dollar is at %d", got)
	}
}
