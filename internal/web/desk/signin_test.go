package desk_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
	"pishkhan/internal/web"
)

// form opens the sign-in page and returns what to post back with it.
func form(t *testing.T, b *browser, next string) (word string) {
	t.Helper()
	page := b.get(t, "/desk/sign-in?next="+url.QueryEscape(next)).must(t, http.StatusOK)
	word, _ = page.Find("form[data-sign-in] input[name=_csrf]").Attr("value")
	return word
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	b := newBrowser(app)
	operator := w.People[0]

	b.get(t, "/desk?view=late").leadsTo(t, "/desk/sign-in?next=%2Fdesk%3Fview%3Dlate")
	word := form(t, b, "/desk?view=late")

	wrong := b.post(t, "/desk/sign-in", "_csrf", word, "email", operator.Email, "password", "not the password").must(t, http.StatusUnauthorized)
	unknown := b.post(t, "/desk/sign-in", "_csrf", word, "email", "nobody@demo.test", "password", "not the password").must(t, http.StatusUnauthorized)
	if wrong.text(".notice-error") == "" || wrong.text(".notice-error") != unknown.text(".notice-error") {
		t.Errorf("a wrong password says %q, an unknown address %q", wrong.text(".notice-error"), unknown.text(".notice-error"))
	}
	if email, _ := wrong.Find("#f-email").Attr("value"); email != operator.Email {
		t.Errorf("the address is gone from the form: %q", email)
	}
	wrong.lacks(t, "#f-password[value]")

	planted := b.cookies[web.DeskCookie]
	b.post(t, "/desk/sign-in", "_csrf", word, "email", operator.Email, "password", operator.Password, "next", "/desk?view=late").
		leadsTo(t, "/desk?view=late")
	if b.cookies[web.DeskCookie] == "" || b.cookies[web.DeskCookie] == planted {
		t.Error("no new token was given")
	}
	b.get(t, "/desk").must(t, http.StatusOK).has(t, "form[action='/desk/next']", "[data-palette]")
	b.get(t, "/desk/sign-in").leadsTo(t, "/desk")

	dead := b.cookies[web.DeskCookie]
	b.post(t, "/desk/sign-out").leadsTo(t, "/desk/sign-in")
	b.cookies[web.DeskCookie] = dead
	if page := b.get(t, "/desk"); page.status != http.StatusSeeOther {
		t.Errorf("a session lives after signing out: %d", page.status)
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	app := newApp(w)
	for _, next := range []string{"", "//evil.test", "https://evil.test", "/\\evil.test", "/account", "/desks"} {
		b := newBrowser(app)
		word := form(t, b, next)
		b.post(t, "/desk/sign-in", "_csrf", word, "email", w.People[0].Email, "password", w.People[0].Password, "next", next).leadsTo(t, "/desk")
	}
}

func TestSigningInIsThrottled(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := newBrowser(newApp(w)).in(i18n.EN)
	word := form(t, b, "")
	try := func(password string) answer {
		return b.post(t, "/desk/sign-in", "_csrf", word, "email", w.People[0].Email, "password", password)
	}
	for range 8 {
		try("wrong password").must(t, http.StatusUnauthorized)
	}
	refused := try(w.People[0].Password).must(t, http.StatusTooManyRequests)
	if got := refused.text(".notice-title"); got != i18n.EN.T("staff.error.throttled") {
		t.Errorf("it says %q", got)
	}
	w.Clock.Advance(16 * time.Minute)
	try(w.People[0].Password).leadsTo(t, "/desk")
}

func TestFormsNeedTheSessionsWord(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	o := w.Paid(t)
	app := newApp(w)
	b := signedIn(t, w, app, w.Operator)
	for name, pairs := range map[string][]string{"none": {"_csrf", ""}, "another's": {"_csrf", "AAAA"}} {
		for _, path := range []string{"/desk/next", "/desk/orders/" + o.Code + "/claim", "/desk/sign-out", "/desk/preferences"} {
			if got := b.post(t, path, pairs...); got.status != http.StatusForbidden {
				t.Errorf("%s with %s: %d", path, name, got.status)
			}
		}
	}
	b.headers["Sec-Fetch-Site"] = "cross-site"
	b.post(t, "/desk/next").must(t, http.StatusForbidden)
	if state := w.Order(t, o).State; state != "paid" {
		t.Errorf("the order is %s", state)
	}
}

func TestPreferencesComeBackToThePage(t *testing.T) {
	t.Parallel()
	w := testworld.New(t)
	b := signedIn(t, w, newApp(w), w.Operator)
	b.post(t, "/desk/preferences", "lang", "en", "back", "/desk?view=mine").leadsTo(t, "/desk?view=mine")
	b.get(t, "/desk").has(t, "html[lang=en][dir=ltr]")
	b.post(t, "/desk/preferences", "theme", "dark", "back", "//evil.test").leadsTo(t, "/")
	b.get(t, "/desk").has(t, "html[data-theme=dark]")
}
