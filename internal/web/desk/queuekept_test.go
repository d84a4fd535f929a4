package desk_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pishkhan/internal/iran"
	"pishkhan/internal/testworld"
)

// A view is kept under its name with all that its list asks; colleagues see
// it when it is shared, but its owner alone replaces and removes it.
func TestSavedViews(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	sara, ali := signedIn(t, w, app, w.Operator), signedIn(t, w, app, w.Operator2)
	link := func(b *browser, name string) string {
		t.Helper()
		return b.get(t, "/desk").Find("a[data-palette]:contains('"+name+"')").AttrOr("href", "")
	}
	query := "age=1h&min=2000000&sort=amount&view=open"
	sara.post(t, "/desk/queue/views", "view_name", "  بزرگ‌ها   و کهنه‌ها ", "query", query+"&after=5-5&evil=1").leadsTo(t, "/desk?"+query)
	if got := link(sara, "بزرگ‌ها و کهنه‌ها"); got != "/desk?"+query {
		t.Errorf("it opens %q", got)
	}
	if got := link(ali, "بزرگ‌ها"); got != "" {
		t.Errorf("a colleague sees %q", got)
	}
	sara.post(t, "/desk/queue/views", "view_name", "بزرگ‌ها و کهنه‌ها", "query", "view=late", "shared", "1").leadsTo(t, "/desk?view=late")
	if got := link(ali, "بزرگ‌ها"); got != "/desk?view=late" {
		t.Errorf("shared, it opens %q", got)
	}
	if n := w.Count(t, "SELECT count(*) FROM queue_views"); n != 1 {
		t.Errorf("%d views of one name", n)
	}
	// of the same name, a colleague's own does not touch it
	ali.post(t, "/desk/queue/views", "view_name", "بزرگ‌ها و کهنه‌ها", "query", "view=mine").leadsTo(t, "/desk?view=mine")
	remove := sara.get(t, "/desk").Find("form[action$='/remove']").AttrOr("action", "")
	if n := ali.get(t, "/desk").count("form[action='" + remove + "']"); n != 0 {
		t.Error("a colleague is offered to remove it")
	}
	ali.post(t, remove).must(t, http.StatusNotFound)
	signedIn(t, w, app, w.Supervisor).post(t, remove).must(t, http.StatusNotFound)
	if got := link(sara, "بزرگ‌ها"); got != "/desk?view=late" {
		t.Errorf("its owner then sees %q", got)
	}
	sara.post(t, remove).leadsTo(t, "/desk")
	sara.post(t, remove).must(t, http.StatusNotFound)
	if n := w.Count(t, "SELECT count(*) FROM queue_views"); n != 1 {
		t.Errorf("%d views are left", n)
	}
	for _, name := range []string{"", "   ", strings.Repeat("ن", 61)} {
		sara.post(t, "/desk/queue/views", "view_name", name, "query", "view=free").must(t, http.StatusUnprocessableEntity).has(t, ".notice")
	}
	sara.post(t, "/desk/queue/views/x/remove").must(t, http.StatusNotFound)
}

// The chosen columns are kept, for the member alone.
func TestColumnsAreKept(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Paid(t)
	app := newApp(w)
	b := signedIn(t, w, app, w.Operator)
	hidden := func(b *browser) string { return b.get(t, "/desk").Find(".queue-table").AttrOr("data-hide", "?") }
	before := hidden(b)
	b.post(t, "/desk/queue/look", "back", "/desk?view=open", "column", "mobile", "column", "state", "column", "passwords", "compact", "1").leadsTo(t, "/desk?view=open")
	if got := hidden(b); got != "service site amount customer tier deadline placed owner" {
		t.Errorf("hidden are %q", got)
	}
	b.get(t, "/desk").has(t, "#list.is-compact", "[name=column][value=mobile][checked]", "[name=compact][checked]")
	if got := hidden(signedIn(t, w, app, w.Operator2)); got != before {
		t.Errorf("a colleague does not see %q", got)
	}
	b.post(t, "/desk/queue/look", "back", "https://evil.example/").leadsTo(t, "/desk")
	if got := hidden(b); strings.Count(got, " ") != 9 {
		t.Errorf("with no column chosen, hidden are %q", got)
	}
	b.get(t, "/desk").lacks(t, "#list.is-compact")
}

// A name is found however its letters are typed, a number in all spellings.
func TestSearchInAllSpellings(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	who := w.Someone()
	who.Identity.Name = "علی‌رضا کاظمی‌پور آرین"
	placed := w.PlacedBy(t, w.Visitor(t), who)
	w.Pay(t, placed)
	o := w.Order(t, placed.Orders[0])
	w.Paid(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	mobile, err := iran.ParseMobile(who.Identity.Mobile)
	testworld.Must(t, err)
	m := mobile.String() // 09…
	persian := strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴", "5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹")
	arabic := strings.NewReplacer("0", "٠", "1", "١", "2", "٢", "3", "٣", "4", "٤", "5", "٥", "6", "٦", "7", "٧", "8", "٨", "9", "٩")
	for _, typed := range []string{
		"علی‌رضا کاظمی‌پور", "علي رضا كاظمي پور", "علی رضا", "کاظمی", "كاظمي‌پور", "ارین", "آرین علی", "  علی   کاظمی ", "عَلی", "کـاظمی",
		m, "+98" + m[1:], "0098" + m[1:], "98" + m[1:], m[1:], m[:4] + " " + m[4:7] + " " + m[7:], m[:4] + "-" + m[4:7] + "-" + m[7:], m[7:],
		persian.Replace(m), arabic.Replace(m), persian.Replace("+98" + m[1:]), persian.Replace(m[7:]),
	} {
		if got := rowCodes(b.get(t, "/desk/search?q="+url.QueryEscape(typed)).must(t, http.StatusOK)); !slices.Contains(got, o.Code) {
			t.Errorf("%q finds %v", typed, got)
		}
	}
	for _, typed := range []string{o.Code, strings.ToLower(o.Code), " " + persian.Replace(o.Code) + " "} {
		b.get(t, "/desk/search?q="+url.QueryEscape(typed)).leadsTo(t, "/desk/orders/"+o.Code)
	}
	for _, typed := range []string{"علی کاظمی حسینی", "ظمی", "' | 'ع", "!علی", "a & !b:*", `\`, strings.Repeat("ع ", 120)} {
		if got := rowCodes(b.get(t, "/desk/search?q="+url.QueryEscape(typed)).must(t, http.StatusOK)); slices.Contains(got, o.Code) && strings.ContainsAny(typed, "!|") {
			t.Errorf("%q finds %v", typed, got)
		}
	}
}

// The file holds what was picked, once each and in that order; no cell of it
// is a formula, and that it was taken is on record.
func TestPickedOrdersAsAFile(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	mine, free := w.Claimed(t), w.Paid(t)
	w.Paid(t)
	for _, statement := range []string{"UPDATE claims SET member_name = '=HYPERLINK(1)'", "UPDATE identity_cases SET name = '@SUM(A1)'"} {
		_, err := w.House.Pool.Exec(t.Context(), statement)
		testworld.Must(t, err)
	}
	b := signedIn(t, w, newApp(w), w.Operator)
	answer := b.post(t, "/desk/queue/export", "code", free.Code, "code", mine.Code, "code", "NOSUCH1", "code", free.Code).must(t, http.StatusOK)
	if got := answer.header.Get("Content-Disposition"); !strings.Contains(got, "attachment") || !strings.HasPrefix(answer.body, "\ufeff") {
		t.Errorf("sent as %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.body, "\ufeff"))).ReadAll()
	testworld.Must(t, err)
	if len(rows) != 3 || rows[1][0] != free.Code || rows[2][0] != mine.Code || rows[2][5] != "'=HYPERLINK(1)" || rows[1][3] != "'@SUM(A1)" {
		t.Errorf("%q", rows)
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb = 'report.export' AND subject = 'board:queue' AND actor_id = $1", w.Operator.ID); n != 1 {
		t.Errorf("%d exports are on record", n)
	}
	b.post(t, "/desk/queue/export").must(t, http.StatusUnprocessableEntity)
}
