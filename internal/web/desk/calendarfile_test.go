package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/jalali"
	"pishkhan/internal/sla"
	"pishkhan/internal/testworld"
)

var testworldZone = jalali.Tehran

const holidaysFile = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203\r\nSUMMARY:دو روز\r\nSTATUS:TENTATIVE\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261210T090000Z\r\nSUMMARY:A meeting\r\nEND:VEVENT\r\n" +
	"END:VCALENDAR\r\n"

// What is exported is what is imported; holidays come in from an iCalendar
// file as far as they are ticked, and what is passed over is listed.
func TestCalendarFiles(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor).in(i18n.EN)
	exported := b.get(t, "/desk/calendar/export?format=json").must(t, http.StatusOK)
	if c, err := sla.Parse([]byte(exported.body)); err != nil || len(sla.Changes(c, sla.Default())) != 0 {
		t.Errorf("the file does not hold the calendar: %v", err)
	}
	holidays := b.get(t, "/desk/calendar/export?format=ics").must(t, http.StatusOK)
	if found, err := sla.ParseHolidays([]byte(holidays.body), sla.Date{Year: 2030, Month: 1, Day: 1}); err != nil || len(found.Rules) != 26 {
		t.Errorf("%d holidays, %v", len(found.Rules), err)
	}
	if got := holidays.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("the file is sent as %q", got)
	}
	b.get(t, "/desk/calendar/export?version=x").must(t, http.StatusNotFound)
	b.get(t, "/desk/calendar/export?version=999").must(t, http.StatusNotFound)

	b.uploadFile(t, "/desk/calendar/import", "again.json", exported.body).must(t, http.StatusOK).lacks(t, "form[action$=confirm]")
	read := b.uploadFile(t, "/desk/calendar/import", "holidays.ics", holidaysFile).must(t, http.StatusOK)
	read.has(t, "[data-holiday='1405-09-10'] [name=take][checked]", "[data-holiday='1405-09-11']", "#skipped")
	if got := read.text("#skipped"); !strings.Contains(got, "A meeting") || !strings.Contains(got, "only whole days") {
		t.Errorf("passed over: %q", got)
	}
	if calendarDraft(t, w).Begun {
		t.Error("reading a file changed the draft")
	}
	none := b.postForm(t, "/desk/calendar/import/confirm", url.Values{"revision": {read.revision(t)}, "file_text": {holidaysFile}}).must(t, http.StatusUnprocessableEntity)
	none.has(t, "[data-refusal]", "[data-holiday='1405-09-10']")
	b.postForm(t, "/desk/calendar/import/confirm", url.Values{"revision": {read.revision(t)}, "file_text": {holidaysFile}, "take": {"1405-09-10"}}).leadsTo(t, "/desk/calendar")
	draft := calendarDraft(t, w).Calendar
	rule, ok := draft.Rule(sla.Date{Year: 2026, Month: 12, Day: 1})
	if !ok || !rule.Closed() || !rule.Provisional || rule.Name != "دو روز" {
		t.Errorf("the holiday is %+v", rule)
	}
	if _, ok := draft.Rule(sla.Date{Year: 2026, Month: 12, Day: 2}); ok {
		t.Error("what was not ticked is there")
	}
	stale := b.postForm(t, "/desk/calendar/import/confirm", url.Values{"revision": {read.revision(t)}, "file_text": {holidaysFile}, "take": {"1405-09-11"}}).must(t, http.StatusConflict)
	stale.has(t, "[data-refusal]", "[data-holiday='1405-09-11']", "textarea[name=file_text]")

	closed := sla.Default()
	closed.Week[time.Thursday] = nil
	file, err := sla.Marshal(closed)
	testworld.Must(t, err)
	whole := b.uploadFile(t, "/desk/calendar/import", "week.json", string(file)).must(t, http.StatusOK)
	whole.has(t, "#change-thursday", "#change-1405-09-10")
	b.postForm(t, "/desk/calendar/import/confirm", url.Values{"revision": {whole.revision(t)}, "file_text": {string(file)}}).leadsTo(t, "/desk/calendar")
	if left := sla.Changes(calendarDraft(t, w).Calendar, closed); len(left) != 0 {
		t.Errorf("the draft differs from the file: %+v", left)
	}
}

// A file with something wrong in it names the place.
func TestWrongCalendarFiles(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Supervisor)
	for name, x := range map[string]struct{ file, says string }{
		"a path":    {`{"week": {"saturday": ["09:00-12:00", "22:00-02:00"]}}`, "week.saturday[1]"},
		"a date":    {`{"week": {"saturday": ["09:00-12:00"]}, "dates": [{"date": "1404-12-30", "calendar": "jalali", "closed": true}]}`, "dates[0].date"},
		"no JSON":   {`hello`, "$"},
		"an ics":    {"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", ""},
		"too large": {strings.Repeat(" ", sla.MaxHolidayFile+1), ""},
		"nothing":   {"", ""},
	} {
		for _, lang := range []i18n.Lang{i18n.FA, i18n.EN} {
			page := b.in(lang).uploadFile(t, "/desk/calendar/import", name, x.file).must(t, http.StatusUnprocessableEntity)
			if got := page.text("[data-wrong-file]"); got == "" || !strings.Contains(got, x.says) {
				t.Errorf("%s: told %q", name, got)
			}
		}
	}
	b.upload(t, "/desk/calendar/import", "", nil).must(t, http.StatusUnprocessableEntity).has(t, "[data-wrong-file]")
	if calendarDraft(t, w).Begun {
		t.Error("a wrong file is a draft")
	}
}
