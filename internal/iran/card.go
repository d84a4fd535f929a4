package iran

import "pishkhan/internal/fault"

// Card is what may be kept of a bank card's number: who issued it and its
// last digits. The whole number is checked and then forgotten.
type Card struct {
	First6, Last4 string
}

// ParseCard reads the 16 digits of a bank card and checks them (Luhn).
// Fault: Invalid (iran.error.card).
func ParseCard(text string) (Card, error) {
	digits := Digits(text)
	if !allDigits(digits, 16) || !luhn(digits) {
		return Card{}, fault.New(fault.Invalid, "iran.error.card")
	}
	return Card{First6: digits[:6], Last4: digits[12:]}, nil
}

// String returns the number with its middle hidden: "603770••••••5443".
func (c Card) String() string { return c.First6 + "••••••" + c.Last4 }

// luhn is the check of ISO/IEC 7812-1: every second digit from the right is
// doubled, the digits are added up, and the sum is a multiple of ten.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}
