package sample

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pishkhan/internal/jalali"
	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
)

// Slugs are services to order without much thought, one in each family.
var Slugs = []string{"ielts-registration", "hotel-booking", "steam-wallet", "amazon-basket"}

// answers holds a right answer to every question of each service's form, as
// a browser would send it. {+40d} stands for the day in forty days, and
// {j+40d} for the same day as Jalali; {file} for an uploaded PDF.
//
//go:embed answers/*.json
var answers embed.FS

// Upload stands for a file among Answers: who sends them uploads a PDF there.
const Upload = "{file}"

var inDays = regexp.MustCompile(`^\{(j?)([+-]\d+)d\}$`)

// Answers returns a right answer to every question of a service's form, as a
// browser would send it; nil for a service that it does not know.
func Answers(slug string, now time.Time) map[string]string {
	text, err := answers.ReadFile("answers/" + slug + ".json")
	if err != nil {
		return nil
	}
	var values map[string]string
	if err := json.Unmarshal(text, &values); err != nil {
		panic(fmt.Sprintf("sample answers for %s: %v", slug, err))
	}
	for name, value := range values {
		if m := inDays.FindStringSubmatch(value); m != nil {
			days, _ := strconv.Atoi(m[2])
			day := now.In(jalali.Tehran).AddDate(0, 0, days)
			values[name] = day.Format(time.DateOnly)
			if m[1] == "j" {
				values[name] = jalali.FromTime(day).String()
			}
		}
	}
	return values
}

// PDF returns a document of one page that says text, in ASCII letters.
func PDF(text string) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	safe := strings.NewReplacer("\\", "", "(", "", ")", "").Replace(text)
	stream := "BT /F1 18 Tf 40 100 Td (" + safe + ") Tj ET"
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return b.Bytes()
}

func quoteID(o orders.Order) pricing.QuoteID { return pricing.QuoteID(o.QuoteID) }
