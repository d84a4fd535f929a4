package shop_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pishkhan/internal/i18n"
	"pishkhan/views/parts"
	"pishkhan/views/shop"
)

func TestNothingFoundTakesTheFocusAndSaysSoInTheTitle(t *testing.T) {
	var b strings.Builder
	page := shop.Track(parts.Chrome{Title: "track"}, shop.TrackPage{Answer: "nothing found"})
	if err := page.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	drawn, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if got := drawn.Find("[data-focus][tabindex]").Text(); !strings.Contains(got, "nothing found") {
		t.Errorf("the focus goes to %q", got)
	}
	if got := drawn.Find("title").Text(); !strings.HasPrefix(got, i18n.FA.T("parts.error_prefix")) {
		t.Errorf("the title is %q", got)
	}
}
