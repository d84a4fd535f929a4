package sample

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"pishkhan/internal/orders"
	"pishkhan/internal/pricing"
)

// Slugs are the services that Answers knows, one in each family.
var Slugs = []string{"ielts-registration", "hotel-booking", "steam-wallet", "amazon-basket"}

// Answers returns a right answer to every question of a service's form, as a
// browser would send it.
func Answers(slug string, now time.Time) map[string]string {
	day := func(days int) string { return now.AddDate(0, 0, days).Format("2006-01-02") }
	switch slug {
	case "ielts-registration":
		return map[string]string{
			"test_type": "academic", "delivery": "computer", "test_date": day(40), "city": "استانبول", "centre": "IDP Istanbul Sisli",
			"passport_name": "SARA AHMADI", "passport_number": "P12345678", "passport_expiry": day(1500),
			"payment_page": "https://my.ieltsessentials.com/pay/48213", "site_login": "sara.ahmadi", "site_password": "Kabutar-1405!",
			"amount": "235", "amount_currency": "GBP", "steps": "وارد حساب شوید، آزمون رزروشده را باز کنید و هزینه را بپردازید.",
		}
	case "hotel-booking":
		return map[string]string{
			"hotel": "Radisson Blu Sisli", "city": "استانبول", "check_in": day(20), "check_out": day(24), "room": "Double room, breakfast",
			"rooms": "1", "adults": "2", "guests": "REZA KARIMI\nMINA KARIMI", "guest_email": "reza.karimi@example.com",
			"cancellation": "free", "payment_page": "https://secure.booking.com/pay/773120",
			"amount": "412.50", "amount_currency": "EUR", "requests": "طبقه‌ی بالا",
		}
	case "steam-wallet":
		return map[string]string{
			"site_login": "arash_g", "site_password": "Gorbeh-77-sabz", "region": "tr", "steam_guard": "mobile",
			"guard_phone": "09120000071", "amount": "50", "amount_currency": "USD",
		}
	case "amazon-basket":
		return map[string]string{
			"marketplace": "amazon.ae", "payment_page": "https://www.amazon.ae/gp/cart/view.html", "items": "کتاب The Go Programming Language، یک جلد",
			"site_login": "leila.rad@example.com", "site_password": "Sanjab+Baran9", "otp_phone": "09120000072", "address_set": "set",
			"amount": "189", "amount_currency": "AED", "if_missing": "call",
		}
	}
	return nil
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
