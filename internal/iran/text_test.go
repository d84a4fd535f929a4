package iran_test

import (
	"testing"

	"pgregory.net/rapid"

	"pishkhan/internal/iran"
)

func TestMendText(t *testing.T) {
	for in, want := range map[string]string{
		"علي":                  "علی",
		"مصطفى كاظمي":          "مصطفی کاظمی",
		"پلاک ۱۲ واحد ٣":       "پلاک 12 واحد 3",
		"می‌شود":               "می‌شود", // the half-space stays
		"آیینه، مؤسسه، رأی ةـ": "آیینه، مؤسسه، رأی ةـ",
		"  two  spaces ":       "  two  spaces ",
	} {
		if got := iran.MendText(in); got != want {
			t.Errorf("MendText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldedFormsMeet(t *testing.T) {
	for want, forms := range map[string][]string{
		"می شود":   {"می‌شود", "مي شود", "می  شود", " می\u00A0شود\n", "مـــی\u200Cشود"},
		"موسسه":    {"مؤسسه", "مُؤَسِّسه", "مؤسسة"},
		"ارایه":    {"آرایه", "أرايه", "ارائه", "إرایه", "ٱرایه", "ا\u0653رایه"},
		"اسراییل":  {"اسرائیل"},
		"رحمن":     {"رحم\u0670ن"},
		"ielts 12": {"IELTS ۱۲", "ielts ١٢", "\u200FIELTS\u200E 12"},
		"":         {"", "  ", "\u200C"},
	} {
		for _, form := range forms {
			if got := iran.Fold(form); got != want {
				t.Errorf("Fold(%q) = %q, want %q", form, got, want)
			}
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		once := iran.Fold(s)
		if twice := iran.Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, again %q", s, once, twice)
		}
		if mended := iran.Fold(iran.MendText(s)); mended != once {
			t.Fatalf("stored text folds to %q, typed text to %q", mended, once)
		}
	})
}
