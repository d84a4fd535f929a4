package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/contacts"
	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// taskForm returns the address of the first call's form, and the name that a
// field has in it.
func taskForm(page answer) (action string, field func(string) string) {
	action, _ = page.Find("article form").Attr("action")
	return action, func(name string) string { return name + "_" + strings.Split(action, "/")[3] }
}

func TestCallsToMake(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Unproven(t)
	w.Reject(t, o, "نام نمی‌خواند")
	for _, lang := range i18n.Langs() {
		page := signedIn(t, w, app, w.Operator).in(lang).get(t, "/desk/contacts").must(t, http.StatusOK)
		page.has(t, "article[data-why=identity_rejected] a[href^='tel:09']", "a[href='/desk/orders/"+o.Code+"']", "[data-call-due=since]")
		if got := page.text("article h2"); got != lang.T("desk.why.identity_rejected") {
			t.Errorf("%s: the occasion is %q", lang, got)
		}
	}
	b := signedIn(t, w, app, w.Operator)
	action, field := taskForm(b.get(t, "/desk/contacts"))
	refused := b.post(t, action, field("outcome"), "reached", field("note"), " ").must(t, http.StatusUnprocessableEntity)
	refused.has(t, "#f-"+field("note")+"-error", "#f-"+field("outcome")+" option[value=reached][selected]")
	b.post(t, action, field("outcome"), "busy", field("note"), "خط آزاد نشد").must(t, http.StatusUnprocessableEntity).
		has(t, "#f-"+field("next")+"-error", "#f-"+field("note")+"[value='خط آزاد نشد']")
	b.post(t, action, field("outcome"), "busy", field("next"), "at", field("date"), "۱۴۰۵/۱۳/۴۰", field("time"), "25").must(t, http.StatusUnprocessableEntity).
		has(t, "#f-"+field("date")+"-error", "#f-"+field("time")+"-error")
	b.post(t, action, field("outcome"), "reached", field("note"), "دوباره می‌فرستد").leadsTo(t, "/desk/contacts")
	b.get(t, "/desk/contacts").has(t, ".empty")
	b.post(t, action, field("outcome"), "reached", field("note"), "دوباره").must(t, http.StatusConflict).has(t, ".notice-error")
	if got := b.get(t, "/desk/orders/"+o.Code).text("#history li"); !strings.Contains(got, "دوباره می‌فرستد") || !strings.Contains(got, i18n.FA.T("calls.outcome.reached")) {
		t.Errorf("the history begins with %q", got)
	}
}

// Calls come first that are due first, and one whose time has passed says so.
func TestCallsByWhenTheyAreDue(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	later, sooner := w.Claimed(t), w.Claimed(t)
	b := signedIn(t, w, app, w.Operator)
	b.post(t, "/desk/orders/"+later.Code+"/calls", "call_outcome", "no_answer", "call_next", "morning").leadsTo(t, "/desk/orders/"+later.Code)
	b.post(t, "/desk/orders/"+sooner.Code+"/calls", "call_outcome", "busy", "call_next", "soon").leadsTo(t, "/desk/orders/"+sooner.Code)
	due := func(page answer) (codes, marks string) {
		for _, s := range page.Find("article").EachIter() {
			code, _ := s.Find("a.link").Attr("href")
			mark, _ := s.Find("[data-call-due]").Attr("data-call-due")
			codes, marks = codes+strings.TrimPrefix(code, "/desk/orders/")+" ", marks+mark+" "
		}
		return codes, marks
	}
	if codes, marks := due(b.get(t, "/desk/contacts")); codes != sooner.Code+" "+later.Code+" " || marks != "agreed agreed " {
		t.Errorf("%s: %s", codes, marks)
	}
	w.Clock.Advance(31 * time.Minute)
	for _, lang := range i18n.Langs() {
		page := b.in(lang).get(t, "/desk/contacts")
		if _, marks := due(page); marks != "overdue agreed " {
			t.Errorf("%s: %s", lang, marks)
		}
		word, _, _ := strings.Cut(lang.T("calls.due.overdue"), ":")
		if got := page.text("[data-call-due=overdue]"); !strings.HasPrefix(got, word) {
			t.Errorf("%s: %q", lang, got)
		}
	}
	b.get(t, "/desk?view=mine").has(t, "#row-"+sooner.Code+" [data-next-call]")
	b.get(t, "/desk/orders/"+sooner.Code).has(t, "#order-head [data-next-call] [data-call-due=overdue]")
}

// A call is logged on the order's screen, at a date of the reader's calendar.
func TestLoggingACallOnTheOrder(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for lang, date := range map[i18n.Lang]string{i18n.FA: "۱۴۰۵/۰۷/۲۰", i18n.EN: "2026-10-12"} {
		o := w.Claimed(t)
		path := "/desk/orders/" + o.Code
		b := signedIn(t, w, app, w.Operator).in(lang)
		b.get(t, path).has(t, "#calls form[action='"+path+"/calls']")
		refused := b.post(t, path+"/calls", "call_outcome", "call_later", "call_note", "typed").must(t, http.StatusUnprocessableEntity)
		refused.has(t, "#log-call[open]", "#f-call_next-error")
		if got := refused.text("#f-call_note"); got != "typed" {
			t.Errorf("%s: the note is %q after a refusal", lang, got)
		}
		b.post(t, path+"/calls", "call_outcome", "call_later", "call_note", "on a plane", "call_next", "at", "call_date", date, "call_time", "۱۶:۴۰").leadsTo(t, path)
		calls, err := w.House.Contacts.Calls(t.Context(), o.ID)
		testworld.Must(t, err)
		if len(calls) != 1 || calls[0].Outcome != contacts.CallLater || calls[0].NextAt == nil || !calls[0].NextAt.Equal(time.Date(2026, 10, 12, 13, 10, 0, 0, time.UTC)) {
			t.Fatalf("%s: %+v", lang, calls)
		}
		page := b.get(t, path).must(t, http.StatusOK)
		page.has(t, "#order-head [data-next-call]", "#call-list [data-to-call=agreed]", "#call-list li")
		if got := page.text("#history li"); !strings.Contains(got, "on a plane") || !strings.Contains(got, lang.T("calls.outcome.call_later")) || !strings.Contains(got, w.Operator.Name) {
			t.Errorf("%s: the history begins with %q", lang, got)
		}
	}
}

// Who makes no calls is offered no form, and none is taken from them.
func TestWhoMakesNoCalls(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	b := signedIn(t, w, newApp(w), w.Finance)
	page := b.get(t, "/desk/orders/"+o.Code).must(t, http.StatusOK)
	page.has(t, "#calls")
	page.lacks(t, "#calls form")
	b.post(t, "/desk/orders/"+o.Code+"/calls", "call_outcome", "reached", "call_note", "x").must(t, http.StatusForbidden)
	b.post(t, "/desk/contacts/1/log", "outcome_1", "reached").must(t, http.StatusForbidden)
	if n := w.Count(t, "SELECT count(*) FROM contact_calls"); n != 0 {
		t.Errorf("%d calls were written", n)
	}
}
