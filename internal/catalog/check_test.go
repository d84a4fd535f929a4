package catalog_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/catalog"
	"pishkhan/internal/fault"
	"pishkhan/internal/i18n"
)

// testdata returns the definition of that slug in testdata: what the tests say
// of it stays true when the service on offer changes.
func testdata(t testing.TB, slug string) catalog.Definition {
	t.Helper()
	data, err := os.ReadFile("testdata/" + slug + ".json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := catalog.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// today is half past midnight of 5 October in Tehran, while it is still the
// fourth in UTC.
var today = time.Date(2026, 10, 4, 21, 0, 0, 0, time.UTC)

func ielts() map[string]string {
	return map[string]string{
		"test_type": "academic", "delivery": "computer", "test_date": "2027/02/20",
		"city": "ایروان", "centre": "IDP IELTS Yerevan",
		"passport_name": "Sara Mohammadi", "passport_number": "a12345678", "passport_expiry": "2030-05-14",
		"payment_page": "https://My.IELTS.example.org:8443/pay?id=1&t=x",
		"site_login":   " sara@example.com ", "site_password": "  p4ss ‌word ",
		"amount": "195.00", "amount_currency": "GBP", "steps": "پس از ورود، گزینهٔ Pay now را بزنید.",
	}
}

func hotel() map[string]string {
	return map[string]string{
		"hotel": "Hilton", "city": "Istanbul", "check_in": "2026/12/20", "check_out": "2026/12/24",
		"room": "Twin", "rooms": "1", "adults": "2", "guests": "SARA MOHAMMADI\r\n\r\n ALI  O’Hara ",
		"guest_email": "sara@example.com", "cancellation": "free",
		"payment_page": "https://www.booking.com/book", "amount": "412.5", "amount_currency": "EUR",
	}
}

// with returns a copy of values with some replaced.
func with(values map[string]string, pairs ...string) map[string]string {
	values = maps.Clone(values)
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return values
}

// wrong returns input → message key of a failed check.
func wrong(t testing.TB, err error) map[string]string {
	t.Helper()
	keys := map[string]string{}
	if err == nil {
		return keys
	}
	f := fault.Of(err)
	if f == nil || f.Kind != fault.Invalid {
		t.Fatalf("not an Invalid fault: %v", err)
	}
	for _, field := range f.Fields {
		keys[field.Name] = field.Key
	}
	return keys
}

func TestCheckKeepsAnswersInOneForm(t *testing.T) {
	answers, err := testdata(t, "ielts-registration").Check(with(ielts(),
		"test_date", "۲۰۲۷/۲/۲۰", "amount", "۱۹۵٫۵", "passport_number", "A۱۲۳ ۴۵۶-۷۸", "city", "  تهران   كاج ي ۲ ",
		"nobody_asked", "x",
	), today)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"test_type": "academic", "delivery": "computer", "test_date": "2027-02-20",
		"city": "تهران کاج ی 2", "centre": "IDP IELTS Yerevan",
		"passport_name": "Sara Mohammadi", "passport_number": "A12345678", "passport_expiry": "2030-05-14",
		"payment_page": "https://My.IELTS.example.org:8443/pay?id=1&t=x",
		"amount":       "195.50", "amount_currency": "GBP", "steps": "پس از ورود، گزینهٔ Pay now را بزنید.",
	}
	if diff := cmp.Diff(want, answers.Open); diff != "" {
		t.Error(diff)
	}
	sealed := map[string]string{"site_login": "sara@example.com", "site_password": "  p4ss ‌word "}
	if diff := cmp.Diff(sealed, map[string]string(answers.Sealed)); diff != "" {
		t.Error(diff)
	}
	if answers.Site != "my.ielts.example.org" || answers.Amount.String() != "195.50 GBP" {
		t.Errorf("site %q, amount %v", answers.Site, answers.Amount)
	}
}

func TestCheckTellsWhatIsWrong(t *testing.T) {
	mb := strings.Repeat("ب", 1<<19)
	for _, c := range []struct{ input, value, key string }{
		{"payment_page", "javascript:alert(1)", "catalog.error.url_scheme"},
		{"payment_page", "JavaScript://example.com/%0aalert(1)", "catalog.error.url_scheme"},
		{"payment_page", "data:text/html,x", "catalog.error.url_scheme"},
		{"payment_page", "//example.com/pay", "catalog.error.url_scheme"},
		{"payment_page", "www.example.com/pay", "catalog.error.url_scheme"},
		{"payment_page", "https:///pay", "catalog.error.url_host"},
		{"payment_page", "https://localhost/pay", "catalog.error.url_host"},
		{"payment_page", "http://127.0.0.1/pay", "catalog.error.url_host"},
		{"payment_page", "http://[::1]/pay", "catalog.error.url_host"},
		{"payment_page", "https://exаmple.com/pay", "catalog.error.url_host"}, // a Cyrillic а
		{"payment_page", "https://sara:secret@example.com/", "catalog.error.url_user"},
		{"payment_page", `https://good.example\@evil.example/`, "catalog.error.url"},
		{"payment_page", "https://example.com/a b", "catalog.error.url"},
		{"payment_page", "https://example.com/" + strings.Repeat("a", 2000), "catalog.error.too_long"},
		{"amount", "-195", "money.error.negative"},
		{"amount", "0", "money.error.zero"},
		{"amount", "1OO", "money.error.letters"},
		{"amount", "صد", "money.error.letters"},
		{"amount", "99999999999999999999", "money.error.too_large"},
		{"amount", "400.01", "catalog.error.amount_max"},
		{"amount", "49.99", "catalog.error.amount_min"},
		{"amount", "", "money.error.empty"},
		{"amount", mb, "money.error.too_large"},
		{"amount_currency", "", "money.error.currency"},
		{"amount_currency", "XXX", "money.error.currency"},
		{"amount_currency", "JPY", "money.error.currency"}, // in use, but not here
		{"test_date", "2026-10-04", "catalog.error.date_from"},
		{"test_date", "2028-10-06", "catalog.error.date_until"},
		{"test_date", "1405/12/01", "jalali.error.gregorian_range"},
		{"test_date", "2027-02-29", "jalali.error.no_such_day"},
		{"test_date", "soon", "jalali.error.format"},
		{"passport_expiry", "2027-02-20", "catalog.error.date_after"},
		{"passport_name", "سارا محمدی", "catalog.error.latin_name"},
		{"passport_name", "SARA 2", "catalog.error.latin_name"},
		{"passport_name", "S", "catalog.error.too_short"},
		{"passport_number", "12", "catalog.error.passport"},
		{"test_type", "drop table", "catalog.error.choice"},
		{"city", " ‌ ", "catalog.error.required"},
		{"city", mb, "catalog.error.too_long"},
		{"city", strings.Repeat("ب", 81), "catalog.error.too_long"},
		{"city", "a\x00b", "catalog.error.unreadable"},
		{"city", "a\xffb", "catalog.error.unreadable"},
		{"steps", mb, "catalog.error.too_long"},
		{"site_login", mb, "catalog.error.too_long"},
		{"site_password", mb, "catalog.error.too_long"},
		{"site_password", "", "catalog.error.required"},
		{"site_password", "a\nb", "catalog.error.unreadable"},
	} {
		t.Run(fmt.Sprintf("%s=%.20q", c.input, c.value), func(t *testing.T) {
			_, err := testdata(t, "ielts-registration").Check(with(ielts(), c.input, c.value), today)
			if diff := cmp.Diff(map[string]string{c.input: c.key}, wrong(t, err)); diff != "" {
				t.Error(diff)
			}
			assertTold(t, err)
		})
	}
}

// assertTold demands that each message exists and is filled, in both languages.
func assertTold(t testing.TB, err error) {
	t.Helper()
	f := fault.Of(err)
	if f == nil {
		return
	}
	for _, field := range f.Fields {
		for _, lang := range i18n.Langs() {
			told := lang.T(field.Key, field.Args...)
			if told == field.Key || strings.ContainsAny(told, "{}") {
				t.Errorf("%s: %q in %s", field.Key, told, lang)
			}
		}
	}
}

func TestCheckReportsEveryWrongInputAtOnce(t *testing.T) {
	_, err := testdata(t, "ielts-registration").Check(nil, today)
	keys := wrong(t, err)
	for field := range testdata(t, "ielts-registration").Fields() {
		if _, told := keys[field.Name]; field.Required != told {
			t.Errorf("%s: required %v, told %v", field.Name, field.Required, told)
		}
	}
}

func TestCheckHotel(t *testing.T) {
	d := testdata(t, "hotel-booking")
	answers, err := d.Check(hotel(), today)
	if err != nil {
		t.Fatal(err)
	}
	if got := answers.Open["guests"]; got != "SARA MOHAMMADI\nALI O'Hara" {
		t.Errorf("guests %q", got)
	}
	if len(answers.Sealed) != 0 || answers.Site != "www.booking.com" {
		t.Errorf("sealed %d, site %q", len(answers.Sealed), answers.Site)
	}
	for _, c := range []struct{ input, value, wrong, key string }{
		{"check_out", "2026/12/20", "check_out", "catalog.error.date_after"},
		{"site_login", "sara", "site_password", "catalog.error.required"},
		{"site_password", "sara", "site_login", "catalog.error.required"},
		{"rooms", "0", "rooms", "catalog.error.number_min"},
		{"rooms", "10", "rooms", "catalog.error.number_max"},
		{"rooms", "-1", "rooms", "catalog.error.number"},
		{"rooms", "1.5", "rooms", "catalog.error.number"},
		{"rooms", "two", "rooms", "catalog.error.number"},
		{"guest_email", "sara@مثال.com", "guest_email", "catalog.error.email"},
		{"guest_email", "sara@localhost", "guest_email", "catalog.error.email"},
		{"guest_email", "Sara <sara@example.com>", "guest_email", "catalog.error.email"},
		{"guest_email", "a@example.com\r\nBcc: b@example.com", "guest_email", "catalog.error.unreadable"},
		{"guest_phone", "12345", "guest_phone", "catalog.error.phone"},
		{"guests", "SARA\nسارا", "guests", "catalog.error.latin_name"},
	} {
		_, err := d.Check(with(hotel(), c.input, c.value), today)
		if diff := cmp.Diff(map[string]string{c.wrong: c.key}, wrong(t, err)); diff != "" {
			t.Errorf("%s=%q: %s", c.input, c.value, diff)
		}
		assertTold(t, err)
	}
}

func TestCheckPhones(t *testing.T) {
	d := testdata(t, "hotel-booking")
	for typed, kept := range map[string]string{
		"۰۹۱۲ ۳۴۵ ۶۷۸۹":      "09123456789",
		"+98 912 345 6789":   "09123456789",
		"+44 (20) 7946-0018": "+442079460018",
		"0044 20 7946 0018":  "+442079460018",
		"021-88 77 66 55":    "+982188776655",
	} {
		answers, err := d.Check(with(hotel(), "guest_phone", typed), today)
		if err != nil || answers.Open["guest_phone"] != kept {
			t.Errorf("%s: %q, %v", typed, answers.Open["guest_phone"], err)
		}
	}
}

func TestCheckHoldsAddressesToTheirHosts(t *testing.T) {
	d := testdata(t, "steam-wallet")
	values := map[string]string{
		"site_login": "gamer", "site_password": "x", "region": "tr", "steam_guard": "mobile",
		"guard_phone": "09123456789", "amount": "50", "amount_currency": "usd",
	}
	for address, ok := range map[string]bool{
		"https://steamcommunity.com/id/sara":          true,
		"https://www.SteamCommunity.com/id/sara":      true,
		"https://steamcommunity.com.evil.example/id":  false,
		"https://notsteamcommunity.com/id":            false,
		"https://evil.example/?x=steamcommunity.com/": false,
	} {
		answers, err := d.Check(with(values, "profile", address), today)
		if (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
		if ok && answers.Site != "store.steampowered.com" {
			t.Errorf("site %q", answers.Site)
		}
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	answers, err := testdata(t, "ielts-registration").Check(with(ielts(), "site_password", "hunter2"), today)
	if err != nil {
		t.Fatal(err)
	}
	marshalled, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	_, err = testdata(t, "ielts-registration").Check(with(ielts(), "site_password", "hunter2\x01"), today)
	for _, shown := range []string{
		fmt.Sprint(answers), fmt.Sprintf("%+v %#v %s %q", answers, answers, answers.Sealed, answers.Sealed),
		string(marshalled), fmt.Sprintf("%v %+v", err, fault.Of(err)),
	} {
		if strings.Contains(shown, "hunter2") {
			t.Errorf("a password in %s", shown)
		}
	}
}

func TestAServiceOfOneCurrencyNeedsNoneTyped(t *testing.T) {
	d := testdata(t, "steam-wallet")
	d.Limits = d.Limits[:1]
	amount, err := d.ReadAmount(map[string]string{"amount": "۵۰"})
	if err != nil || amount.String() != "50.00 USD" {
		t.Errorf("%v, %v", amount, err)
	}
	_, err = d.ReadAmount(map[string]string{"amount": "0", "amount_currency": "XXX"})
	want := map[string]string{"amount": "money.error.zero", "amount_currency": "money.error.currency"}
	if diff := cmp.Diff(want, wrong(t, err)); diff != "" {
		t.Error(diff)
	}
}
