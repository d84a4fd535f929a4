package receipts_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pishkhan/internal/receipts"
)

func TestCleanName(t *testing.T) {
	for name, want := range map[string]string{
		"invoice.pdf":                         "invoice.pdf",
		"رسید پرداخت ۱۴۰۴.pdf":                "رسید پرداخت ۱۴۰۴.pdf",
		"می\u200cخواهم.pdf":                   "می\u200cخواهم.pdf",
		"../../etc/passwd.pdf":                "passwd.pdf",
		`C:\Users\sara\scan.PDF`:              "scan.pdf",
		"%2e%2e%2fetc.pdf":                    "2e2e2fetc.pdf",
		"%252e%252e/%2e.pdf":                  "2e.pdf",
		"a\r\nSet-Cookie: x=1.pdf":            "aSet-Cookie x1.pdf",
		"a\x00b\x7f\u0085.pdf":                "ab.pdf",
		"\u202egpj.exe.pdf":                   "gpj.exe.pdf",
		"\u2066\u200fa\u061c\ufeff\u2069.pdf": "a.pdf",
		`"; filename="evil.html`:              " filenameevil.html.pdf"[1:],
		"<script>alert(1)</script>.pdf":       "script.pdf",
		"...hidden..pdf":                      "hidden.pdf",
		"photo.webp":                          "photo.pdf",
		"2025.03.04":                          "2025.03.04.pdf",
		".pdf":                                "pdf.pdf",
		"":                                    "receipt.pdf",
		"..":                                  "receipt.pdf",
		"/":                                   "receipt.pdf",
		"\xff\xfe.pdf":                        "pdf.pdf",
		strings.Repeat("رسید", 100) + ".pdf":  strings.Repeat("رسید", 100)[:150] + ".pdf",
		"x" + strings.Repeat("رسید", 100) + ".pdf": "x" + strings.Repeat("رسید", 100)[:148] + ".pdf",
	} {
		if got := receipts.CleanName(name, ".pdf"); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	for _, name := range []string{"a.pdf", "../a%2e.png", "رسید\u202e.webp", "a\r\nb", "..", "\xff", "a.pdf .pdf", "می\u200c.jpg"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := receipts.CleanName(name, ".png")
		stem, ok := strings.CutSuffix(got, ".png")
		if !ok || stem == "" || len(got) > 160 || !utf8.ValidString(got) {
			t.Fatalf("%q becomes %q", name, got)
		}
		if strings.ContainsAny(got, "/\\%\"'<>:;|?*\r\n\x00") || strings.Contains(got, "..") || strings.HasPrefix(got, ".") || strings.TrimSpace(got) != got {
			t.Fatalf("%q becomes %q", name, got)
		}
		for _, r := range got {
			if r != '\u200c' && unicode.In(r, unicode.C, unicode.Z) && r != ' ' {
				t.Fatalf("%q becomes %q, with %U", name, got, r)
			}
		}
		if again := receipts.CleanName(got, ".png"); again != got {
			t.Fatalf("%q becomes %q and then %q", name, got, again)
		}
	})
}
