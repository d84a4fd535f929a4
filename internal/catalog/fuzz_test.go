package catalog_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/i18n"
)

// What Check lets through can be kept and shown, and is let through again as
// it is; what it refuses it tells without repeating it.
func FuzzCheck(f *testing.F) {
	for input, value := range ielts() {
		f.Add(input, value)
	}
	for _, value := range []string{"javascript:alert(1)", "https://a.example/\x00", "‮٣٬٠٠٠", "\xff", "-1", "1e9", "۱۴۰۵/۱۲/۳۰"} {
		f.Add("payment_page", value)
		f.Add("amount", value)
		f.Add("test_date", value)
	}
	d := testdata(f, "ielts-registration")
	f.Fuzz(func(t *testing.T, input, value string) {
		answers, err := d.Check(with(ielts(), input, value), today)
		if err != nil {
			for name := range wrong(t, err) {
				if name != input && !(input == "test_date" && name == "passport_expiry") {
					t.Errorf("%s=%q: %s is called wrong", input, value, name)
				}
			}
			assertTold(t, err)
			return
		}
		for name, kept := range answers.Open {
			if !utf8.ValidString(kept) || strings.ContainsRune(kept, 0) {
				t.Errorf("%s: Postgres cannot keep %q", name, kept)
			}
		}
		if !strings.HasPrefix(strings.ToLower(answers.Open["payment_page"]), "http") {
			t.Errorf("an address %q", answers.Open["payment_page"])
		}
		d.Present(answers.Open, i18n.FA)
		again := with(answers.Open)
		for name, secret := range answers.Sealed {
			again[name] = secret
		}
		twice, err := d.Check(again, today)
		if err != nil {
			t.Fatalf("%s=%q: kept, then refused: %v", input, value, err)
		}
		if diff := cmp.Diff(answers.Open, twice.Open); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzRows fills in one input of any name: nothing breaks, what is let through
// comes back as it was, and what is refused is told.
func FuzzRows(f *testing.F) {
	for input, value := range goods() {
		f.Add(input, value, "extras", "wrap")
	}
	for _, input := range []string{"items.999999999.link", "items.-1.link", "items..link", "items.1.", "items", "items.3.price.x", "extras", "shipping"} {
		f.Add(input, "1", "kind", "card")
		f.Add(input, "9999999999999999999", "items.1.count", "999999999999999")
		f.Add(input, "wrap,,fast,wrap", "greeting", "\u202e")
	}
	d := orderForm(f)
	f.Fuzz(func(t *testing.T, input, value, other, second string) {
		values := with(goods(), input, value, other, second)
		answers, err := d.Check(values, today)
		if err != nil {
			wrong(t, err)
			assertTold(t, err)
			return
		}
		d.Present(answers.Open, i18n.EN)
		assertComesBack(t, d, answers)
		if limit, _ := d.Limit(answers.Amount.Currency); answers.Amount.Amount.GreaterThan(limit.Max) {
			t.Errorf("an amount of %v", answers.Amount)
		}
	})
}
