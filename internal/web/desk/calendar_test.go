package desk_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// calendarDraft is the stored draft.
func calendarDraft(t *testing.T, w *testworld.World) sla.Draft {
	t.Helper()
	draft, err := w.House.Calendars.Draft(t.Context(), w.House.Pool)
	testworld.Must(t, err)
	return draft
}

// The month is Jalali in both languages, with holidays by name, the
// provisional ones said in a word, and other months a link or a form away.
func TestTheMonthOfTheCalendar(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	b := signedIn(t, w, app, w.Supervisor)
	for lang, want := range map[i18n.Lang][]string{
		i18n.FA: {"آبان ۱۴۰۵", "شهادت حضرت فاطمه", "احتمالی", "شنبه"},
		i18n.EN: {"Aban 1405 (October – November 2026)", "شهادت حضرت فاطمه", "provisional", "Saturday"},
	} {
		page := b.in(lang).get(t, "/desk/calendar?month=1405-08").must(t, http.StatusOK)
		for _, words := range want {
			if !strings.Contains(page.text("main"), words) {
				t.Errorf("%s: %q is missing", lang, words)
			}
		}
		page.has(t, "a[rel=prev][href='/desk/calendar?month=1405-07']", "a[rel=next][href='/desk/calendar?month=1405-09']",
			"[data-day='1405-08-22'].is-closed.is-provisional a", "[data-day='1405-08-30']", "nav a[href='/desk/calendar'][aria-current=page]")
		page.lacks(t, "[data-day='1405-08-31']", "#draft", "[data-day='1405-08-23'].is-provisional")
	}
	first := b.in(i18n.EN).get(t, "/desk/calendar?month=1405-09")
	if label := first.text("[data-day='1405-09-03'] a .sr-only"); label != "Tuesday 3 Azar 1405 (24 November 2026): 08:30–17:00" {
		t.Errorf("the day is %q", label)
	}
	if row := first.Find(".month tbody tr").First(); row.Find("td").Length() != 7 || row.Find("td.day-none").Length() != 1 { // 1 Azar 1405 is a Sunday
		t.Errorf("the first week is %q", row.Text())
	}
	if got := b.get(t, "/desk/calendar?year=۱۴۰۸&m=12").must(t, http.StatusOK); got.count("[data-day]") != 30 {
		t.Errorf("Esfand of a leap year has %d days", got.count("[data-day]"))
	}
	now := b.get(t, "/desk/calendar").must(t, http.StatusOK)
	now.has(t, ".is-today [aria-current=date]")
	for _, wrong := range []string{"?month=x", "?month=1405-13", "?month=0001-01", "?year=99999&m=1", "?year=1405&m=x", "?month=1405-08&day=1404-12-30"} {
		b.get(t, "/desk/calendar"+wrong).must(t, http.StatusOK).has(t, ".month [data-day]")
	}
	b.get(t, "/desk/calendar?month=1304-01").lacks(t, "a[rel=prev]")
	b.get(t, "/desk/calendar?month=1498-12").lacks(t, "a[rel=next]")
}

// Who may not edit sees the calendar that counts, and no draft.
func TestTheCalendarIsReadByAll(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	s := signedIn(t, w, app, w.Supervisor)
	s.post(t, "/desk/calendar/days/1405-09-03", "revision", "0", "kind", "closed", "name", "سوگواری").leadsTo(t, "/desk/calendar?month=1405-09")
	s.get(t, "/desk/calendar?month=1405-09").has(t, "[data-day='1405-09-03'].is-closed", "#draft", "#change-1405-09-03")
	o := signedIn(t, w, app, w.Operator)
	page := o.get(t, "/desk/calendar?month=1405-09&day=1405-09-03").must(t, http.StatusOK)
	page.has(t, "[data-day='1405-09-03']")
	page.lacks(t, "[data-day='1405-09-03'].is-closed", "#draft", "#day-panel", ".month a[href*=day]", "form[method=post][action^='/desk/calendar']", "a[href='/desk/calendar/week']")
	o.get(t, "/desk/calendar/history").must(t, http.StatusOK).lacks(t, "form[method=post][action*=reuse]")
	o.get(t, "/desk/calendar/export?format=json").must(t, http.StatusOK)
	o.post(t, "/desk/calendar/days/1405-09-04", "revision", "1", "kind", "closed").must(t, http.StatusForbidden)
	o.get(t, "/desk/calendar/week").must(t, http.StatusForbidden)
}

// A day is closed, gets other hours, and returns to the week; what is wrong is
// told beside its input, and what was typed stays.
func TestADayOfTheCalendar(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	day := sla.Date{Year: 1405, Month: 9, Day: 7, Jalali: true}
	const path = "/desk/calendar/days/1405-09-07"
	panel := b.get(t, "/desk/calendar?day=1405-09-07").must(t, http.StatusOK)
	panel.has(t, "#day-panel [name=kind][value=week][checked]", "#day-panel [name=windows][value='08:30-17:00']", "[data-day='1405-09-07'].is-chosen")
	b.post(t, path, "revision", panel.revision(t), "kind", "hours", "windows", "۸:۳۰–۱۲، ۱۶ تا ۲۴:۰۰", "name", " half   day ", "provisional", "1").leadsTo(t, "/desk/calendar?month=1405-09")
	rule, ok := calendarDraft(t, w).Calendar.Rule(day)
	if !ok || len(rule.Windows) != 2 || rule.Windows[1].String() != "16:00-24:00" || rule.Name != "half day" || !rule.Provisional {
		t.Errorf("the day is %+v", rule)
	}
	again := b.get(t, "/desk/calendar?day=1405-09-07")
	again.has(t, "[name=kind][value=hours][checked]", "[name=windows][value='08:30-12:00, 16:00-24:00']", "[name=provisional][checked]", "[data-provisional='1405-09-07']")
	for _, x := range []struct{ name, kind, windows, dayName, wrong string }{
		{"crosses midnight", "hours", "22:00-02:00", "", "windows"},
		{"overlap", "hours", "09:00-12:00, 11:00-13:00", "", "windows"},
		{"empty window", "hours", "09:00-09:00", "", "windows"},
		{"no windows", "hours", " , ", "", "windows"},
		{"not a time", "hours", "noon", "", "windows"},
		{"25 hours", "hours", "09:00-25:00", "", "windows"},
		{"no kind", "", "", "", "kind"},
		{"a strange kind", "sometimes", "", "", "kind"},
		{"a long name", "closed", "", strings.Repeat("نام ", 60), "name"},
	} {
		page := b.post(t, path, "revision", again.revision(t), "kind", x.kind, "windows", x.windows, "name", x.dayName).must(t, http.StatusUnprocessableEntity)
		page.has(t, "#day-panel [data-focus] a[href='#f-"+x.wrong+"']", "#f-"+x.wrong+"-error")
		if got, _ := page.Find("[name=windows]").Attr("value"); got != x.windows {
			t.Errorf("%s: typed %q, now %q", x.name, x.windows, got)
		}
	}
	b.post(t, path, "revision", again.revision(t), "kind", "week").leadsTo(t, "/desk/calendar?month=1405-09")
	if _, still := calendarDraft(t, w).Calendar.Rule(day); still {
		t.Error("the day is not an ordinary one")
	}
	for _, unknown := range []string{"1404-12-30", "1405-13-01", "x", "1405-07-31"} {
		b.post(t, "/desk/calendar/days/"+unknown, "revision", "9", "kind", "closed").must(t, http.StatusNotFound)
	}
}

// Two edit at once: the second is told by whom, keeps what was typed, and may
// save it after looking.
func TestTwoEditTheCalendar(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	one, two := signedIn(t, w, app, w.Supervisor).in(i18n.EN), signedIn(t, w, app, w.Admin).in(i18n.EN)
	read := two.get(t, "/desk/calendar?day=1405-09-10").revision(t)
	one.post(t, "/desk/calendar/days/1405-09-09", "revision", read, "kind", "closed", "name", "first").leadsTo(t, "/desk/calendar?month=1405-09")
	told := two.post(t, "/desk/calendar/days/1405-09-10", "revision", read, "kind", "hours", "windows", "10:00-11:00", "name", "second").must(t, http.StatusConflict)
	told.has(t, "[data-refusal] .notice-error", "[name=windows][value='10:00-11:00']", "[name=name][value=second]", "[name=kind][value=hours][checked]", "[data-day='1405-09-09'].is-closed")
	if got := told.text("[data-refusal]"); !strings.Contains(got, w.Supervisor.Name) {
		t.Errorf("told %q", got)
	}
	week := two.post(t, "/desk/calendar/week", "revision", read, "time_zone", "Asia/Tehran", "week.saturday", "10:00-11:00").must(t, http.StatusConflict)
	week.has(t, "[name='week.saturday'][value='10:00-11:00']", "[data-refusal]")
	for _, path := range []string{"/desk/calendar/discard", "/desk/calendar/days/1405-10-02/confirm", "/desk/calendar/days/1405-10-02/move"} {
		two.post(t, path, "revision", read).must(t, http.StatusConflict).has(t, "[data-refusal]")
	}
	two.post(t, "/desk/calendar/days/1405-09-10", "revision", told.revision(t), "kind", "closed").leadsTo(t, "/desk/calendar?month=1405-09")
	if got := len(sla.Changes(sla.Default(), calendarDraft(t, w).Calendar)); got != 2 {
		t.Errorf("the draft has %d changes", got)
	}
	two.post(t, "/desk/calendar/discard", "revision", two.get(t, "/desk/calendar").revision(t)).leadsTo(t, "/desk/calendar")
	if calendarDraft(t, w).Begun {
		t.Error("the draft is still there")
	}
}

// Lunar holidays are listed until they are confirmed, or put a day away.
func TestProvisionalHolidays(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	page := b.get(t, "/desk/calendar").must(t, http.StatusOK)
	ahead := page.count("[data-provisional]")
	if ahead < 4 {
		t.Fatalf("%d provisional holidays ahead", ahead)
	}
	b.post(t, "/desk/calendar/days/1405-10-02/confirm", "revision", page.revision(t)).leadsTo(t, "/desk/calendar?month=1405-10#provisional")
	b.post(t, "/desk/calendar/days/1405-10-16/move", "revision", b.get(t, "/desk/calendar").revision(t), "to", "after").leadsTo(t, "/desk/calendar?month=1405-10#provisional")
	draft := calendarDraft(t, w)
	for _, x := range []struct {
		day    int
		closed bool
	}{{2, true}, {16, false}, {17, true}} {
		rule, ok := draft.Calendar.Rule(sla.Date{Year: 1405, Month: 10, Day: x.day, Jalali: true})
		if ok != x.closed || rule.Provisional {
			t.Errorf("day %d: %+v %v", x.day, rule, ok)
		}
	}
	after := b.get(t, "/desk/calendar?month=1405-10")
	if got := after.count("[data-provisional]"); got != ahead-2 {
		t.Errorf("%d provisional holidays are left of %d", got, ahead)
	}
	b.post(t, "/desk/calendar/days/1405-10-02/confirm", "revision", after.revision(t)).must(t, http.StatusConflict).has(t, "[data-refusal]")
	b.post(t, "/desk/calendar/days/1405-12-19/move", "revision", after.revision(t), "to", "after").must(t, http.StatusConflict).has(t, "[data-refusal]")
}

// The week is typed as text; each fault stands at its field.
func TestTheWorkingWeek(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	form := b.get(t, "/desk/calendar/week").must(t, http.StatusOK)
	form.has(t, "[name='week.saturday'][value='08:30-17:00']", "[name='week.friday'][value='']", "[name=time_zone][value='Asia/Tehran']")
	b.in(i18n.FA).get(t, "/desk/calendar/week").has(t, "[name='week.thursday'][value='۰۸:۳۰-۱۳:۰۰']")
	b.in(i18n.EN)
	typed := func(pairs ...string) []string {
		all := []string{"revision", form.revision(t), "week.saturday", "۸:۳۰-۱۲، ۱۲:۳۰-۱۷:۰۰", "week.sunday", "00:00-24:00"}
		if !slices.Contains(pairs, "time_zone") {
			all = append(all, "time_zone", "Asia/Tehran")
		}
		return append(all, pairs...)
	}
	for _, x := range []struct{ input, value, wrong string }{
		{"week.monday", "22:00-02:00", "week.monday"},
		{"week.monday", "09:00-12:00, 11:00-13:00", "week.monday"},
		{"week.monday", "09:00-09:00", "week.monday"},
		{"week.monday", "nine to five", "week.monday"},
		{"time_zone", "Asia/Shiraz", "time_zone"},
		{"time_zone", "Local", "time_zone"},
		{"time_zone", "", "time_zone"},
	} {
		page := b.post(t, "/desk/calendar/week", typed(x.input, x.value)...).must(t, http.StatusUnprocessableEntity)
		page.has(t, "[data-focus] a[href='#f-"+x.wrong+"']")
		if got, _ := page.Find("[name='" + x.input + "']").Attr("value"); got != x.value {
			t.Errorf("%q became %q", x.value, got)
		}
		if got, _ := page.Find("[name='week.saturday']").Attr("value"); got != "۸:۳۰-۱۲، ۱۲:۳۰-۱۷:۰۰" {
			t.Errorf("Saturday became %q", got)
		}
	}
	b.post(t, "/desk/calendar/week", typed()...).leadsTo(t, "/desk/calendar")
	draft := calendarDraft(t, w).Calendar
	if got := draft.Week; len(got[6]) != 2 || got[0][0].String() != "00:00-24:00" || len(got[1]) != 0 {
		t.Errorf("the week is %v", got)
	}
	page := b.get(t, "/desk/calendar")
	page.has(t, "#change-saturday", "#change-monday", "[data-week='week.monday']")
}

// A calendar without any working time is no calendar.
func TestACalendarThatIsNeverOpen(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	page := b.post(t, "/desk/calendar/week", "revision", "0", "time_zone", "Asia/Tehran").must(t, http.StatusUnprocessableEntity)
	page.has(t, "[data-focus] a[href='#f-week.saturday']")
	if calendarDraft(t, w).Begun {
		t.Error("it is a draft")
	}
}
