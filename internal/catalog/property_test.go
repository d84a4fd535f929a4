package catalog_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pishkhan/internal/catalog"
	"pishkhan/internal/money"
)

// filledForm draws a form of the order definition as somebody may have filled
// it in: rows with gaps between their numbers, questions answered that are no
// longer asked. cents is what it has to add up to.
func filledForm(t *rapid.T) (values map[string]string, cents int64) {
	values = map[string]string{"page": "https://shop.example.com/", "amount_currency": "USD"}
	values["kind"] = rapid.SampledFrom([]string{"goods", "card"}).Draw(t, "kind")
	asked := values["kind"] == "goods"
	price := func(name string, counts bool, times int64) {
		c := rapid.Int64Range(0, 30000).Draw(t, name)
		values[name] = fmt.Sprintf("%d.%02d", c/100, c%100)
		if counts {
			cents += c * times
		}
	}
	numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, 50), 1, 3, rapid.ID).Draw(t, "rows")
	for _, n := range numbers {
		row := "items." + strconv.Itoa(n) + "."
		values[row+"link"] = "https://shop.example.com/" + strconv.Itoa(n)
		times := int64(1)
		if rapid.Bool().Draw(t, "counted") {
			times = rapid.Int64Range(0, 9).Draw(t, "count")
			values[row+"count"] = strconv.FormatInt(times, 10)
		}
		if rapid.Bool().Draw(t, "own size") {
			values[row+"size"], values[row+"length"] = "own", "3"
		} else {
			values[row+"length"] = "not asked"
		}
		price(row+"price", asked, times)
	}
	if rapid.Bool().Draw(t, "wrapped") {
		values["extras"], values["greeting"], values["courier_phone"] = "fast,wrap", "Hi", "09123456789"
	}
	if rapid.Bool().Draw(t, "birthday") {
		values["birthday"] = "۱۳۷۰/۱/۱۵"
	}
	if rapid.Bool().Draw(t, "shipped") {
		price("shipping", asked, 1)
	}
	price("face_value", !asked, 1)
	return values, cents
}

// What is kept is what was asked, numbered without gaps; the amount is the
// sum to the cent; and the answers, sent as a program would, are the same.
func TestWhateverIsFilledInAddsUp(t *testing.T) {
	d := orderForm(t)
	rapid.Check(t, func(r *rapid.T) {
		values, cents := filledForm(r)
		answers, err := d.Check(values, today)
		amount, readErr := d.ReadAmount(values)
		if cents < 500 || cents > 500000 {
			if err == nil || readErr == nil {
				r.Fatalf("%d cents were accepted", cents)
			}
			return
		}
		if err != nil || readErr != nil {
			r.Fatal(err, readErr)
		}
		if want := fmt.Sprintf("%d.%02d USD", cents/100, cents%100); answers.Amount.String() != want || amount.String() != want {
			r.Fatalf("%v and %v, want %s", answers.Amount, amount, want)
		}
		rows := map[string]bool{}
		for name := range answers.Open {
			if row, _, ok := strings.Cut(strings.TrimPrefix(name, "items."), "."); ok {
				rows[row] = true
			}
		}
		for n := 1; n <= len(rows); n++ {
			if !rows[strconv.Itoa(n)] {
				r.Fatalf("rows %v", slices.Collect(maps.Keys(rows)))
			}
		}
		if goods := values["kind"] == "goods"; goods != (len(rows) > 0) || goods == (answers.Open["face_value"] != "") {
			r.Fatalf("kept what was not asked: %v", answers.Open)
		}
		again, err := d.Values(d.Nested(answers.Open))
		if err != nil {
			r.Fatal(err)
		}
		twice, err := d.Check(again, today)
		if err != nil || !maps.Equal(answers.Open, twice.Open) {
			r.Fatalf("%v became %v, %v", answers.Open, twice.Open, err)
		}
	})
}

// Whatever is sent, under whatever names: answers or faults, and the amount
// by itself is what it is with all the rest.
func TestAnyFormIsAnswered(t *testing.T) {
	d := orderForm(t)
	names := []string{"page", "kind", "extras", "greeting", "courier_phone", "birthday", "shipping", "face_value", "invoice", "amount", "amount_currency"}
	for _, n := range []string{"1", "2", "3", "4", "17", "0", "-1", "1.1", "99999999999"} {
		for _, sub := range []string{"link", "price", "count", "size", "length", "colours", "needed", "latest", "note"} {
			names = append(names, "items."+n+"."+sub)
		}
	}
	answer := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"goods", "card", "wrap,fast", ",", "own", "std", "0", "12", "3.5", "2026-12-01", "https://shop.example.com/", "USD", "KWD", "x", "۱۴۰۵/۱/۱", "",
	}))
	rapid.Check(t, func(r *rapid.T) {
		values := rapid.MapOfN(rapid.SampledFrom(names), answer, 0, 40).Draw(r, "values")
		answers, err := d.Check(values, today)
		amount, readErr := d.ReadAmount(values)
		if err == nil && (readErr != nil || !amount.Equal(answers.Amount) || amount.Currency == money.Currency("")) {
			r.Fatalf("the amount %v is %v by itself, %v", answers.Amount, amount, readErr)
		}
		if err != nil {
			assertKnown(r, d, wrong(t, err), values)
		}
	})
}

// assertKnown demands that faults name the inputs of the form, of rows that
// were sent.
func assertKnown(r *rapid.T, d catalog.Definition, wrong, values map[string]string) {
	for input := range wrong {
		if !strings.Contains(input, ".") {
			continue
		}
		row := input[:strings.LastIndex(input, ".")+1]
		if !slices.ContainsFunc(slices.Collect(maps.Keys(values)), func(name string) bool { return strings.HasPrefix(name, row) }) {
			r.Fatalf("nobody sent %s", input)
		}
	}
}
