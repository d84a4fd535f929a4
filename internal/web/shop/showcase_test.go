package shop_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pishkhan/internal/i18n"
)

// A search shows the likeliest first, however it is typed; what nothing is
// for leads to "something else".
func TestSearchingTheShowcase(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.FA)
	for query, first := range map[string]string{"آمازون": "amazon-basket", "امازون": "amazon-basket", "TOEFL": "toefl-registration", "تافل": "toefl-registration"} {
		page := g.get("/?q="+url.QueryEscape(query)).status(t, http.StatusOK)
		if got := page.Find("#found a[href^='/services/']").First().AttrOr("href", ""); got != "/services/"+first {
			t.Errorf("%q finds %s first", query, got)
		}
	}
	none := g.get("/?q=zzzzzz").status(t, http.StatusOK)
	for _, slug := range []string{"education-other", "travel-other", "entertainment-other", "shopping-other"} {
		if none.Find("#found a[href='/services/"+slug+"']").Length() != 1 {
			t.Errorf("no way to %s", slug)
		}
	}
}

// The calculator answers in both languages, to scripts and without, and says
// what a service takes.
func TestTheCalculator(t *testing.T) {
	b := setup(t)
	for lang, want := range map[i18n.Lang]string{i18n.FA: "تومان", i18n.EN: "toman"} {
		g := b.guest(t, lang)
		page := g.get("/calculator?service=steam-wallet&amount=50&currency=USD").status(t, http.StatusOK)
		if got := page.text("#calculated [data-line=total]"); !strings.Contains(got, want) {
			t.Errorf("%s: the total is %q", lang, got)
		}
		order := page.Find("#calculated a").AttrOr("href", "")
		form := g.get(order).status(t, http.StatusOK)
		if form.value("amount") != "50" || form.value("amount_currency") != "USD" || form.Find("#price [data-line=total]").Length() != 1 {
			t.Errorf("%s leads to a form with %q %q", order, form.value("amount"), form.value("amount_currency"))
		}
	}
	g := b.guest(t, i18n.EN)
	if got := g.get("/calculator?service=steam-wallet&amount=50&currency=CNY").text("#calculated"); !strings.Contains(got, "USD, EUR") {
		t.Errorf("for yuan it says %q", got)
	}
	if got := g.get("/calculator?service=steam-wallet&amount=abc&currency=USD").text("#calculated"); got == "" || strings.Contains(got, "toman") {
		t.Errorf("for letters it says %q", got)
	}
}
