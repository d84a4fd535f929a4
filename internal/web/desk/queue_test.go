package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"pishkhan/internal/board"
	"pishkhan/internal/i18n"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

func TestQueueIsInTheOrderOfDueTimes(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	var codes []string
	for range 3 {
		codes = append(codes, w.Paid(t).Code)
		w.Clock.Advance(10 * time.Minute)
	}
	for _, lang := range i18n.Langs() {
		page := signedIn(t, w, app, w.Operator).in(lang).get(t, "/desk").must(t, http.StatusOK)
		if got := rowCodes(page); !slices.Equal(got, codes) {
			t.Errorf("%s: the rows are %v, want %v", lang, got, codes)
		}
		if got, want := page.text("tbody#rows [data-words]"), lang.T("parts.time.calm_hm", "h", 1, "m", 30); got != want {
			t.Errorf("%s: the first says %q, want %q", lang, got, want)
		}
		if got := page.text("thead th"); got != lang.T("desk.col.time") {
			t.Errorf("%s: the first column is %q", lang, got)
		}
	}
}

func TestTimeLeftFollowsWorkingTime(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	w.Paid(t) // at noon, due at 14:00
	level := func() string {
		page := signedIn(t, w, app, w.Operator).get(t, "/desk?view=open")
		level, _ := page.Find("tbody#rows [data-level]").Attr("data-level")
		return level
	}
	at := time.Duration(0)
	for _, c := range []struct {
		left time.Duration
		want string
	}{{61 * time.Minute, "calm"}, {59 * time.Minute, "soon"}, {29 * time.Minute, "urgent"}, {-time.Minute, "late"}} {
		w.Clock.Advance(2*time.Hour - c.left - at)
		at = 2*time.Hour - c.left
		if got := level(); got != c.want {
			t.Errorf("with %s left it is %q", c.left, got)
		}
	}
}

func TestViewsOfTheQueue(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	free, mine, held, other := w.Paid(t), w.Claimed(t), w.Claimed(t), w.Paid(t)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, held.Code, "کدام تاریخ؟"))
	_, err := w.House.Queue.Claim(t.Context(), w.Operator2, other.Code)
	testworld.Must(t, err)
	want := map[board.View][]string{
		board.Free: {free.Code}, board.Mine: {mine.Code, held.Code}, board.OnHold: {held.Code},
		board.Late: {}, board.Open: {free.Code, mine.Code, held.Code, other.Code},
	}
	b := signedIn(t, w, app, w.Operator)
	for view, codes := range want {
		page := b.get(t, "/desk?view="+string(view)).must(t, http.StatusOK)
		if got := rowCodes(page); !slices.Equal(got, codes) {
			t.Errorf("%s shows %v, want %v", view, got, codes)
		}
	}
	page := b.get(t, "/desk?view=open")
	page.has(t, "#row-"+other.Code+".is-taken", "#row-"+held.Code+" .time-paused", "#row-"+free.Code+" form")
	page.lacks(t, "#row-"+mine.Code+".is-taken", "#row-"+other.Code+" form")
	if !strings.Contains(page.text("#row-"+other.Code), w.Operator2.Name) {
		t.Error("the row does not say who holds the order")
	}
	w.Clock.Advance(3 * time.Hour)
	b = signedIn(t, w, app, w.Operator)
	if got := rowCodes(b.get(t, "/desk?view=late")); !slices.Equal(got, []string{free.Code, mine.Code, other.Code}) {
		t.Errorf("late are %v", got)
	}
}

func TestQueueGoesOnBehindTheLastRow(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	var all []string
	for range board.PageSize + 2 {
		all = append(all, w.Paid(t).Code)
	}
	b := signedIn(t, w, newApp(w), w.Operator)
	first := b.get(t, "/desk")
	next, ok := first.Find("a[rel=next]").Attr("href")
	if !ok {
		t.Fatal("no way to the next page")
	}
	second := b.get(t, next)
	if got := append(rowCodes(first), rowCodes(second)...); !slices.Equal(got, all) {
		t.Errorf("two pages show %d rows, want %d in order", len(got), len(all))
	}
	second.lacks(t, "a[rel=next]")
	b.get(t, "/desk?after=x&view=nonsense").must(t, http.StatusOK).has(t, "tbody#rows tr")
}

func TestNextOpensTheEarliestDue(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	first, second := w.Paid(t), w.Paid(t)
	sara, ali := signedIn(t, w, app, w.Operator), signedIn(t, w, app, w.Operator2)
	sara.post(t, "/desk/next").leadsTo(t, "/desk/orders/"+first.Code)
	ali.post(t, "/desk/next").leadsTo(t, "/desk/orders/"+second.Code)
	empty := sara.in(i18n.EN).post(t, "/desk/next").must(t, http.StatusNotFound)
	empty.has(t, ".empty", "a[href='/desk?view=mine']")
	if got := empty.text(".notice-title"); got != i18n.EN.T("queue.error.empty") {
		t.Errorf("it says %q", got)
	}
}

func TestAnEmptyQueueSaysWhenTheDeskOpens(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Operator).in(i18n.EN)
	if got := b.get(t, "/desk").text(".empty-text"); got != i18n.EN.T("desk.empty.open") {
		t.Errorf("at noon: %q", got)
	}
	w.Clock.Set(time.Date(2026, 10, 5, 19, 30, 0, 0, time.UTC)) // 23:00 in Tehran
	b = signedIn(t, w, newApp(w), w.Operator).in(i18n.EN)
	if got := b.get(t, "/desk").text(".empty-text"); !strings.Contains(got, "Tuesday 6 October 2026") {
		t.Errorf("at night: %q", got)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	o := w.Paid(t)
	who, err := w.House.Customers.Case(t.Context(), w.House.Pool, o.IdentityCaseID)
	testworld.Must(t, err)
	w.Paid(t, "ielts-registration")

	b.get(t, "/desk/search?q="+strings.ToLower(o.Code)).leadsTo(t, "/desk/orders/"+o.Code)
	arabic := strings.NewReplacer("ی", "ي", "ک", "ك", " ", "%20").Replace(who.Name)
	for _, query := range []string{arabic, who.Mobile, "+98" + who.Mobile[1:], "steampowered"} {
		if got := rowCodes(b.get(t, "/desk/search?q="+query).must(t, http.StatusOK)); !slices.Contains(got, o.Code) {
			t.Errorf("%q finds %v", query, got)
		}
	}
	for _, query := range []string{"", "%25", "_", "nobody%20at%20all", "09129999999"} {
		b.get(t, "/desk/search?q="+query).must(t, http.StatusOK).has(t, ".empty")
	}
}

func TestTheSecondToClaimIsToldWhoWasFirst(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		o := w.Paid(t)
		_, err := w.House.Queue.Claim(t.Context(), w.Operator2, o.Code)
		testworld.Must(t, err)
		b := signedIn(t, w, app, w.Operator).in(lang)

		page := b.post(t, "/desk/orders/"+o.Code+"/claim").must(t, http.StatusConflict)
		want := lang.T("queue.error.taken", "code", o.Code, "name", w.Operator2.Name, "at", w.Clock.Now())
		if got := page.text(".notice-error .notice-title"); got != want {
			t.Errorf("%s: it says %q, want %q", lang, got, want)
		}
		page.has(t, "#held", "[data-state="+string(orders.InProgress)+"]")
		page.lacks(t, "form[action$='/claim']", "form[action$='/purchase']")

		fragment := b.htmx("tr#row-"+o.Code).post(t, "/desk/orders/"+o.Code+"/claim").must(t, http.StatusConflict)
		for _, part := range []string{want, `id="row-` + o.Code + `"`, "is-taken"} {
			if !strings.Contains(fragment.body, part) {
				t.Errorf("%s: the fragment lacks %q", lang, part)
			}
		}
	}
}

func rowCodes(a answer) []string {
	return a.Find("tbody#rows tr td:nth-child(2)").Map(func(_ int, cell *goquery.Selection) string {
		return strings.TrimSpace(cell.Text())
	})
}
