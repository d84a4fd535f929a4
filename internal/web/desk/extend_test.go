package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/fulfil"
	"pishkhan/internal/i18n"
	"pishkhan/internal/i18n/i18ntest"
	"pishkhan/internal/orders"
	"pishkhan/internal/testworld"
)

// Another time is agreed by its date in either calendar, the form says what is
// promised now, and the page explains the deadline that comes of it.
func TestAnotherTimeIsAgreed(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, x := range []struct {
		lang             i18n.Lang
		date, time       string
		before, after    string
		title, first, in string
	}{
		{i18n.FA, "۱۴۰۵/۷/۱۴", "۱۴:۳۰", "دوشنبه ۱۴:۰۰", "سه‌شنبه ۱۴:۳۰", "مهلت: سه‌شنبه ۱۴:۳۰", "قول نخست: دوشنبه ۱۴:۰۰", "مهلت از دوشنبه ۱۴:۰۰ به سه‌شنبه ۱۴:۳۰ رسید؛ تلفنی با مشتری هماهنگ شد"},
		{i18n.EN, "2026-10-06", "14:30", "Mon 14:00", "Tue 14:30", "Due Tue 14:30", "First promise: Mon 14:00", "From Mon 14:00 to Tue 14:30, agreed by phone"},
		{i18n.EN, "1405/07/14", "17", "Mon 14:00", "Tue 17:00", "Due Tue 17:00", "First promise: Mon 14:00", "From Mon 14:00 to Tue 17:00, agreed by phone"},
	} {
		o := w.Claimed(t)
		path := "/desk/orders/" + o.Code
		b := signedIn(t, w, app, w.Operator).in(x.lang)
		page := b.get(t, path)
		page.has(t, "#extend form[action$='/extend'] #f-until_date", "#f-until_time", "input[name=agreed][value=phone]", "#f-extend_note", "#deadline [data-account] li")
		if got := page.text("#extend form p"); !strings.Contains(got, x.before) {
			t.Errorf("promised now: %q", got)
		}
		b.post(t, path+"/extend", "until_date", x.date, "until_time", x.time, "agreed", "phone", "extend_note", "the site is down").leadsTo(t, path)
		page = b.get(t, path)
		if got := page.text("#deadline summary"); !strings.Contains(got, x.title) {
			t.Errorf("the deadline is %q", got)
		}
		if got := page.text("#deadline"); !strings.Contains(got, x.first) {
			t.Errorf("no first promise in %q", got)
		}
		page.has(t, "#deadline a[href='/desk/calendar/versions/1']")
		history := page.text("#history")
		if !strings.Contains(history, x.in) || !strings.Contains(history, "the site is down") {
			t.Errorf("the history says %q", history)
		}
	}
}

// What cannot be agreed is said beside its field, what was typed stays, and
// the nearest working times are offered.
func TestAnotherTimeIsRefused(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	path := "/desk/orders/" + o.Code
	b := signedIn(t, w, newApp(w), w.Operator)
	for _, x := range []struct {
		name, date, time, agreed, note string
		wrong                          string
	}{
		{"nothing", "", "", "", "", "until_date until_time"},
		{"no way", "1405/07/14", "14:00", "", "", "agreed"},
		{"no such day", "1405/07/32", "14:00", "phone", "", "until_date"},
		{"no date", "tomorrow", "14:00", "phone", "", "until_date"},
		{"no time", "1405/07/14", "25:00", "phone", "", "until_time"},
		{"half a time", "1405/07/14", "14:5", "phone", "", "until_time"},
		{"signs", "1405/07/14", "-1:30", "phone", "", "until_time"},
		{"the past", "1405/07/12", "14:00", "phone", "", "until_date"},
		{"now promised", "1405/07/13", "14:00", "phone", "", "until_date"},
		{"long note", "1405/07/14", "14:00", "phone", strings.Repeat("ن", 1001), "extend_note"},
	} {
		refused := b.post(t, path+"/extend", "until_date", x.date, "until_time", x.time, "agreed", x.agreed, "extend_note", x.note).must(t, http.StatusUnprocessableEntity)
		for _, name := range strings.Fields(x.wrong) {
			refused.has(t, "#extend[open] #f-"+name+"-error", ".notice-error a[href='#f-"+name+"']")
		}
		if got, _ := refused.Find("#f-until_time").Attr("value"); got != x.time {
			t.Errorf("%s: the time became %q", x.name, got)
		}
		refused.lacks(t, "[data-offers]")
	}
	for _, lang := range i18n.Langs() {
		refused := b.in(lang).post(t, path+"/extend", "until_date", "1405/07/14", "until_time", "22:00", "agreed", "message", "extend_note", "so be it").must(t, http.StatusUnprocessableEntity)
		if refused.count("[data-offers] button[name=offer]") != 2 {
			t.Fatalf("%s: no two offers in %s", lang, refused.text("#extend"))
		}
	}
	refused := b.post(t, path+"/extend", "until_date", "1405/07/14", "until_time", "22:00", "agreed", "message").must(t, http.StatusUnprocessableEntity)
	offer, _ := refused.Find("[data-offers] button").First().Attr("value")
	b.post(t, path+"/extend", "offer", offer, "until_date", "1405/07/14", "until_time", "22:00", "agreed", "message").leadsTo(t, path)
	if want := testworld.Noon.Add(29 * time.Hour); !w.Order(t, o).DueAt.Equal(want) { // when the desk closes
		t.Errorf("due %s, want %s", w.Order(t, o).DueAt, want)
	}
}

// Operators agree times for what they hold, supervisors for any order whose
// clock runs.
func TestWhoAgreesAnotherTime(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	held, free := w.Claimed(t), w.Paid(t)
	other, supervisor := signedIn(t, w, app, w.Operator2), signedIn(t, w, app, w.Supervisor)
	form := []string{"until_date", "1405/07/14", "until_time", "14:00", "agreed", "phone"}
	for _, o := range []orders.Order{held, free} {
		path := "/desk/orders/" + o.Code
		other.get(t, path).lacks(t, "#extend")
		other.post(t, path+"/extend", form...).must(t, http.StatusConflict)
		supervisor.get(t, path).has(t, "#extend")
		supervisor.post(t, path+"/extend", form...).leadsTo(t, path)
	}
	signedIn(t, w, app, w.Finance).post(t, "/desk/orders/"+held.Code+"/extend", form...).must(t, http.StatusForbidden)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, held.Code, "which code?"))
	page := supervisor.in(i18n.EN).get(t, "/desk/orders/"+held.Code)
	page.lacks(t, "#extend")
	if got := page.text("#deadline summary"); !strings.Contains(got, "On hold, ") {
		t.Errorf("on hold, the deadline is %q", got)
	}
}

// A supervisor reopens what is done, with a reason, and both outcomes are on
// the page.
func TestReopening(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	o := w.Done(t)
	path := "/desk/orders/" + o.Code
	signedIn(t, w, app, w.Operator).get(t, path).lacks(t, "#reopen", "[data-open='#reopen']")
	signedIn(t, w, app, w.Operator).post(t, path+"/reopen", "reopen_reason", "why").must(t, http.StatusForbidden)

	b := signedIn(t, w, app, w.Supervisor).in(i18n.EN)
	page := b.get(t, path)
	page.has(t, "dialog#reopen form[action$='/reopen'] textarea[name=reopen_reason][required]", "[data-open='#reopen']")
	if got := page.text("#deadline"); !strings.Contains(got, "Outcome: done in time") {
		t.Errorf("the deadline says %q", got)
	}
	refused := b.post(t, path+"/reopen", "reopen_reason", " ").must(t, http.StatusUnprocessableEntity)
	refused.has(t, "#other-deeds #f-reopen_reason-error", ".notice-error a[href='#f-reopen_reason']")
	refused.lacks(t, "dialog#reopen")
	w.Clock.Advance(30 * time.Minute)
	b.post(t, path+"/reopen", "reopen_reason", "the receipt is not theirs").leadsTo(t, path)
	page = b.get(t, path)
	page.has(t, "[data-open='#complete']")
	page.lacks(t, "#reopen")
	for _, want := range []string{"The order was reopened", "the receipt is not theirs", "The time before: done in time"} {
		if got := page.text("#history"); !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if got := b.in(i18n.FA).get(t, path).text("#deadline"); !strings.Contains(got, "پیش از بازگشایی: به‌موقع انجام شد") {
		t.Errorf("the deadline says %q", got)
	}
	b.post(t, path+"/reopen", "reopen_reason", "again").must(t, http.StatusConflict)
}

// Each event that turned the clock explains itself on the time line.
func TestTheTimeLineExplainsTheClock(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	testworld.Must(t, w.House.Queue.Hold(t.Context(), w.Operator, o.Code, "which code?"))
	w.Clock.Advance(20 * time.Hour)
	testworld.Must(t, w.House.Queue.Answer(t.Context(), w.Operator, o.ID, "12"))
	b := signedIn(t, w, newApp(w), w.Operator)
	for lang, want := range map[i18n.Lang][]string{
		i18n.FA: {"زمان سفارش ایستاد؛ ۱۲۰ دقیقه از وقت مانده است", "سه‌شنبه ۰۸:۳۰ تا ۱۰:۳۰ = ۱۲۰ دقیقه؛ مهلت سه‌شنبه ۱۰:۳۰"},
		i18n.EN: {"The clock stopped with 120 min left", "Tue 08:30–10:30 = 120 min; due Tue 10:30"},
	} {
		page := b.in(lang).get(t, "/desk/orders/"+o.Code)
		page.has(t, "#history [data-clock=hold]", "#history [data-clock=answer]", "#history [data-clock=verify]")
		for _, words := range want {
			if got := page.text("#history"); !strings.Contains(got, words) {
				t.Errorf("%s: no %q in %q", lang, words, got)
			}
		}
	}
}

func TestEveryAgreementHasWords(t *testing.T) {
	for _, way := range fulfil.Agreements {
		i18ntest.Has(t, "desk.agreed."+string(way), "clockwords.agreed."+string(way))
	}
}
