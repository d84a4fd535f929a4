package iran_test

import (
	"regexp"
	"testing"

	"pishkhan/internal/iran"
)

// What a parser accepts has exactly the stored form, and is accepted again
// as it stands.
func FuzzParsers(f *testing.F) {
	for _, seed := range []string{
		"0012345679", "۰۹۱۲۳۴۵۶۷۸۹", "+98 912 345 6789", "IR820540102680020817909002", "6037-7016-8909-5443",
		"", "\u200C", "\xff", "1111111111",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if code, err := iran.ParseNationalCode(text); err == nil {
			stored(t, code.String(), `^\d{10}$`)
			if again, err := iran.ParseNationalCode(code.String()); err != nil || again != code {
				t.Fatalf("%q: again %q, %v", code, again, err)
			}
		}
		if number, err := iran.ParseMobile(text); err == nil {
			stored(t, number.String(), `^09\d{9}$`)
			if again, err := iran.ParseMobile(number.String()); err != nil || again != number {
				t.Fatalf("%q: again %q, %v", number, again, err)
			}
		}
		if sheba, err := iran.ParseSheba(text); err == nil {
			stored(t, sheba.String(), `^IR\d{24}$`)
		}
		if card, err := iran.ParseCard(text); err == nil {
			stored(t, card.First6+card.Last4, `^\d{10}$`)
		}
		iran.Fold(iran.MendText(text))
	})
}

func stored(t *testing.T, s, form string) {
	t.Helper()
	if !regexp.MustCompile(form).MatchString(s) {
		t.Fatalf("stored %q, which is not of the form %s", s, form)
	}
}
