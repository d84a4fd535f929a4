package pricing_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
	"pishkhan/internal/money"
	"pishkhan/internal/pricing"
)

// small is a tariff with one of everything that faults are made in.
const small = `{
	"fees": [
		{"services": ["steam-wallet"], "currencies": ["TRY"], "steps": [{"from_rials": 0, "fixed_rials": 10, "percent": "7"}], "min_rials": 20},
		{"services": ["steam-wallet", "xbox"], "steps": [{"from_rials": 0, "fixed_rials": 0, "percent": "1"}], "min_rials": 0},
		{"families": ["travel"], "min_rials": 0,
			"steps": [{"from_rials": 0, "fixed_rials": 0, "percent": "4"}, {"from_rials": 100, "fixed_rials": 0, "percent": "3"}],
			"costs": [{"name": {"fa": "بانک", "en": "Bank"}, "rials": 100}, {"name": {"fa": "کارت", "en": "Card"}, "percent": "2.5"}]},
		{"steps": [{"from_rials": 0, "fixed_rials": 0, "percent": "5"}], "min_rials": 30}
	],
	"bulk": [{"from": 3, "percent": "5"}, {"from": 10, "percent": "10"}],
	"club": {"period_days": 365, "tiers": [
		{"key": "silver", "name": {"fa": "نقره‌ای", "en": "Silver"}, "orders": 5, "fees_rials": 100, "percent": "5"},
		{"key": "gold", "name": {"fa": "طلایی", "en": "Gold"}, "orders": 15, "percent": "10"},
		{"key": "black", "name": {"fa": "سیاه", "en": "Black"}, "orders": 20, "fees_rials": 200, "percent": "10"}
	]}
}`

func TestDecodeTariffTellsWhereItIsWrong(t *testing.T) {
	if _, err := pricing.DecodeTariff([]byte(small)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ was, is, path, key string }{
		{`"bulk": [`, `"bulks": [], "bulk": [`, "/bulks", "unknown_member"},
		{`"bulk": [`, `"Bulk": [`, "/Bulk", "unknown_member"},
		{`"from": 3,`, `"from": 3, "from": 3,`, "/bulk/0/from", "syntax"},
		{`"from": 3,`, `"from": "3",`, "/bulk/0/from", "type"},
		{`"from": 3,`, `"from": 1,`, "/bulk/0/from", "bulk_from"},
		{`"from": 3,`, `"from": 10,`, "/bulk/1/from", "ascending"},
		{`"from": 3, "percent": "5"`, `"from": 3, "percent": "10.01"`, "/bulk/1/percent", "gives_less"},
		{`"from": 3, "percent": "5"`, `"from": 3, "percent": "-5"`, "/bulk/0/percent", "percent"},
		{`"percent": "7"`, `"percent": "100.1"`, "/fees/0/steps/0/percent", "percent"},
		{`"percent": "7"`, `"percent": "1e999999999"`, "/fees/0/steps/0/percent", "percent"},
		{`"percent": "7"`, `"percent": "1e-999999999"`, "/fees/0/steps/0/percent", "percent"},
		{`"percent": "7"`, `"percent": "seven"`, "/fees/0/steps/0/percent", "type"},
		{`"fixed_rials": 10`, `"fixed_rials": 15`, "/fees/0/steps/0/fixed_rials", "rials"},
		{`"fixed_rials": 10`, `"fixed_rials": -10`, "/fees/0/steps/0/fixed_rials", "rials"},
		{`"fixed_rials": 10`, `"fixed_rials": 9000000000000010`, "/fees/0/steps/0/fixed_rials", "rials"},
		{`"min_rials": 20`, `"min_rials": -20`, "/fees/0/min_rials", "rials"},
		{`"from_rials": 100`, `"from_rials": 0`, "/fees/2/steps/1/from_rials", "ascending"},
		{`"steps": [{"from_rials": 0, "fixed_rials": 10`, `"steps": [{"from_rials": 10, "fixed_rials": 10`, "/fees/0/steps/0/from_rials", "first_step"},
		{`"steps": [{"from_rials": 0, "fixed_rials": 10, "percent": "7"}]`, `"steps": []`, "/fees/0/steps", "missing"},
		{`"services": ["steam-wallet"]`, `"services": ["Steam"]`, "/fees/0/services/0", "slug"},
		{`"families": ["travel"]`, `"families": ["food"]`, "/fees/2/families/0", "unknown_value"},
		{`"families": ["travel"]`, `"families": ["travel"], "services": ["x"]`, "/fees/2/families", "either"},
		{`"currencies": ["TRY"]`, `"currencies": ["TRL"]`, "/fees/0/currencies/0", "unknown_value"},
		{`"currencies": ["TRY"]`, `"currencies": ["TRY", "TRY"]`, "/fees/0/currencies/1", "duplicate"},
		{`"currencies": ["TRY"], `, ``, "/fees/1/services/0", "covered"},
		{`["steam-wallet", "xbox"]`, `["xbox", "steam-wallet", "xbox"]`, "/fees/1/services/2", "duplicate"},
		{`"services": ["steam-wallet", "xbox"], `, ``, "/fees/2/families/0", "covered"},
		{`"services": ["steam-wallet", "xbox"], `, ``, "/fees/3", "covered"},
		{`{"steps": [{"from_rials": 0, "fixed_rials": 0, "percent": "5"}]`, `{"currencies": ["USD"], "steps": [{"from_rials": 0, "fixed_rials": 0, "percent": "5"}]`, "/fees/3", "last_rule"},
		{`"rials": 100}`, `"rials": 0}`, "/fees/2/costs/0", "cost"},
		{`"rials": 100}`, `"rials": 100, "percent": "1"}`, "/fees/2/costs/0", "cost"},
		{`"en": "Card"`, `"en": " "`, "/fees/2/costs/1/name/en", "missing"},
		{`"period_days": 365`, `"period_days": 0`, "/club/period_days", "range"},
		{`"key": "gold"`, `"key": "silver"`, "/club/tiers/1/key", "duplicate"},
		{`"key": "gold"`, `"key": ""`, "/club/tiers/1/key", "slug"},
		{`"orders": 15, `, ``, "/club/tiers/1", "tier_reached"},
		{`"orders": 15, `, `"orders": 5, `, "/club/tiers/1/orders", "ascending"},
		{`"orders": 15, `, `"orders": -1, `, "/club/tiers/1/orders", "range"},
		{`"fees_rials": 200`, `"fees_rials": 100`, "/club/tiers/2/fees_rials", "ascending"},
		{`"orders": 15, "percent": "10"`, `"orders": 15, "percent": "4"`, "/club/tiers/1/percent", "gives_less"},
		{`"fa": "طلایی"`, `"fa": ""`, "/club/tiers/1/name/fa", "missing"},
	} {
		broken := strings.Replace(small, c.was, c.is, 1)
		if broken == small {
			t.Fatalf("%s is not in the sample", c.was)
		}
		_, err := pricing.DecodeTariff([]byte(broken))
		if got := wrongKeys(t, err)[c.path]; got != "pricing.tariff."+c.key {
			t.Errorf("%s → %s: want %s at %s, got %v", c.was, c.is, c.key, c.path, err)
		}
	}
	for _, none := range []string{``, `{}`, `[]`, `{"fees": []}`, `nonsense`} {
		if _, err := pricing.DecodeTariff([]byte(none)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", none, err)
		}
	}
}

// wrongKeys are the message keys of an Invalid fault, by path; each has words.
func wrongKeys(t testing.TB, err error) map[string]string {
	t.Helper()
	keys := map[string]string{}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		t.Errorf("not Invalid: %v", err)
		return keys
	}
	for _, field := range f.Fields {
		keys[field.Name] = field.Key
		for _, lang := range i18n.Langs() {
			if !lang.Has(field.Key) {
				t.Errorf("no words for %s in %s", field.Key, lang)
			}
		}
	}
	return keys
}

// The first rule that fits counts, wherever it stands and whatever it names.
func TestTheFirstRuleThatFitsCounts(t *testing.T) {
	const one = `"steps": [{"from_rials": 0, "fixed_rials": 0, "percent": "1"}], "min_rials": 0}`
	tariff, err := pricing.DecodeTariff([]byte(`{"fees": [
		{"currencies": ["CNY"], ` + one + `,
		{"services": ["steam"], "currencies": ["USD", "EUR"], ` + one + `,
		{"families": ["games"], "currencies": ["USD", "GBP"], ` + one + `,
		{"services": ["steam", "xbox"], ` + one + `,
		{"families": ["games", "travel"], ` + one + `,
		{` + one + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		slug     string
		family   catalog.Family
		currency money.Currency
		rule     int
	}{
		{"steam", catalog.Games, "CNY", 0}, {"amazon", catalog.Shopping, "CNY", 0},
		{"steam", catalog.Games, "USD", 1}, {"steam", catalog.Games, "EUR", 1},
		{"steam", catalog.Games, "GBP", 2}, {"xbox", catalog.Games, "USD", 2}, {"other", catalog.Games, "GBP", 2},
		{"steam", catalog.Games, "AED", 3}, {"xbox", catalog.Games, "AED", 3}, {"xbox", catalog.Shopping, "USD", 3},
		{"other", catalog.Games, "AED", 4}, {"flight", catalog.Travel, "USD", 4},
		{"amazon", catalog.Shopping, "USD", 5}, {"gre", catalog.Education, "USD", 5},
	} {
		amount := money.Foreign{Amount: decimal.New(1, 0), Currency: c.currency}
		in, err := tariff.Inputs(catalog.Definition{Slug: c.slug, Family: c.family}, amount, 10, pricing.Alone)
		if err != nil || in.Rule != c.rule {
			t.Errorf("%s in %s: rule %d, %v, want %d", c.slug, c.currency, in.Rule, err, c.rule)
		}
	}
}

// A tariff that decodes is whole: written and read it says the same, and any
// order has a price under it.
func FuzzDecodeTariff(f *testing.F) {
	hand, err := os.ReadFile("testdata/tariff.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(small), "steam-wallet", int64(100), 1)
	f.Add(hand, "hotel-booking", int64(1_000_000), 50)
	f.Fuzz(func(t *testing.T, data []byte, slug string, cents int64, orders int) {
		tariff, err := pricing.DecodeTariff(data)
		if err != nil {
			wrongKeys(t, err)
			return
		}
		text, err := tariff.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := pricing.DecodeTariff(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		same := []cmp.Option{cmpopts.IgnoreUnexported(pricing.Tariff{}), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(tariff, again, same...); diff != "" {
			t.Fatal(diff)
		}
		amount := money.Foreign{Amount: decimal.New(cents&0xFFFFFFFF+1, -2), Currency: money.USD}
		c := pricing.Circumstances{Orders: orders, Tier: "gold"}
		in, err := tariff.Inputs(catalog.Definition{Slug: slug, Family: catalog.Games}, amount, 1_620_000, c)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pricing.Compute(in, amount, 1_620_000)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		if err == nil && (lines.Fees() < in.MinRials || lines.Total()%10_000 != 0) {
			t.Fatalf("%+v makes %+v", in, lines)
		}
	})
}
