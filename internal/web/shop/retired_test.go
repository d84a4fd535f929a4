package shop_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/i18n"
	"pishkhan/internal/testworld"
)

// A price that ran out is not renewed for a service that was withdrawn since:
// the basket says so, and goes on once the line is out.
func TestAWithdrawnServiceIsNotRenewed(t *testing.T) {
	b := setup(t)
	g := b.guest(t, i18n.EN)
	b.ordered(t, g, "steam-wallet")
	b.ordered(t, g, "ielts-registration")
	testworld.Must(t, b.House.Catalog.Retire(t.Context(), b.Admin, "steam-wallet"))
	b.Clock.Advance(31 * time.Minute)
	g.get("/basket")
	told := g.post("/basket/reprice", map[string]string{}).status(t, http.StatusConflict)
	if words := told.text("[data-focus]"); !strings.Contains(words, "Steam wallet top-up") {
		t.Errorf("the basket says %q", words)
	}
	action, _ := told.Find(`[data-line-id] form[action$="/remove"]`).First().Attr("action")
	g.post(action, map[string]string{}).leadsTo(t, "/basket")
	g.post("/basket/reprice", map[string]string{}).status(t, http.StatusOK)
	g.get("/checkout").status(t, http.StatusOK)
}
