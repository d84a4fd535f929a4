package catalog_test

import (
	"testing"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	services := []catalog.Service{
		{Definition: catalog.Definition{Slug: "toefl", Title: i18n.Text{FA: "ثبت‌نام تافل", EN: "TOEFL registration"}, Keywords: i18n.Text{FA: "آزمون ای‌تی‌اس", EN: "ets"}}},
		{Definition: catalog.Definition{Slug: "steam", Title: i18n.Text{FA: "شارژ کیف پول استیم", EN: "Steam wallet"}, Site: catalog.Site{Host: "store.steampowered.com"}}},
	}
	for query, want := range map[string]string{
		"": "toefl steam", "تافل": "toefl", "ثبت نام": "toefl", "ثبت‌نام": "toefl", "كيف": "steam", "steam WALLET": "steam",
		"wallet تافل": "", "ets": "toefl", "steampowered": "steam", "ازمون": "toefl",
	} {
		got := ""
		for _, service := range catalog.Search(services, query) {
			got += " " + service.Definition.Slug
		}
		if want != "" {
			want = " " + want
		}
		if got != want {
			t.Errorf("%q finds%s, want%s", query, got, want)
		}
	}
}
