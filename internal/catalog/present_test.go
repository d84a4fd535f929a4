package catalog_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/catalog"
	"pishkhan/internal/i18n"
)

func TestPresentShowsEachLanguageItsOwn(t *testing.T) {
	d := testdata(t, "ielts-registration")
	answers, err := d.Check(ielts(), today)
	if err != nil {
		t.Fatal(err)
	}
	rows := d.Present(answers.Open, i18n.FA)
	type row struct {
		Label, Value string
		LTR          bool
	}
	shown := map[string]row{}
	for _, r := range rows {
		shown[r.Field.Name] = row{r.Label, r.Value, r.LTR}
	}
	want := map[string]row{
		"test_type":       {"نوع آزمون", "آکادمیک", false},
		"test_date":       {"تاریخ آزمون", "2027-02-20", true},
		"amount":          {"مبلغ نهایی در صفحهٔ پرداخت", i18n.FA.Foreign(answers.Amount), false},
		"passport_number": {"شمارهٔ گذرنامه", "A12345678", true},
	}
	for name, w := range want {
		if diff := cmp.Diff(w, shown[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, sealed := range []string{"site_login", "site_password", "amount_currency"} {
		if _, ok := shown[sealed]; ok {
			t.Errorf("%s is a row", sealed)
		}
	}
	english := d.Present(answers.Open, i18n.EN)
	if english[0].Label != "Type of test" || english[0].Value != "Academic" {
		t.Errorf("in English: %+v", english[0])
	}
}

func TestPresentShowsJalaliDatesInTheReadersCalendar(t *testing.T) {
	d := testdata(t, "hotel-booking")
	i := slices.IndexFunc(d.Groups[0].Fields, func(f catalog.Field) bool { return f.Name == "check_in" })
	d.Groups[0].Fields[i].Calendar = catalog.Jalali
	answers, err := d.Check(with(hotel(), "check_in", "۱۴۰۵/۹/۲۹"), today)
	if err != nil {
		t.Fatal(err)
	}
	if answers.Open["check_in"] != "2026-12-20" {
		t.Fatalf("kept %q", answers.Open["check_in"])
	}
	for lang, want := range map[i18n.Lang]string{i18n.FA: "۱۴۰۵/۰۹/۲۹ (\u20662026-12-20\u2069)", i18n.EN: "2026-12-20"} {
		if row := d.Present(answers.Open, lang)[i]; row.Value != want || row.LTR {
			t.Errorf("%s: %+v", lang, row)
		}
	}
}

// A definition may have lost a choice, or an old answer be unreadable: the
// order still opens.
func TestPresentNeverFails(t *testing.T) {
	d := testdata(t, "hotel-booking")
	open := map[string]string{"cancellation": "gone", "rooms": "many", "check_in": "soon", "amount": "x", "amount_currency": "USD"}
	var values []string
	for _, row := range d.Present(open, i18n.FA) {
		values = append(values, row.Value)
	}
	if diff := cmp.Diff([]string{"soon", "many", "gone", "x USD"}, values); diff != "" {
		t.Error(diff)
	}
}
