package catalog_test

import (
	"strings"
	"testing"
	"unicode"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

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
		if types[catalog.Secret] > types[catalog.Login] {
			t.Errorf("%s asks for a password without a login", d.Slug)
		}
		if types[catalog.LongText] == 0 {
			t.Errorf("%s has no room for what its customer wants to add", d.Slug)
		}
		if d.Keywords == (i18n.Text{}) {
			t.Errorf("%s cannot be found by other words", d.Slug)
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
		texts := []i18n.Text{d.Title, d.Summary, d.Keywords, d.Guide}
		for _, group := range d.Groups {
			texts = append(texts, group.Title)
		}
		for field := range d.Fields() {
			for _, field := range append(field.Fields, field) {
				texts = append(texts, field.Label, field.Help, field.RowTitle)
				for _, option := range field.Choices {
					texts = append(texts, option.Label)
				}
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
