package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

// A clock whose record contradicts itself stops neither the check nor the
// move: both pages name its order, and the supervisor is warned on any page
// until they have seen it.
func TestAClockThatIsSetAside(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	odd, fine := w.Paid(t), w.Paid(t)
	_, err := w.House.Pool.Exec(t.Context(), "INSERT INTO clock_holds (clock_id, from_at) SELECT id, started_at FROM order_clocks WHERE order_id = $1", odd.ID)
	testworld.Must(t, err)
	closed, err := sla.Parse([]byte(`{"dates": [{"date": "2026-10-05", "windows": ["08:30-12:30"]}]}`))
	testworld.Must(t, err)
	_, err = w.House.Calendars.SaveDraft(t.Context(), w.House.Pool, w.Clock.Now(), w.Supervisor, 0, sla.Default().With(closed.Dates[0]))
	testworld.Must(t, err)
	app := newApp(w)
	b := signedIn(t, w, app, w.Supervisor)
	name := "[data-aside='" + odd.Code + "']"
	for _, lang := range i18n.Langs() {
		page := b.in(lang).get(t, "/desk/calendar/check").must(t, http.StatusOK)
		page.has(t, name, "[data-shift='"+fine.Code+"']")
		if got := page.text("[data-tally]"); !strings.Contains(got, lang.T("calendar.tally.aside", "n", 1)) {
			t.Errorf("%s: %q", lang, got)
		}
	}
	revision, _ := b.get(t, "/desk/calendar/check").Find("input[name=revision]").Attr("value")
	b.post(t, "/desk/calendar/publish", "revision", revision, "clocks", "move").leadsTo(t, "/desk/calendar/clocks")
	for done := false; !done; {
		r, err := w.House.Deadlines.Retime(t.Context())
		testworld.Must(t, err)
		done = r.Finished()
	}
	for _, lang := range i18n.Langs() {
		page := b.in(lang).get(t, "/desk/calendar/clocks").must(t, http.StatusOK)
		page.has(t, "[data-retiming] "+name, "[data-shift='"+fine.Code+"']")
		if got := page.text("[data-retiming] [data-tally]"); !strings.Contains(got, lang.T("calendar.done.aside", "n", 1)) {
			t.Errorf("%s: %q", lang, got)
		}
		strip := b.in(lang).get(t, "/desk").must(t, http.StatusOK)
		if got := strip.text("[data-warning='retiming:1']"); !strings.Contains(got, lang.T("alerts.strip.aside", "n", 1)) {
			t.Errorf("%s: the strip says %q", lang, got)
		}
	}
	b.post(t, "/desk/alerts/seen", "subject", "retiming:1", "back", "/desk/calendar").leadsTo(t, "/desk/calendar")
	b.get(t, "/desk").lacks(t, "[data-warning='retiming:1']")
}
