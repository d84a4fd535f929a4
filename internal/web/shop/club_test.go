package shop_test

import (
	"strings"
	"testing"

	"pishkhan/internal/i18n"
)

// The account says where its owner stands in the club, and how far it is to
// the next tier.
func TestTheAccountShowsTheWayUp(t *testing.T) {
	b := setup(t)
	done := b.Done(t)
	mobile, err := b.House.Customers.Mobile(t.Context(), b.House.Pool, done.CustomerID)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := b.House.Pricing.Club(t.Context(), b.House.Pool)
	if err != nil {
		t.Fatal(err)
	}
	g := b.guest(t, i18n.EN)
	b.signIn(t, g, mobile)
	for _, lang := range i18n.Langs() {
		g.cookies["__Host-lang"] = string(lang)
		page := g.get("/account").status(t, 200)
		way := page.Find("[data-next-tier=" + rules.Tiers[0].Key + "] label")
		if way.Length() != 2 {
			t.Fatalf("%s: %d ways to the next tier: %s", lang, way.Length(), page.text("main"))
		}
		first := way.First()
		if words := strings.TrimSpace(first.Text()); words != lang.T("club.orders_of", "done", 1, "n", rules.Tiers[0].Orders) {
			t.Errorf("%s: %q", lang, words)
		}
		if value, _ := first.Find("progress").Attr("value"); value != "1" {
			t.Errorf("%s: the bar stands at %q", lang, value)
		}
	}
}
