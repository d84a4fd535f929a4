package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

// embedded returns the embedded service of that slug.
func embedded(t testing.TB, slug string) catalog.Definition {
	t.Helper()
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(defs, func(d catalog.Definition) bool { return d.Slug == slug })
	if i < 0 {
		t.Fatalf("no embedded service %s", slug)
	}
	return defs[i]
}

func TestEmbeddedServicesCoverEachFamily(t *testing.T) {
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[catalog.Family]int{}
	for _, d := range defs {
		seen[d.Family]++
	}
	for _, family := range catalog.Families {
		if seen[family] == 0 {
			t.Errorf("no service in the family %s", family)
		}
		for _, lang := range i18n.Langs() {
			if !lang.Has("family." + string(family)) {
				t.Errorf("the family %s has no name in %s", family, lang)
			}
		}
	}
}

func TestEmbeddedServicesAskWhatAnyOrderNeeds(t *testing.T) {
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range defs {
		types := map[catalog.Type]int{}
		for field := range d.Fields() {
			types[field.Type]++
			if field.Type == catalog.Secret && field.Help == (i18n.Text{}) {
				t.Errorf("%s: %s does not say how a password is kept", d.Slug, field.Name)
			}
		}
		for _, needed := range []catalog.Type{catalog.URL, catalog.Login, catalog.Secret, catalog.LongText} {
			if types[needed] == 0 {
				t.Errorf("%s asks for no %s", d.Slug, needed)
			}
		}
	}
}

// The letters of an Arabic keyboard look right and are not found again.
func TestEmbeddedPersianIsPersian(t *testing.T) {
	defs, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range defs {
		texts := []i18n.Text{d.Title, d.Summary, d.Guide}
		for _, group := range d.Groups {
			texts = append(texts, group.Title)
		}
		for field := range d.Fields() {
			texts = append(texts, field.Label, field.Help)
			for _, option := range field.Choices {
				texts = append(texts, option.Label)
			}
		}
		for _, text := range texts {
			if strings.ContainsAny(text.FA, "يىك") {
				t.Errorf("%s: Arabic letters in %q", d.Slug, text.FA)
			}
			if strings.ContainsFunc(text.EN, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
				t.Errorf("%s: Persian in %q", d.Slug, text.EN)
			}
		}
	}
}
