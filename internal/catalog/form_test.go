package catalog_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

// order is a definition with a field of every type, and questions that wait
// for others.
const order = `{
	"slug": "order", "family": "shopping", "identity": "document", "expected_minutes": 45, "budget_minutes": 90,
	"title": {"fa": "سفارش", "en": "Order"}, "summary": {"fa": "سفارش", "en": "Order"}, "guide": {"fa": "سفارش", "en": "Order"},
	"keywords": {"fa": "خرید", "en": "buy"},
	"site": {"field": "page"},
	"limits": [{"currency": "USD", "min": "5", "max": "5000"}, {"currency": "JPY", "min": "500", "max": "700000"}, {"currency": "KWD", "min": "1", "max": "1500"}],
	"groups": [
		{"title": {"fa": "خرید", "en": "Purchase"}, "fields": [
			{"name": "page", "type": "url", "required": true, "label": {"fa": "نشانی", "en": "Page"}, "placeholder": "https://shop.example.com/cart"},
			{"name": "kind", "type": "choice", "required": true, "label": {"fa": "نوع", "en": "Kind"}, "choices": [
				{"value": "goods", "label": {"fa": "کالا", "en": "Goods"}}, {"value": "card", "label": {"fa": "کارت", "en": "Card"}}]},
			{"name": "extras", "type": "choices", "label": {"fa": "افزوده‌ها", "en": "Extras"}, "shown_if": {"field": "kind", "in": ["goods"]}, "choices": [
				{"value": "wrap", "label": {"fa": "کادوپیچ", "en": "Gift wrap"}}, {"value": "fast", "label": {"fa": "پیک", "en": "Courier"}},
				{"value": "insured", "label": {"fa": "بیمه", "en": "Insurance"}}]},
			{"name": "greeting", "type": "text", "required": true, "label": {"fa": "پیام", "en": "Greeting"}, "shown_if": {"field": "extras", "in": ["wrap"]}},
			{"name": "courier_phone", "type": "phone", "required_with": "greeting", "label": {"fa": "تلفن", "en": "Phone"}},
			{"name": "birthday", "type": "date", "calendar": "jalali", "label": {"fa": "روز", "en": "Day"}, "from": "-100y", "until": "today"},
			{"name": "items", "type": "rows", "required": true, "max_rows": 3, "label": {"fa": "کالاها", "en": "Goods"}, "row_title": {"fa": "کالا", "en": "Item"},
				"shown_if": {"field": "kind", "in": ["goods"]}, "fields": [
				{"name": "link", "type": "url", "required": true, "label": {"fa": "نشانی", "en": "Link"}},
				{"name": "price", "type": "price", "required": true, "label": {"fa": "قیمت", "en": "Price"}, "placeholder": "12.50"},
				{"name": "count", "type": "number", "max": 99, "label": {"fa": "تعداد", "en": "Count"}},
				{"name": "size", "type": "choice", "label": {"fa": "اندازه", "en": "Size"}, "choices": [
					{"value": "std", "label": {"fa": "معمولی", "en": "Standard"}}, {"value": "own", "label": {"fa": "دلخواه", "en": "Own"}}]},
				{"name": "length", "type": "number", "required": true, "min": 1, "label": {"fa": "طول", "en": "Length"}, "shown_if": {"field": "size", "in": ["own"]}},
				{"name": "colours", "type": "choices", "label": {"fa": "رنگ", "en": "Colours"}, "choices": [
					{"value": "red", "label": {"fa": "سرخ", "en": "Red"}}, {"value": "blue", "label": {"fa": "آبی", "en": "Blue"}}]},
				{"name": "needed", "type": "date", "calendar": "gregorian", "label": {"fa": "از", "en": "From"}},
				{"name": "latest", "type": "date", "calendar": "gregorian", "after": "needed", "label": {"fa": "تا", "en": "Until"}},
				{"name": "note", "type": "longtext", "required_with": "latest", "label": {"fa": "توضیح", "en": "Note"}}]},
			{"name": "shipping", "type": "price", "label": {"fa": "ارسال", "en": "Shipping"}, "shown_if": {"field": "kind", "in": ["goods"]}},
			{"name": "face_value", "type": "price", "required": true, "label": {"fa": "ارزش", "en": "Value"}, "shown_if": {"field": "kind", "in": ["card"]}}]},
		{"title": {"fa": "مبلغ", "en": "Amount"}, "fields": [
			{"name": "invoice", "type": "file", "label": {"fa": "صورت‌حساب", "en": "Invoice"}},
			{"name": "login", "type": "login", "sealed": true, "label": {"fa": "نام", "en": "Login"}},
			{"name": "pass", "type": "secret", "sealed": true, "required_with": "login", "label": {"fa": "رمز", "en": "Password"}},
			{"name": "amount", "type": "amount", "required": true, "label": {"fa": "مبلغ", "en": "Amount"},
				"sum": {"rows": "items", "price": "price", "quantity": "count", "plus": ["shipping", "face_value"]}}]}
	]
}`

func orderForm(t testing.TB) catalog.Definition {
	t.Helper()
	d, err := catalog.Decode([]byte(order))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// goods are two of the three rows that the form takes.
func goods() map[string]string {
	return map[string]string{
		"page": "https://shop.example.com/", "kind": "goods", "amount_currency": "USD",
		"items.1.link": "https://shop.example.com/a", "items.1.price": "12.50", "items.1.count": "2",
		"items.2.link": "https://shop.example.com/b", "items.2.price": "0.99",
	}
}

func TestCheckNumbersRowsAnew(t *testing.T) {
	answers, err := orderForm(t).Check(with(goods(),
		"items.2.link", "", "items.2.price", " ‌ ", // a row that was emptied
		"items.7.link", "https://shop.example.com/c", "items.7.price", "۳٫۵", "items.7.count", "۰۳", "items.7.colours", "blue,,red",
		"items.7.size", "std", "items.7.length", "no longer asked",
		"items.12.length", "hidden from the beginning",
		"items.7.stranger", "x", "items.0.link", "x", "items.01.link", "x", "items.x.link", "x", "items.link", "x",
		"extras", ",insured, wrap,wrap", "greeting", "سلام", "courier_phone", "09123456789",
		"face_value", "999999 is not asked either",
	), today)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"page": "https://shop.example.com/", "kind": "goods", "extras": "wrap,insured", "greeting": "سلام", "courier_phone": "09123456789",
		"items.1.link": "https://shop.example.com/a", "items.1.price": "12.50", "items.1.count": "2",
		"items.2.link": "https://shop.example.com/c", "items.2.price": "3.50", "items.2.count": "3", "items.2.colours": "red,blue", "items.2.size": "std",
		"amount": "35.50", "amount_currency": "USD",
	}
	if diff := cmp.Diff(want, answers.Open); diff != "" {
		t.Error(diff)
	}
}

func TestCheckTellsWhatIsWrongInRowsAndRules(t *testing.T) {
	fourth := []string{"items.3.link", "https://shop.example.com/", "items.3.price", "1", "items.4.price", "1"}
	for name, c := range map[string]struct {
		pairs []string
		want  map[string]string
	}{
		"no rows": {[]string{"items.1.link", "", "items.1.price", "", "items.1.count", "", "items.2.link", "", "items.2.price", ""},
			map[string]string{"items": "catalog.error.required"}},
		"too many rows":       {fourth, map[string]string{"items": "catalog.error.rows_max"}},
		"a name as typed":     {[]string{"items.2.link", "", "items.2.price", "", "items.9.count", "2"}, map[string]string{"items.9.link": "catalog.error.required", "items.9.price": "catalog.error.required"}},
		"far row":             {[]string{"items.999999999.link", "x"}, map[string]string{"items.999999999.link": "catalog.error.url_scheme", "items.999999999.price": "catalog.error.required"}},
		"no such row":         {[]string{"items.9999999999.link", "x"}, nil},
		"shown, required":     {[]string{"items.1.size", "own"}, map[string]string{"items.1.length": "catalog.error.required"}},
		"shown, out of range": {[]string{"items.1.size", "own", "items.1.length", "0"}, map[string]string{"items.1.length": "catalog.error.number_min"}},
		"dates of a row": {[]string{"items.1.needed", "2026-12-01", "items.1.latest", "2026-12-01", "items.1.note", "x"},
			map[string]string{"items.1.latest": "catalog.error.date_after"}},
		"dates of two rows":     {[]string{"items.1.needed", "2026-12-02", "items.2.latest", "2026-12-01", "items.2.note", "x"}, nil},
		"required with, a row":  {[]string{"items.2.latest", "2026-12-01"}, map[string]string{"items.2.note": "catalog.error.required"}},
		"price of letters":      {[]string{"items.1.price", "ten"}, map[string]string{"items.1.price": "money.error.letters"}},
		"price below zero":      {[]string{"items.1.price", "-1"}, map[string]string{"items.1.price": "money.error.negative"}},
		"price of cents":        {[]string{"items.1.price", "1.005"}, map[string]string{"items.1.price": "money.error.decimals"}},
		"price of yen":          {[]string{"amount_currency", "JPY"}, map[string]string{"items.1.price": "money.error.decimals", "items.2.price": "money.error.decimals"}},
		"price for nothing":     {[]string{"items.1.price", "0"}, map[string]string{"amount": "catalog.error.amount_min"}},
		"price beyond numbers":  {[]string{"items.1.price", "9999999999"}, map[string]string{"items.1.price": "money.error.too_large"}},
		"quantity below zero":   {[]string{"items.1.count", "-1"}, map[string]string{"items.1.count": "catalog.error.number"}},
		"sum beyond the limit":  {[]string{"items.1.price", "2500.01"}, map[string]string{"amount": "catalog.error.amount_max"}},
		"sum far beyond":        {[]string{"items.1.price", "999999999.99", "items.1.count", "99"}, map[string]string{"amount": "catalog.error.amount_max"}},
		"currency":              {[]string{"amount_currency", "XXX"}, map[string]string{"amount_currency": "money.error.currency"}},
		"an option that is not": {[]string{"extras", "wrap,drop"}, map[string]string{"extras": "catalog.error.choice", "greeting": "catalog.error.required"}},
		"shown by several":      {[]string{"extras", "fast,wrap"}, map[string]string{"greeting": "catalog.error.required"}},
		"required with":         {[]string{"extras", "wrap", "greeting", "Hi"}, map[string]string{"courier_phone": "catalog.error.required"}},
		"hidden companion":      {[]string{"extras", "fast", "greeting", "Hi"}, nil},
		"rules hide rules":      {[]string{"kind", "card", "extras", "wrap", "face_value", "25", "items.1.price", "wrong"}, nil},
		"not a file":            {[]string{"invoice", "../etc"}, map[string]string{"invoice": "catalog.error.file"}},
		"not a number":          {[]string{"invoice", "0"}, map[string]string{"invoice": "catalog.error.file"}},
		"a huge number":         {[]string{"invoice", "99999999999999999999"}, map[string]string{"invoice": "catalog.error.file"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := orderForm(t).Check(with(goods(), c.pairs...), today)
			if c.want == nil {
				c.want = map[string]string{}
			}
			if diff := cmp.Diff(c.want, wrong(t, err)); diff != "" {
				t.Error(diff)
			}
			assertTold(t, err)
		})
	}
}

func TestTheSumIsExactInItsCurrency(t *testing.T) {
	d := orderForm(t)
	for _, c := range []struct {
		pairs []string
		want  string
	}{
		{nil, "25.99 USD"},
		{[]string{"shipping", "4.01"}, "30.00 USD"},
		{[]string{"items.2.count", "3", "items.1.count", "0"}, "" /* below the least */},
		{[]string{"items.2.price", "0.1", "items.2.count", "99"}, "34.90 USD"},
		{[]string{"amount_currency", "jpy", "items.1.price", "1200", "items.2.price", "99"}, "2499 JPY"},
		{[]string{"amount_currency", "KWD", "items.1.price", "1.005", "items.2.price", "0.001"}, "2.011 KWD"},
		{[]string{"kind", "card", "face_value", "50", "shipping", "9"}, "50.00 USD"},
	} {
		amount, err := d.ReadAmount(with(goods(), c.pairs...))
		if c.want == "" {
			if err == nil {
				t.Errorf("%v: %v", c.pairs, amount)
			}
			continue
		}
		if err != nil || amount.String() != c.want {
			t.Errorf("%v: %v, %v; want %s", c.pairs, amount, err, c.want)
		}
		answers, err := d.Check(with(goods(), c.pairs...), today)
		if err != nil || !answers.Amount.Equal(amount) || answers.Amount.String() != answers.Open["amount"]+" "+answers.Open["amount_currency"] {
			t.Errorf("%v: checked %v, %v", c.pairs, answers.Amount, err)
		}
	}
}

// What ten thousand rows would be is not worked out.
func TestFormsOfManyRowsCostLittle(t *testing.T) {
	d := orderForm(t)
	values := goods()
	for n := range 10_000 {
		values[fmt.Sprintf("items.%d.link", 1+n*7)] = strings.Repeat("x", 100)
	}
	_, err := d.Check(values, today)
	if diff := cmp.Diff(map[string]string{"items": "catalog.error.rows_max"}, wrong(t, err)); diff != "" {
		t.Error(diff)
	}
	if allocated := testing.AllocsPerRun(5, func() { d.Check(values, today) }); allocated > 500 {
		t.Errorf("%v allocations", allocated)
	}
}

func TestFilesAreListed(t *testing.T) {
	answers, err := orderForm(t).Check(with(goods(), "invoice", " ۴۲ "), today)
	if err != nil || answers.Open["invoice"] != "42" || len(answers.Files) != 1 || answers.Files[0] != 42 {
		t.Errorf("%q, %v, %v", answers.Open["invoice"], answers.Files, err)
	}
}

func TestPresentShowsRows(t *testing.T) {
	d := orderForm(t)
	answers, err := d.Check(with(goods(), "extras", "insured,wrap", "greeting", "سلام", "courier_phone", "09123456789", "invoice", "7"), today)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{}
	var items [][]catalog.Row
	for _, row := range d.Present(answers.Open, i18n.FA) {
		shown[row.Label] = row.Value
		if row.Field.Type == catalog.Rows {
			items = row.Items
		}
	}
	if shown["افزوده‌ها"] != "کادوپیچ، بیمه" || shown["صورت‌حساب"] != "7" || shown["مبلغ"] != i18n.FA.Foreign(answers.Amount) {
		t.Errorf("%v", shown)
	}
	if len(items) != 2 || len(items[0]) != 3 || len(items[1]) != 2 {
		t.Fatalf("%+v", items)
	}
	if row := items[0][2]; row.Label != "تعداد" || row.Value != "۲" {
		t.Errorf("%+v", row)
	}
	if row := items[1][1]; row.Label != "قیمت" || row.Value == "0.99" || !strings.Contains(row.Value, "۰٫۹۹") {
		t.Errorf("%+v", row)
	}
	if english := d.Present(answers.Open, i18n.EN); english[2].Value != "Gift wrap, Insurance" {
		t.Errorf("%+v", english[2])
	}
	if rows := d.Present(map[string]string{"items": "3", "items.2.link": "no first"}, i18n.EN); len(rows) != 0 {
		t.Errorf("%+v", rows)
	}
}

func TestRowNumbers(t *testing.T) {
	items := catalog.Field{}
	for field := range orderForm(t).Fields() {
		if field.Type == catalog.Rows {
			items = field
		}
	}
	values := maps.Clone(goods())
	values["items.3.note"], values["items.900.note"] = "  ", "x"
	if diff := cmp.Diff([]int{1, 2, 900}, items.RowNumbers(values)); diff != "" {
		t.Error(diff)
	}
}
