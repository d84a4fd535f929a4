package desk_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"pishkhan/internal/audit"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// Each tile opens the list of as many orders as it says, in both languages.
func TestEachTileOpensItsList(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	late := w.Paid(t)
	w.Clock.Advance(100 * time.Minute)
	w.Paid(t)
	w.Done(t)
	w.Clock.Advance(20 * time.Minute)
	w.Claimed(t)
	w.Clock.Advance(time.Minute)
	testworld.Must(t, w.House.Reports.SetTarget(t.Context(), w.Admin, 40))
	app := newApp(w)
	for lang, want := range map[i18n.Lang]map[string]string{
		i18n.FA: {"late": "۱", "soon": "۰", "free": "۲", "done": "۱ از ۴۰", "staff": "۱"},
		i18n.EN: {"late": "1", "soon": "0", "free": "2", "done": "1 of 40", "staff": "1"},
	} {
		b := signedIn(t, w, app, w.Supervisor).in(lang)
		page := b.get(t, "/desk/board").must(t, http.StatusOK)
		if n := page.count("[data-tile]"); n != 6 {
			t.Errorf("%s: %d tiles", lang, n)
		}
		for tile, value := range want {
			if got := page.text(`[data-tile="` + tile + `"] .tile-value`); got != value {
				t.Errorf("%s: %s is %q, want %q", lang, tile, got, value)
			}
		}
		for tile, rows := range map[string]int{"late": 1, "soon": 0, "free": 2, "done": 1, "forecast": 0} {
			list := b.get(t, page.Find(`[data-tile="`+tile+`"]`).AttrOr("href", "")).must(t, http.StatusOK)
			if n := list.count("tbody tr"); n != rows {
				t.Errorf("%s: %s opens %d orders, want %d", lang, tile, n, rows)
			}
			if rows == 0 {
				list.has(t, ".empty")
			}
			if title := list.text("h1"); title == "" || strings.Contains(title, "board.") {
				t.Errorf("%s: %s opens %q", lang, tile, title)
			}
		}
		if href := page.Find(`[data-tile=staff]`).AttrOr("href", ""); href != "#people" || page.count("#people [data-person]") != 1 {
			t.Errorf("the staff's tile opens %q", href)
		}
		page.has(t, "[data-method]", "svg[data-bars] a", "[data-bars] title", "[data-bars] desc", "[data-count-of=paid]")
		page.lacks(t, "[style]", "main script", "[data-count-of=done]")
		if strings.Contains(page.text("main"), "board.") {
			t.Errorf("%s: a word is missing", lang)
		}
	}
	b := signedIn(t, w, app, w.Supervisor)
	if got := b.get(t, "/desk/board/orders?of=late").text("tbody tr"); !strings.Contains(got, late.Code) {
		t.Errorf("late: %q", got)
	}
}

// Behind every number of the report are as many orders.
func TestTheOrdersBehindTheReport(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	slow := w.Claimed(t)
	w.Done(t)
	w.Clock.Advance(3 * time.Hour)
	w.FinishBy(t, w.Operator, slow)
	b := signedIn(t, w, newApp(w), w.Auditor).in(i18n.EN)
	page := b.get(t, "/desk/board?range=1").must(t, http.StatusOK)
	page.has(t, "[data-table=days]", "[data-table=services]", "[data-table=people]", "[data-table=load] .heat-5 a")
	page.lacks(t, "form[action='/desk/board/target']")
	links := 0
	page.Find("#report .card td a, #people td a").Each(func(_ int, a *goquery.Selection) {
		links++
		list := b.get(t, a.AttrOr("href", "")).must(t, http.StatusOK)
		if want := strings.TrimSpace(a.Text()); want != "0" && list.count("tbody tr") != int(want[0]-'0') {
			t.Errorf("%s opens %d orders, want %s", a.AttrOr("href", ""), list.count("tbody tr"), want)
		}
	})
	if links < 10 {
		t.Errorf("%d numbers lead on", links)
	}
	for _, path := range []string{"of=none", "of=state&state=lost", "of=held", "of=done&from=1405/13/01&to=1405/13/01", "of=done&member=x", ""} {
		b.get(t, "/desk/board/orders?"+path).must(t, http.StatusNotFound)
	}
}

// A range is typed in either calendar and either digits; what cannot be one is said.
func TestARangeIsTyped(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Done(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	for _, query := range []string{"from=1405/07/13&to=1405/07/13", "from=۱۴۰۵/۷/۱۳&to=۱۴۰۵/۷/۱۴", "from=2026-10-05&to=2026-10-06", "range=30", "range=nonsense"} {
		page := b.get(t, "/desk/board?"+query).must(t, http.StatusOK)
		if got := page.text("[data-total]"); !strings.HasPrefix(got, "1 orders completed") {
			t.Errorf("%s: %q", query, got)
		}
	}
	for _, query := range []string{"from=1405/07/14&to=1405/07/13", "from=1404/12/30&to=1405/01/01", "from=x&to=", "from=1400/01/01&to=1405/01/01"} {
		page := b.get(t, "/desk/board?"+query).must(t, http.StatusUnprocessableEntity)
		page.has(t, "#report [aria-invalid]")
	}
	empty := b.get(t, "/desk/board?from=1405/06/01&to=1405/06/02").must(t, http.StatusOK)
	empty.has(t, "#report .empty")
}

func TestTheTargetAndTheSummaryAreChosen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	b := signedIn(t, w, app, w.Supervisor).in(i18n.FA)
	b.post(t, "/desk/board/target", "target", "۴۵").leadsTo(t, "/desk/board")
	if got := b.get(t, "/desk/board").text("[data-tile=done] .tile-value"); got != "۰ از ۴۵" {
		t.Errorf("the target shows as %q", got)
	}
	wrong := b.post(t, "/desk/board/target", "target", "many").must(t, http.StatusUnprocessableEntity)
	if got := wrong.Find("#f-target").AttrOr("value", ""); got != "many" {
		t.Errorf("what was typed is %q", got)
	}
	signedIn(t, w, app, w.Auditor).post(t, "/desk/board/target", "target", "5").must(t, http.StatusForbidden)
	signedIn(t, w, app, w.Operator).get(t, "/desk/board").must(t, http.StatusForbidden)

	b.get(t, "/desk/board").has(t, "[data-summary=off]")
	b.post(t, "/desk/board/summary", "lang", "en").leadsTo(t, "/desk/board")
	b.get(t, "/desk/board").has(t, "[data-summary=on_en]")
	b.post(t, "/desk/board/summary", "lang", "xx").must(t, http.StatusUnprocessableEntity)
	b.post(t, "/desk/board/summary", "lang", "").leadsTo(t, "/desk/board")
	b.get(t, "/desk/board").has(t, "[data-summary=off]")
}

// What leaves the house is on record, and no cell of it is a formula.
func TestExports(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	done := w.Done(t)
	w.Paid(t)
	_, err := w.House.Pool.Exec(t.Context(), "UPDATE staff_members SET name = '=cmd|x' WHERE id = $1", w.Operator.ID)
	testworld.Must(t, err)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.FA)
	page := b.get(t, "/desk/board?range=7")
	n := 0
	page.Find("[data-export]").Each(func(_ int, a *goquery.Selection) {
		n++
		b.get(t, a.AttrOr("href", "")).must(t, http.StatusOK)
	})
	if n != 10 || w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'report.export' AND actor_id = $1", w.Supervisor.ID) != n {
		t.Errorf("%d files", n)
	}
	file := b.get(t, "/desk/board/export/orders.csv?range=7")
	if got := file.header.Get("Content-Disposition"); !strings.Contains(got, "pishkhan-orders-2026-10-05.csv") {
		t.Errorf("named %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	testworld.Must(t, err)
	if len(rows) != 2 || rows[1][0] != done.Code || rows[1][2] != "2026-10-05T12:04:00+03:30" || rows[1][3] != "1405/07/13 12:04" || rows[1][7] != "'=cmd|x" {
		t.Errorf("%q", rows)
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(b.get(t, "/desk/board/export/people.xlsx?range=7").body)))
	testworld.Must(t, err)
	defer book.Close()
	if got, err := book.GetCellValue("people", "A2"); err != nil || got != "'=cmd|x" {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"list.csv?of=free", "list.xlsx?of=free", "list.csv?of=forecast"} {
		answer := b.get(t, "/desk/board/export/"+name).must(t, http.StatusOK)
		if strings.Contains(answer.body, "0499370899") {
			t.Errorf("%s holds an identity number", name)
		}
	}
	for _, name := range []string{"days.pdf", "secrets.csv", "days"} {
		b.get(t, "/desk/board/export/"+name).must(t, http.StatusNotFound)
	}
	signedIn(t, w, b.app, audit.Actor{Name: w.Finance.Name}).get(t, "/desk/board/export/days.csv").must(t, http.StatusForbidden)
}

// htmx is given the part that tells of now, and nothing else.
func TestTheBoardRefreshesInPlace(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor)
	part := b.htmx("board-now").get(t, "/desk/board").must(t, http.StatusOK)
	part.has(t, "#board-now[hx-get='/desk/board']", "[data-tile=late]")
	part.lacks(t, "header.bar", "#report")
}
