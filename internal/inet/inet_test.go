package inet_test

import (
	"net/mail"
	"strings"
	"testing"
	"unicode"

	"pishkhan/internal/inet"
)

func TestReadEmail(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"sara@example.com":                       "sara@example.com",
		" Sara.M+shop@Example.co.ir ":            "Sara.M+shop@Example.co.ir",
		"sara۱۲@example.com":                     "sara12@example.com",
		"sara٣@example.com":                      "sara3@example.com",
		"\u200fsara@example.com\u200c":           "sara@example.com",
		"o'neil@xn--mgba3a4f16a.ir":              "o'neil@xn--mgba3a4f16a.ir",
		strings.Repeat("a", 64) + "@example.com": strings.Repeat("a", 64) + "@example.com",
	} {
		if got, ok := inet.ReadEmail(typed); !ok || got != want {
			t.Errorf("%q: %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{
		"", "sara", "@example.com", "sara@", "sara@localhost", "علی@example.com", "sara@مثال.com", "a@-x.com", "a@x-.com", "a@x..com",
		"a@192.0.2.1", "a@[192.0.2.1]", `"a b"@example.com`, "Sara <sara@example.com>", "a@example.com, b@example.com",
		"a@example.com\r\nBcc: b@example.com", ".a@example.com", "a..b@example.com", "a\xff@example.com", "a@example.com.",
		strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("abc.", 63) + "com",
	} {
		if got, ok := inet.ReadEmail(typed); ok {
			t.Errorf("%q is taken for %q", typed, got)
		}
	}
}

// What is accepted, net/mail reads as itself, is ASCII, and is read again as
// the same.
func FuzzReadEmail(f *testing.F) {
	for _, seed := range []string{"sara۱@example.com", "علی@example.com", "a@-x.com", "\u202bsara@example.com "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, ok := inet.ReadEmail(typed)
		if !ok {
			return
		}
		parsed, err := mail.ParseAddress(got)
		again, still := inet.ReadEmail(got)
		if err != nil || parsed.Address != got || !still || again != got ||
			strings.ContainsFunc(got, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) || r == ' ' }) {
			t.Errorf("%q is read as %q", typed, got)
		}
	})
}
