package i18n

import (
	"context"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"pishkhan/internal/jalali"
	"pishkhan/internal/money"
)

// sample puts words of its own beside the product's for one test.
func sample(t *testing.T, lang Lang, words map[string]string) {
	t.Helper()
	product := catalogs[lang]
	catalogs[lang] = words
	t.Cleanup(func() { catalogs[lang] = product })
}

func TestLangs(t *testing.T) {
	for code, want := range map[string]Lang{"fa": FA, "en": EN, " EN ": EN, "en-GB": EN, "fa-IR": FA} {
		if got, ok := ParseLang(code); !ok || got != want {
			t.Errorf("ParseLang(%q) = %q, %v", code, got, ok)
		}
	}
	for _, code := range []string{"", "de", "english", "-"} {
		if got, ok := ParseLang(code); ok || got != FA {
			t.Errorf("ParseLang(%q) = %q, %v", code, got, ok)
		}
	}
	if FA.Dir() != "rtl" || EN.Dir() != "ltr" || FA.Other() != EN || EN.Other() != FA {
		t.Error("the directions or the other languages are wrong")
	}
}

func TestTheLanguageOfAContext(t *testing.T) {
	ctx := context.Background()
	if got := T(ctx, "currency.USD"); got != "دلار آمریکا" {
		t.Errorf("without a choice: %q", got)
	}
	if got := T(WithLang(ctx, EN), "currency.USD"); got != "US dollar" {
		t.Errorf("in English: %q", got)
	}
	if got := T(ctx, "no.such.key", "n", 1); got != "no.such.key" {
		t.Errorf("a missing key shows as %q", got)
	}
}

func TestPlaceholders(t *testing.T) {
	type orderCount uint16
	at := time.Date(2026, 10, 5, 10, 35, 0, 0, time.UTC)
	words := map[string]string{"x": "<{v}>", "two": "{a}-{b}-{a}", "broken": "{a} {b", "plain": "plain", "inner": "inside"}
	sample(t, FA, words)
	words["unit.toman"], words["time.date_long"] = "{amount} تومان", "{day}، ساعت {clock}"
	words["unit.minute"] = "{n} دقیقه"
	for _, c := range []struct {
		value any
		want  string
	}{
		{1234, "<۱٬۲۳۴>"},
		{int64(-5), "<\u200E−۵>"},
		{orderCount(12), "<۱۲>"},
		{"A-12 {v}", "<A-12 {v}>"},
		{money.Rials(12_340_000), "<۱٬۲۳۴٬۰۰۰ تومان>"},
		{decimal.RequireFromString("2.5"), "<۲٫۵>"},
		{at, "<دوشنبه ۱۳ مهر ۱۴۰۵، ساعت ۱۴:۰۵>"},
		{45 * time.Minute, "<۴۵ دقیقه>"},
		{jalali.Date{Year: 1405, Month: 7, Day: 13}, "<۱۴۰۵/۰۷/۱۳>"},
		{Text{FA: "آیلتس", EN: "IELTS"}, "<آیلتس>"},
		{Key("inner"), "<inside>"},
		{nil, "<{v}>"},
	} {
		if got := FA.T("x", "v", c.value); got != c.want {
			t.Errorf("%#v shows as %q, want %q", c.value, got, c.want)
		}
	}
	if got := FA.T("two", "a", "1", "b", "2"); got != "1-2-1" {
		t.Errorf("two placeholders: %q", got)
	}
	if got := FA.T("broken", "a", "1"); got != "1 {b" {
		t.Errorf("an open brace: %q", got)
	}
	if got := FA.T("plain", "a"); got != "plain" {
		t.Errorf("a name without a value: %q", got)
	}
}

func TestPlurals(t *testing.T) {
	sample(t, EN, map[string]string{"orders.one": "one order", "orders.other": "{n} orders", "all": "all {n}"})
	sample(t, FA, map[string]string{"orders": "{n} سفارش"})
	for _, c := range []struct {
		lang Lang
		key  string
		n    any
		want string
	}{
		{EN, "orders", 1, "one order"},
		{EN, "orders", int64(1), "one order"},
		{EN, "orders", 0, "0 orders"},
		{EN, "orders", 1200, "1,200 orders"},
		{EN, "all", 1, "all 1"},
		{FA, "orders", 1, "۱ سفارش"},
		{FA, "orders", 12, "۱۲ سفارش"},
	} {
		if got := c.lang.T(c.key, "n", c.n); got != c.want {
			t.Errorf("%s %s of %v: %q, want %q", c.lang, c.key, c.n, got, c.want)
		}
	}
	if !EN.Has("orders") || !EN.Has("all") || EN.Has("order") {
		t.Error("Has is wrong about plain or counted keys")
	}
}

func TestText(t *testing.T) {
	both := Text{FA: "آزمون", EN: "Test"}
	if both.In(FA) != "آزمون" || both.In(EN) != "Test" {
		t.Error("a text is shown in the wrong language")
	}
	if (Text{FA: "آزمون"}).In(EN) != "آزمون" || (Text{EN: "Test"}).In(FA) != "Test" {
		t.Error("a text that lacks a language shows nothing")
	}
}

func BenchmarkT(b *testing.B) {
	for b.Loop() {
		FA.T("fault.internal", "id", "01J8Z")
	}
}
