package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// A supervisor says on a person's page what they work on and how much at
// once, and others at most read it; what is wrong is said at its field, and
// stays as it was typed.
func TestSkillsAndCap(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	path := "/desk/staff/" + idOf(w.Operator2.ID)
	for _, lang := range i18n.Langs() {
		b := signedIn(t, w, app, w.Supervisor).in(lang)
		b.get(t, "/desk/staff").has(t, "a[href='"+path+"']", "form[action='/desk/staff/terms'] button")
		for _, bad := range []string{"0", "-2", "ten", "99999999"} {
			page := b.post(t, path, "cap", bad, "families", "games", "services", "nothing").must(t, http.StatusUnprocessableEntity)
			page.has(t, "#f-cap-error", ".notice-error a[href='#f-cap']", "[name=families][value=games][checked]")
		}
		b.post(t, path, "families", "flying").must(t, http.StatusUnprocessableEntity).has(t, ".notice-error")
		b.post(t, path, "cap", lang.Digits("2"), "families", "games", "services", "hotel-booking").leadsTo(t, "/desk/staff")
		b.get(t, path).has(t, "[name=families][value=games][checked]", "[name=services][value=hotel-booking][checked]")
		person, err := w.House.Queue.Person(t.Context(), w.Operator2.ID)
		testworld.Must(t, err)
		if person.OwnCap != 2 || len(person.Families) != 1 || len(person.Services) != 1 || person.Services[0] != "hotel-booking" {
			t.Errorf("%s: kept as %+v", lang, person)
		}
		if list := b.get(t, "/desk/staff").text("main"); !strings.Contains(list, lang.T("family.games")) || !strings.Contains(list, lang.T("staffdesk.is.here")) {
			t.Errorf("%s: the list says %q", lang, list)
		}
		b.post(t, path).leadsTo(t, "/desk/staff") // everything again
		b.get(t, path).lacks(t, "[name=families][checked]", "[name=services][checked]")
		b.get(t, "/desk/staff/999999").must(t, http.StatusNotFound)
		b.post(t, "/desk/staff/x").must(t, http.StatusNotFound)

		terms := b.post(t, "/desk/staff/terms", "cap", "0", "lease", "30", "grace", "5", "skip", "60", "lease.steam-wallet", "x").must(t, http.StatusUnprocessableEntity)
		terms.has(t, "#f-cap-error", "[name='lease'][value]")
	}
	admin := signedIn(t, w, app, w.Admin)
	page := admin.get(t, path)
	page.has(t, "[name=cap][readonly]")
	page.lacks(t, "main form button[type=submit]")
	admin.post(t, path, "cap", "3").must(t, http.StatusForbidden)
	admin.post(t, "/desk/staff/terms", "cap", "3").must(t, http.StatusForbidden)
	operator := signedIn(t, w, app, w.Operator)
	operator.get(t, "/desk/staff").must(t, http.StatusForbidden)
	operator.get(t, path).must(t, http.StatusForbidden)
	operator.post(t, path, "cap", "99").must(t, http.StatusForbidden)
	if person, err := w.House.Queue.Person(t.Context(), w.Operator2.ID); err != nil || person.OwnCap != 0 {
		t.Errorf("who may not has set %d, %v", person.OwnCap, err)
	}
}

// The file of picked orders is for who is signed in and sees orders, by the
// page's own form.
func TestBulkExportsDoor(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Paid(t)
	b := signedIn(t, w, app, w.Auditor)
	b.post(t, "/desk/queue/export", "code", o.Code).must(t, http.StatusOK)
	b.post(t, "/desk/queue/export", "code", o.Code, "_csrf", "x").must(t, http.StatusForbidden)
	many := make([]string, 0, 1002)
	for range 501 {
		many = append(many, "code", o.Code)
	}
	for _, lang := range i18n.Langs() {
		b.in(lang).post(t, "/desk/queue/export", many...).must(t, http.StatusUnprocessableEntity).has(t, "#list, table")
	}
	if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb LIKE '%export%' AND actor_id = $1", w.Auditor.ID); n != 1 {
		t.Errorf("%d exports on record", n)
	}
}
