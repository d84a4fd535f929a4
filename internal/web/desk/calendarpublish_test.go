package desk_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// today is the date of the world's clock, in Jalali.
func today(w *testworld.World) sla.Date {
	return sla.DateAt(w.Clock.Now().In(testworldZone)).InJalali()
}

// closes drafts that today and so many days more are closed.
func closes(t *testing.T, w *testworld.World, b *browser, days int) {
	t.Helper()
	for i := range days {
		day := today(w).AddDays(i)
		b.post(t, "/desk/calendar/days/"+day.String(), "revision", b.get(t, "/desk/calendar").revision(t), "kind", "closed", "name", "سوگواری").
			leadsTo(t, "/desk/calendar?month="+day.String()[:7])
	}
}

// The check shows first what becomes of the open orders; publishing puts the
// version on record, and moves the clocks where that was chosen: nobody is
// sent a message.
func TestPublishingACalendarMovesTheClocks(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o, p := w.Paid(t), w.Paid(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	b.get(t, "/desk/calendar/check").must(t, http.StatusOK).lacks(t, "form[action='/desk/calendar/publish']")
	closes(t, w, b, 2)
	check := b.get(t, "/desk/calendar/check").must(t, http.StatusOK)
	if got := check.text("#forecast [data-tally]"); got != "2 deadlines move, 0 breaches vanish, 0 appear" {
		t.Errorf("the dry run says %q", got)
	}
	check.has(t, "[data-shift='"+o.Code+"'] a[href='/desk/orders/"+o.Code+"']", "[data-shift='"+p.Code+"']", "#change-"+today(w).String())
	if got := b.in(i18n.FA).get(t, "/desk/calendar/check").text("#forecast [data-tally]"); got != "۲ مهلت جابه‌جا می‌شود، ۰ دیرکرد از بین می‌رود، ۰ دیرکرد پیدا می‌شود" {
		t.Errorf("the dry run says %q", got)
	}
	b.in(i18n.EN)
	if got := check.text("form[action='/desk/calendar/publish']"); !strings.Contains(got, w.Supervisor.Name) {
		t.Errorf("who approves is not said: %q", got)
	}
	messages := w.Count(t, "SELECT count(*) FROM messages")
	for _, wrong := range [][]string{
		{"note", "why"}, {"clocks", "later", "note", "why"}, {"clocks", "keep", "note", strings.Repeat("x", 501)},
	} {
		page := b.post(t, "/desk/calendar/publish", append(wrong, "revision", check.revision(t))...).must(t, http.StatusUnprocessableEntity)
		page.has(t, "[data-focus]", "#forecast [data-tally]")
	}
	b.post(t, "/desk/calendar/publish", "revision", check.revision(t), "clocks", "move", "note", "a day of mourning").leadsTo(t, "/desk/calendar/clocks")
	running := b.get(t, "/desk/calendar/clocks").must(t, http.StatusOK)
	running.has(t, "[data-retiming] progress", "#clocks[hx-get]")
	running.lacks(t, "form[action='/desk/calendar/clocks']")
	for range 5 {
		if _, err := w.House.Deadlines.Retime(t.Context()); err != nil {
			break
		}
	}
	done := b.get(t, "/desk/calendar/clocks").must(t, http.StatusOK)
	if got := done.text("[data-retiming] [data-tally]"); got != "2 deadlines moved, 0 breaches vanished, 0 appeared" {
		t.Errorf("afterwards: %q", got)
	}
	done.has(t, "[data-retiming] [data-shift='"+o.Code+"']")
	done.lacks(t, "#clocks[hx-get]", "form[action='/desk/calendar/clocks']")
	if got := w.Count(t, "SELECT count(*) FROM messages"); got != messages {
		t.Errorf("%d messages were sent", got-messages)
	}
	if got := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb IN ('calendar.publish', 'calendar.retime')"); got != 2 {
		t.Errorf("%d deeds are on record", got)
	}
	b.post(t, "/desk/calendar/publish", "revision", check.revision(t), "clocks", "keep").must(t, http.StatusConflict).has(t, "[data-refusal]")
}

// Publishing alone leaves the open clocks; they can be moved later, by who
// looked at the newest version.
func TestClocksAreMovedLater(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	w.Paid(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	closes(t, w, b, 1)
	b.post(t, "/desk/calendar/publish", "revision", b.get(t, "/desk/calendar/check").revision(t), "clocks", "keep").leadsTo(t, "/desk/calendar/clocks")
	page := b.get(t, "/desk/calendar/clocks").must(t, http.StatusOK)
	if got := page.text("#forecast [data-tally]"); got != "1 deadline moves, 0 breaches vanish, 0 appear" {
		t.Errorf("it says %q", got)
	}
	page.lacks(t, "[data-retiming]")
	version, _ := page.Find("form[action='/desk/calendar/clocks'] [name=version]").Attr("value")
	newest, _ := strconv.Atoi(version)
	b.post(t, "/desk/calendar/clocks", "version", strconv.Itoa(newest-1)).must(t, http.StatusConflict).has(t, "[data-refusal]")
	b.post(t, "/desk/calendar/clocks", "version", "x").must(t, http.StatusNotFound)
	b.post(t, "/desk/calendar/clocks", "version", version).leadsTo(t, "/desk/calendar/clocks")
	b.post(t, "/desk/calendar/clocks", "version", version).must(t, http.StatusConflict).has(t, "[data-refusal]")
}

// The history says who, when, why and what; an earlier version becomes the draft.
func TestTheHistoryOfTheCalendar(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	closes(t, w, b, 1)
	b.post(t, "/desk/calendar/publish", "revision", b.get(t, "/desk/calendar").revision(t), "clocks", "keep", "note", "a day of mourning").leadsTo(t, "/desk/calendar/clocks")
	for lang, want := range map[i18n.Lang]string{i18n.FA: "اکنون به کار می‌رود", i18n.EN: "counts now"} {
		page := b.in(lang).get(t, "/desk/calendar/history").must(t, http.StatusOK)
		if got := page.text("[data-version]"); !strings.Contains(got, want) || !strings.Contains(got, w.Supervisor.Name) || !strings.Contains(got, "a day of mourning") {
			t.Errorf("the newest version says %q", got)
		}
		if page.count("[data-version]") != 2 {
			t.Errorf("%d versions", page.count("[data-version]"))
		}
		page.has(t, "[data-version] #change-"+today(w).String())
	}
	page := b.get(t, "/desk/calendar/history")
	path, _ := page.Find("form[action*=reuse]").Attr("action")
	b.post(t, path, "revision", page.revision(t)).leadsTo(t, "/desk/calendar")
	if draft := calendarDraft(t, w); !draft.Begun || len(sla.Changes(sla.Default(), draft.Calendar)) != 0 {
		t.Errorf("the draft is not the first version")
	}
	b.post(t, path, "revision", page.revision(t)).must(t, http.StatusConflict).has(t, "[data-refusal]")
	b.post(t, "/desk/calendar/versions/999/reuse", "revision", calendarRevision(t, w)).must(t, http.StatusNotFound)
	b.get(t, "/desk/calendar/history?before=x").must(t, http.StatusOK)
	b.get(t, "/desk/calendar/history?before=1").must(t, http.StatusOK).lacks(t, "[data-version]")
}

func calendarRevision(t *testing.T, w *testworld.World) string {
	t.Helper()
	return strconv.FormatInt(calendarDraft(t, w).Revision, 10)
}
