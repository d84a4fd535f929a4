package pricing_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"

	"pishkhan/internal/iran"
	"pishkhan/internal/pricing"
)

// FuzzReadNumber: whatever a feed says, a number that is read is not negative
// and of bearable size, and the same in any digits.
func FuzzReadNumber(f *testing.F) {
	for _, seed := range []string{"160000", "۱۶۰٬۰۰۰", "160,000.5", "1e5", "1e99", "-1", "1,60", "", " 12 ", "٫5", "1٫5", "0x10", "1e-99", "1.e3"} {
		f.Add(seed)
	}
	most := decimal.New(1, 120)
	f.Fuzz(func(t *testing.T, text string) {
		number, ok := pricing.ReadText(text)
		if !ok {
			return
		}
		if number.IsNegative() || number.GreaterThan(most) {
			t.Fatalf("%q is %s", text, number)
		}
		if persian, ok := pricing.ReadText(iran.PersianDigits(text)); !ok || !persian.Equal(number) {
			t.Fatalf("%q is %s, and %s in Persian digits", text, number, persian)
		}
		if plain, ok := pricing.ReadJSON(json.Number(number.String())); len(number.String()) < 15 && (!ok || !plain.Equal(number)) {
			t.Fatalf("%s is read as %s", number, plain)
		}
	})
}
