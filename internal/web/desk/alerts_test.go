package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// Without any worker, whoever works on an order is warned on the screen, and
// the supervisor of what is late; what was seen is gone, until there is more.
func TestWarningsOnTheScreen(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		w := testworld.New(t)
		o := w.Claimed(t)
		app := newApp(w)
		operator := signedIn(t, w, app, w.Operator).in(lang)
		operator.get(t, "/desk").must(t, http.StatusOK).lacks(t, "[data-warnings]")
		w.Clock.Advance(108 * time.Minute)
		for _, path := range []string{"/desk", "/desk/orders/" + o.Code} {
			page := operator.get(t, path).must(t, http.StatusOK)
			page.has(t, "[data-warning-kind=warning] [data-level=urgent]", "[data-warning-kind=warning] a[href='/desk/orders/"+o.Code+"']")
			if got := page.text("[data-warning-kind] [data-words]"); !strings.Contains(got, lang.Number(12)) {
				t.Errorf("%s: %q", lang, got)
			}
			if got, want := page.text("[data-warnings]"), lang.T("alerts.strip.mine_warning", "percent", lang.T("alerts.percent", "n", 80)); !strings.Contains(got, want) {
				t.Errorf("%s: %q does not say %q", lang, got, want)
			}
		}
		page := operator.get(t, "/desk")
		subject, _ := page.Find("button[name=subject]").Attr("value")
		operator.post(t, "/desk/alerts/seen", "subject", subject, "back", "/desk/orders/"+o.Code).leadsTo(t, "/desk/orders/"+o.Code)
		operator.get(t, "/desk").lacks(t, "[data-warnings]")
		operator.post(t, "/desk/alerts/seen", "subject", "clock:x").must(t, http.StatusNotFound)
		for _, back := range []string{"//evil.test", "/desk/\\evil.test", "/orders", ""} {
			operator.post(t, "/desk/alerts/seen", "subject", subject, "back", back).leadsTo(t, "/desk")
		}

		w.Clock.Advance(12*time.Minute + time.Second)
		operator.get(t, "/desk").has(t, "[data-warning-kind=escalation] [data-level=late]") // late by 0 minutes is its first step
		supervisor := signedIn(t, w, app, w.Supervisor).in(lang)
		supervisor.get(t, "/desk").has(t, "[data-warning-kind=escalation] [data-level=late]")
		if got := supervisor.get(t, "/desk?view=late"); got.count("#row-"+o.Code) != 1 {
			t.Errorf("%s: the late view needs a worker", lang)
		}
		signedIn(t, w, app, w.Auditor).get(t, "/desk").lacks(t, "[data-warnings]")
	}
}

// The rules are edited on one page, in any digits, and each edit is on record.
func TestEditingAlerts(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Langs() {
		w := testworld.New(t)
		app := newApp(w)
		b := signedIn(t, w, app, w.Supervisor).in(lang)
		page := b.get(t, "/desk/alerts").must(t, http.StatusOK)
		page.has(t, "input[name=choice][value='breach:email'][checked]", "input[name='steps.3.after']", "select[name='steps.1.to'] option[value=duty][selected]")
		from, _ := page.Find("#warnings input[name=from]").Attr("value")

		refused := b.post(t, "/desk/alerts/warnings", "from", from, "shares", "۵۰، x", "new_shares", "20").must(t, http.StatusUnprocessableEntity)
		refused.has(t, "#f-shares-error", "#f-new_service-error", "#f-shares[value='۵۰، x']")
		b.post(t, "/desk/alerts/warnings", "from", from, "shares", "50", "new_service", "steam-wallet", "new_shares", "150").must(t, http.StatusUnprocessableEntity).
			has(t, "#f-new_shares-error", "[href='#f-new_shares']")
		b.post(t, "/desk/alerts/warnings", "from", from, "shares", "۳۰، ۶۰", "new_service", "steam-wallet", "new_shares", "10 ,90").leadsTo(t, "/desk/alerts?saved=warnings#warnings")
		b.post(t, "/desk/alerts/holidays", "from", from, "holiday_days", "5").must(t, http.StatusConflict).has(t, ".notice-error")
		page = b.get(t, "/desk/alerts?saved=warnings").must(t, http.StatusOK)
		page.has(t, "[data-saved=warnings]", "#f-shares_steam-wallet", "[data-change]")
		from, _ = page.Find("#steps input[name=from]").Attr("value")

		b.post(t, "/desk/alerts/steps", "from", from, "steps.1.after", "۵", "steps.1.to", "admins", "steps.2.after", "x", "steps.2.to", "duty").
			must(t, http.StatusUnprocessableEntity).has(t, "[id='f-steps.2.after-error']")
		b.post(t, "/desk/alerts/steps", "from", from, "steps.1.after", "", "steps.1.to", "duty", "steps.2.after", "۵", "steps.2.to", "admins").leadsTo(t, "/desk/alerts?saved=steps#steps")
		b.post(t, "/desk/alerts/mine", "choice", "breach:sms", "warn_from", "70", "mobile", "", "message_lang", "en").must(t, http.StatusUnprocessableEntity).
			has(t, "#f-mobile-error", "input[value='breach:sms'][checked]", "input[name=message_lang][value=en][checked]")
		b.post(t, "/desk/alerts/mine", "choice", "breach:sms", "choice", "warning:screen", "warn_from", "۷۰", "mobile", "۰۹۱۲۳۴۵۶۷۸۹", "message_lang", "en").leadsTo(t, "/desk/alerts?saved=mine#mine")
		page = b.get(t, "/desk/alerts").must(t, http.StatusOK)
		page.has(t, "input[value='breach:sms'][checked]", "input[name=mobile][value='09123456789']", "input[name=message_lang][value=en][checked]")
		page.lacks(t, "input[value='breach:email'][checked]")

		rules, err := w.House.Deadlines.Rules(t.Context())
		if err != nil || len(rules.Steps) != 1 || rules.Steps[0].AfterMinutes != 5 || len(rules.Shares) != 2 || len(rules.Services["steam-wallet"]) != 2 {
			t.Errorf("%s: %+v, %v", lang, rules, err)
		}
		if n := w.Count(t, "SELECT count(*) FROM audit_entries WHERE verb LIKE 'alerts.%'"); n != 3 {
			t.Errorf("%s: %d edits on record", lang, n)
		}
		signedIn(t, w, app, w.Operator).get(t, "/desk/alerts").must(t, http.StatusForbidden)
	}
}

// The time line of the order says it, to staff in both languages; the
// customer's page has its own words for a promise.
func TestAlertsInTheHistory(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Claimed(t)
	w.Clock.Advance(2*time.Hour + time.Second)
	_, err := w.House.Deadlines.Sweep(t.Context())
	testworld.Must(t, err)
	app := newApp(w)
	for _, lang := range i18n.Langs() {
		page := signedIn(t, w, app, w.Operator).in(lang).get(t, "/desk/orders/"+o.Code).must(t, http.StatusOK)
		for _, key := range []string{"desk.verb.warned", "desk.verb.breached", "desk.verb.escalated"} {
			if !strings.Contains(page.body, lang.T(key)) {
				t.Errorf("%s: no line for %s", lang, key)
			}
		}
		if strings.Contains(page.body, "alerts.event") {
			t.Errorf("%s: no words for an event", lang)
		}
	}
}
