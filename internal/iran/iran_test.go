package iran_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pishkhan/internal/fault"
	"pishkhan/internal/iran"
)

func TestDigits(t *testing.T) {
	for in, want := range map[string]string{
		"0912 345-6789":                                 "09123456789",
		"۰۹۱۲۳۴۵۶۷۸۹":                                   "09123456789",
		"٠٩١٢٣٤٥٦٧٨٩":                                   "09123456789",
		"\u202A+98\u202C 912–345\u200C67\u206689\u2069": "+989123456789",
		"\u200E۱\u00A0۲\u2212۳\u200F":                   "123",
		"IR82 0540":                                     "IR820540",
		"۱۲a":                                           "12a",
		"":                                              "",
	} {
		if got := iran.Digits(in); got != want {
			t.Errorf("Digits(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPersianDigitsAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[0-9a-z/:]{0,20}`).Draw(t, "text")
		if got := iran.ASCIIDigits(iran.PersianDigits(s)); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestParseNationalCode(t *testing.T) {
	for in, want := range map[string]iran.NationalCode{
		"0012345679":   "0012345679",
		"0499370899":   "0499370899",
		"0084575948":   "0084575948",
		"7400076205":   "7400076205",
		"۰۰۱۲۳۴۵۶۷۹":   "0012345679",
		"001-234567-9": "0012345679",
		"1111111111":   "1111111111",
	} {
		got, err := iran.ParseNationalCode(in)
		if err != nil || got != want {
			t.Errorf("ParseNationalCode(%q) = %q, %v", in, got, err)
		}
		if got.NeedsReview() != (want == "1111111111") {
			t.Errorf("%q: NeedsReview = %v", in, got.NeedsReview())
		}
	}
	refused := []string{
		"0012345678", "", "12345679", "012345679", "00123456790", "001234567x", "001234567９",
		"0000000000", "2222222222", "3333333333", "4444444444", "5555555555",
		"6666666666", "7777777777", "8888888888", "9999999999",
	}
	for _, in := range refused {
		_, err := iran.ParseNationalCode(in)
		wantRefused(t, in, err, "iran.error.national_code")
	}
}

func TestParseImportedNationalCode(t *testing.T) {
	for in, want := range map[string]iran.NationalCode{
		"12345679":   "0012345679",
		"499370899":  "0499370899",
		"0012345679": "0012345679",
	} {
		if got, err := iran.ParseImportedNationalCode(in); err != nil || got != want {
			t.Errorf("ParseImportedNationalCode(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"2345679", "12345678", ""} {
		_, err := iran.ParseImportedNationalCode(in)
		wantRefused(t, in, err, "iran.error.national_code")
	}
}

// A wrong check digit is always caught.
func TestOneCheckDigitFitsNineDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nine := rapid.StringMatching(`[0-9]{9}`).Draw(t, "nine digits")
		var fitting []string
		for d := range 10 {
			code := nine + fmt.Sprint(d)
			if _, err := iran.ParseNationalCode(code); err == nil {
				fitting = append(fitting, code)
			}
		}
		repeated := strings.Count(nine, nine[:1]) == 9 && nine[0] != '1'
		if len(fitting) != 1 && !repeated {
			t.Fatalf("%s is completed by %v", nine, fitting)
		}
	})
}

func TestParseMobile(t *testing.T) {
	for _, in := range []string{
		"09123456789", "9123456789", "989123456789", "+989123456789", "00989123456789",
		"+98 912 345 6789", "۰۹۱۲۳۴۵۶۷۸۹", "٠٩١٢-٣٤٥-٦٧٨٩",
	} {
		if got, err := iran.ParseMobile(in); err != nil || got != "09123456789" {
			t.Errorf("ParseMobile(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "0912345678", "091234567890", "02188776655", "+9809123456789", "0912345678a", "8123456789", "+449123456789",
		"09123456789\n09123456780",
	} {
		_, err := iran.ParseMobile(in)
		wantRefused(t, in, err, "iran.error.mobile")
	}
}

func TestParseSheba(t *testing.T) {
	for in, want := range map[string]iran.Sheba{
		"IR820540102680020817909002":       "IR820540102680020817909002",
		"IR062960000000100324200001":       "IR062960000000100324200001",
		"ir82 0540 1026 8002 0817 9090 02": "IR820540102680020817909002",
		"IR۸۲۰۵۴۰۱۰۲۶۸۰۰۲۰۸۱۷۹۰۹۰۰۲":       "IR820540102680020817909002",
	} {
		if got, err := iran.ParseSheba(in); err != nil || got != want {
			t.Errorf("ParseSheba(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "IR", "820540102680020817909002", "IR820540102680020817909003", "IR8205401026800208179090020",
		"DE820540102680020817909002", "IR82054010268002081790900A",
	} {
		_, err := iran.ParseSheba(in)
		wantRefused(t, in, err, "iran.error.sheba")
	}
}

func TestParseCard(t *testing.T) {
	for in, want := range map[string]string{
		"6037701689095443":    "603770••••••5443",
		"5022-2910-7087-3466": "502229••••••3466",
		"۶۰۳۷۷۰۱۶۸۹۰۹۵۴۴۳":    "603770••••••5443",
	} {
		if got, err := iran.ParseCard(in); err != nil || got.String() != want {
			t.Errorf("ParseCard(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "6104337812345678", "603770168909544", "60377016890954430", "603770168909544a"} {
		_, err := iran.ParseCard(in)
		wantRefused(t, in, err, "iran.error.card")
	}
}

// Luhn catches every single wrong digit, and so must we.
func TestOneWrongDigitOfACardIsCaught(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		card := []byte("6037701689095443")
		i := rapid.IntRange(0, 15).Draw(t, "place")
		card[i] = '0' + (card[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "shift")))%10
		if _, err := iran.ParseCard(string(card)); err == nil {
			t.Fatalf("%s passed", card)
		}
	})
}

func TestIdentityStaysOutOfLogs(t *testing.T) {
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("seen",
		"code", iran.NationalCode("0012345679"),
		"mobile", iran.Mobile("09123456789"),
		"sheba", iran.Sheba("IR820540102680020817909002"))
	for _, secret := range []string{"0012345679", "09123456789", "820540102680020817909002"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log shows %s: %s", secret, log.String())
		}
	}
	if !strings.Contains(log.String(), "0912•••6789") {
		t.Errorf("the log does not show the masked mobile: %s", log.String())
	}
}

func wantRefused(t *testing.T, in string, err error, key string) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) || fault.Of(err).Key != key {
		t.Errorf("%q: got %v, want %s", in, err, key)
	}
}
